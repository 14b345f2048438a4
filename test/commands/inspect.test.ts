import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/text/width.ts';
import { readTranscript, transcriptNames } from '../agent/transcripts.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { Desk, type Typed } from './typed.ts';

const TRANSCRIPTS = join(import.meta.dirname, '../fixtures/transcripts');

let desk: Desk;
beforeEach(async () => {
  // Anywhere will do: logs have nothing to do with a repository.
  const folder = await temporaryFolder();
  desk = new Desk(folder, folder);
});

const inspect = (...argv: string[]): Promise<Typed> => desk.type(['inspect', ...argv]);

async function json(...argv: string[]) {
  const { stdout, stderr, exitCode } = await inspect(...argv, '--json');
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return JSON.parse(stdout);
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(desk.repository, name);
  await writeFile(path, content);
  return path;
}

const recorded = (name: string) => join(TRANSCRIPTS, `${name}.jsonl`);

describe('as JSON', () => {
  test('everything that scripts want of an attempt', async () => {
    expect(await json(recorded('subagent'), '--exit-code', '0')).toEqual({
      file: recorded('subagent'),
      outcome: {
        kind: 'completed',
        message: 'completed with 2 tool calls, $0.02',
        resetsAt: null,
        counted: true,
      },
      costUsd: expect.closeTo(0.02415, 5),
      costBasis: 'reported',
      tokens: { input: 4250, output: 230, cacheRead: 31_000, cacheWrite: 4_100 },
      models: {
        'claude-sonnet-5-5': {
          tokens: { input: 4250, output: 230, cacheRead: 31_000, cacheWrite: 4_100 },
          costUsd: expect.closeTo(0.02415, 5),
        },
      },
      agent: {
        sessionId: '31b078ca-b5ed-4dc0-bbba-26649729eb53',
        version: '2.1.329',
        model: 'claude-sonnet-5-5',
      },
      toolCalls: 2,
      subagents: 1,
      apiRetries: 0,
      lastText: 'The subagent found nothing.',
      lastTool: 'Bash',
      skippedLines: 0,
    });
  });

  test.each(transcriptNames())('%s: the same keys in the same order', async (name) => {
    const { exit } = readTranscript(name);
    const flags = exit.oomKilled ? ['--oom-killed'] : [];
    const read = await json(recorded(name), '--exit-code', String(exit.code), ...flags);
    expect(Object.keys(read)).toEqual([
      'file',
      'outcome',
      'costUsd',
      'costBasis',
      'tokens',
      'models',
      'agent',
      'toolCalls',
      'subagents',
      'apiRetries',
      'lastText',
      'lastTool',
      'skippedLines',
    ]);
    expect(Object.keys(read.outcome)).toEqual(['kind', 'message', 'resetsAt', 'counted']);
  });

  test('an attempt that was killed is estimated', async () => {
    const read = await json(recorded('sigkill-mid-stream'), '--exit-code', '137');
    expect(read).toMatchObject({ outcome: { kind: 'killed', counted: false }, costBasis: 'estimated' });
  });

  test('several files, and their total', async () => {
    const { stdout } = await inspect(recorded('tools'), recorded('sub-mid-run'), '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ file }) => file)).toEqual([recorded('tools'), recorded('sub-mid-run'), undefined]);
    expect(lines[2].total).toMatchObject({
      files: 2,
      outcomes: { completed: 1, usage_limit: 1 },
      costUsd: expect.closeTo(0.0776),
      costBasis: 'reported',
      tokens: { input: 9600, output: 640, cacheRead: 120_000, cacheWrite: 16_000 },
      models: { 'claude-sonnet-5-5': { costUsd: expect.closeTo(0.0776) } },
      toolCalls: 10,
    });
  });
});

describe('what is known beside the log', () => {
  test.each<[string, string[], string, string]>([
    ['docker-mem-96m', ['--exit-code', '137', '--oom-killed'], 'oom', '(exit 137)'],
    ['docker-mem-96m', ['--exit-code', '137'], 'killed', '(exit 137)'],
    ['docker-mem-96m', ['--oom-killed'], 'oom', 'over its memory limit'],
    ['docker-oomchild-512m', ['--oom-killed'], 'completed', 'a tool was killed for memory'],
    ['sigterm-in-tool', ['--exit-code', '143'], 'interrupted', 'SIGTERM'],
    ['sigterm-in-tool', ['--exit-code', '143', '--stopped'], 'stopped', 'stopped by you'],
    ['sigterm-in-tool', [], 'crashed', 'exit code unknown'],
    ['text', [], 'completed', 'completed with 0 tool calls'],
    ['text', ['--exit-code', '1'], 'crashed', 'crashed behind its result'],
    ['sub-5h-first', [], 'usage_limit', '2026-11-21 09:48:35 UTC'],
    ['sigint-mid-stream', [], 'interrupted', 'interrupted from outside'],
    [
      'empty-prompt',
      ['--exit-code', '1', '--stderr', join(TRANSCRIPTS, 'empty-prompt.stderr')],
      'config',
      'Input must be',
    ],
    ['empty-prompt', ['--stderr', join(TRANSCRIPTS, 'empty-prompt.stderr')], 'config', 'Input must be'],
    ['empty-prompt', ['--exit-code', '127'], 'config', 'its program was not found'],
    ['empty-prompt', ['--exit-code', '1'], 'crashed', 'before its first word'],
    ['empty-prompt', [], 'crashed', 'exit code unknown'],
    ['limit-with-subagent', [], 'usage_limit', "You've hit your 5-hour limit"],
    ['resume-unknown', ['--exit-code', '1'], 'config', 'No conversation found'],
    ['resume-unknown', [], 'config', 'No conversation found'],
  ])('%s %j is %s', async (name, flags, kind, says) => {
    const { outcome } = await json(recorded(name), ...flags);
    expect(outcome.kind).toBe(kind);
    expect(outcome.message).toContain(says);
  });

  test('the reset is counted from the last message’s time, else from the file’s', async () => {
    const text = "You've hit your session limit · resets 5am (UTC)";
    const synthetic = {
      type: 'assistant',
      session_id: 's',
      error: 'rate_limit',
      message: { model: '<synthetic>', content: [{ type: 'text', text }] },
    };
    const result = { type: 'result', subtype: 'success', is_error: true, session_id: 's', result: text };
    const lines = (more: object) => `${JSON.stringify({ ...synthetic, ...more })}\n${JSON.stringify(result)}\n`;
    const old = await write('old.jsonl', lines({}));
    const changed = new Date('2026-03-01T04:30:00Z');
    await utimes(old, changed, changed);
    expect((await json(old)).outcome.resetsAt).toBe('2026-03-01T05:00:00.000Z');
    const newer = await write('new.jsonl', lines({ timestamp: '2026-03-07T06:00:00.000Z' }));
    await utimes(newer, changed, changed);
    expect((await json(newer)).outcome.resetsAt).toBe('2026-03-08T05:00:00.000Z');
  });

  test('belongs to one file', async () => {
    const { stderr, exitCode } = await inspect(recorded('text'), recorded('tools'), '--exit-code', '1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('give one file');
  });

  test.each([
    ['--exit-code', 'x'],
    ['--exit-code', '256'],
    ['--exit-code', '-1'],
    ['--stderr', '/nowhere/at/all'],
  ])('%s %s is refused', async (flag, value) => {
    const { stderr, stdout, exitCode } = await inspect(recorded('text'), flag, value);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^ralph-tui: --(exit-code|stderr): .+\n$/);
  });
});

describe('for people', () => {
  test('a few lines that fit', async () => {
    const { stdout } = await inspect(recorded('limit-org-spend-cap'));
    expect(stdout).toContain('⏸ usage_limit · usage limit until 2026-11-21 13:15:47 UTC');
    expect(stdout).toContain('claude-sonnet-5-5 · claude 2.1.329');
    for (const name of transcriptNames()) {
      const { stdout: text } = await desk.type(['inspect', `${name}.jsonl`], { cwd: TRANSCRIPTS });
      for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    }
  });

  test('a folder: its logs in the order of their numbers, and a total; nothing else in it is read', async () => {
    const folder = join(desk.repository, 'logs');
    await mkdir(folder);
    for (const [number, name] of [
      ['10', 'sub-mid-run'],
      ['2.2', 'text'],
      ['2.10', 'text'],
      ['2', 'tools'],
      ['1', 'text'],
    ] as const) {
      await copyFile(recorded(name), join(folder, `iteration-${number}.log.raw`));
    }
    await writeFile(join(folder, 'iteration-1.log'), 'for people');
    await writeFile(join(folder, 'tools.meta.json'), '{}');
    const { stdout, exitCode } = await inspect('logs');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('logs/'))).toEqual([
      'logs/iteration-1.log.raw',
      'logs/iteration-2.log.raw',
      'logs/iteration-2.2.log.raw',
      'logs/iteration-2.10.log.raw',
      'logs/iteration-10.log.raw',
    ]);
    expect(stdout).toContain('total: 5 logs · 4 completed · 1 usage_limit');
  });

  test('what the agent wrote cannot paint the screen', async () => {
    const line = {
      type: 'assistant',
      session_id: 's',
      message: {
        id: 'm',
        model: 'x',
        content: [
          { type: 'text', text: '\x1b[2J\x1b]0;x\x07sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789\r\nend' },
        ],
      },
    };
    const path = await write('hostile.raw', `${JSON.stringify(line)}\n`);
    const { stdout } = await inspect(path);
    expect(stdout).not.toMatch(/\x1b|sk-ant-api03/);
    expect((await json(path)).lastText).not.toMatch(/\x1b|sk-ant-api03/);
  });
});

describe('what is no sound stream', () => {
  const TOOLS = Buffer.from(readTranscript('tools').bytes);
  const SAID = { role: 'assistant', model: 'x', content: [{ type: 'text', text: 'Done.' }] };

  test.each<[string, Uint8Array, object]>([
    [
      'a last line that is cut',
      TOOLS.subarray(0, TOOLS.length - 200),
      { skippedLines: 1, outcome: { kind: 'crashed' } },
    ],
    ['cut in its first line', TOOLS.subarray(0, 300), { skippedLines: 1, outcome: { kind: 'crashed' } }],
    ['NUL bytes at its end', Buffer.concat([TOOLS, Buffer.alloc(4096)]), { outcome: { kind: 'completed' } }],
    [
      'lines that are no JSON',
      Buffer.concat([Buffer.from('Warning: x\n'), TOOLS]),
      { skippedLines: 1, outcome: { kind: 'completed' } },
    ],
    [
      'invalid UTF-8',
      Buffer.concat([TOOLS.subarray(0, 2810), Buffer.from([0xff, 0xfe, 0x0a]), TOOLS]),
      { outcome: { kind: 'completed' } },
    ],
    [
      'unknown types',
      Buffer.concat([Buffer.from('{"type":"new_thing","session_id":"4cd8d0ee-6ccd-46d6-b7e4-fdd24e0ad9f5"}\n'), TOOLS]),
      { skippedLines: 0, outcome: { kind: 'completed' } },
    ],
    ['an empty file', new Uint8Array(0), { outcome: { kind: 'crashed' } }],
    ['cut behind its first bytes', TOOLS.subarray(0, 5), { skippedLines: 1, outcome: { kind: 'crashed' } }],
    ['nothing but NUL bytes', new Uint8Array(5000), { skippedLines: 1, outcome: { kind: 'crashed' } }],
    [
      'a byte order mark in front',
      Buffer.concat([Buffer.from('\ufeff'), TOOLS]),
      { skippedLines: 0, agent: { version: '2.1.329' }, outcome: { kind: 'completed' } },
    ],
    [
      'line ends with carriage returns',
      Buffer.from(TOOLS.toString().replaceAll('\n', '\r\n')),
      { skippedLines: 0, toolCalls: 8, outcome: { kind: 'completed' } },
    ],
    [
      'what --output-format json prints at the end',
      Buffer.from(`[${TOOLS.toString().trim().replaceAll('\n', ',')}]\n`),
      { costUsd: 0.0582, toolCalls: 8, skippedLines: 0, outcome: { kind: 'completed' } },
    ],
    [
      'a second session behind the first',
      Buffer.concat([TOOLS, readTranscript('sub-5h-first').bytes]),
      { costUsd: 0.0582, toolCalls: 8, skippedLines: 0, outcome: { kind: 'usage_limit' } },
    ],
  ])('%s is read', async (_name, bytes, expected) => {
    expect(await json(await write('log.raw', bytes))).toMatchObject(expected);
  });

  test.each<[string, string | Uint8Array]>([
    ['prose', '# Read me\n\nA file.\n'],
    ['another JSON', JSON.stringify({ name: 'x', type: 'module' }, null, 2)],
    ['another JSON on one line', '{"name":"x","type":"module"}\n'],
    [
      'the agent’s own record of a session',
      `${JSON.stringify({ type: 'assistant', sessionId: 's', message: SAID })}\n`.repeat(3),
    ],
    ['a compressed log', gzipSync(TOOLS)],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3])],
  ])('%s is refused', async (_name, content) => {
    const { stdout, stderr, exitCode } = await inspect(await write('file', content), '--json');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^ralph-tui: .*file: no output of claude .+\n$/);
  });

  test('a compressed log: what helps is told', async () => {
    const { stderr } = await inspect(await write('log.raw.gz', gzipSync(TOOLS)));
    expect(stderr).toContain('log.raw.gz: no output of claude --output-format stream-json; unpack it first\n');
  });

  test('one of several: the others are read all the same', async () => {
    const { stdout, stderr, exitCode } = await inspect('nowhere', recorded('text'), '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^ralph-tui: nowhere: .*no such file.*\n$/);
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  });

  test('a folder: other folders in it are no logs, whatever their names; a file that is none is told', async () => {
    const folder = join(desk.repository, 'logs');
    await mkdir(join(folder, 'old.jsonl'), { recursive: true });
    await copyFile(recorded('text'), join(folder, 'iteration-1.log.raw'));
    await writeFile(join(folder, 'notes.raw'), 'notes');
    const { stdout, stderr, exitCode } = await inspect('logs', '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^ralph-tui: logs\/notes.raw: no output of claude .+\n$/);
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  });

  test('a folder without logs', async () => {
    const { stderr, exitCode } = await inspect('.');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no log in it');
  });
});
