import { readFile, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { type AttemptFiles, attemptFiles } from '../../../src/journal/folders.ts';
import { AttemptRecorder } from '../../../src/supervisor/attempt/recorder.ts';
import { createRedactor } from '../../../src/text/redact.ts';
import { temporaryFolder } from '../../harness/temporary.ts';
import { transcript } from '../../viewer/run-folder.ts';

const AT = '2026-11-21T10:00:00.000Z';
const SECRET = 'made-up-secret-0123456789';

async function makeFiles(): Promise<AttemptFiles> {
  return attemptFiles(await temporaryFolder(), { iteration: 1, attempt: 1 });
}

function open(files: AttemptFiles): AttemptRecorder {
  return new AttemptRecorder({ files, sessionId: null, redact: createRedactor([SECRET]) });
}

/** In pieces of so many bytes, as streams come. */
function write(recorder: AttemptRecorder, bytes: Buffer, pieceBytes: number): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    recorder.write({ stream: 'stdout', bytes: bytes.subarray(at, at + pieceBytes) }, AT);
  }
}

function line(text: string): Buffer {
  const message = { role: 'assistant', model: 'm', content: [{ type: 'text', text }] };
  return Buffer.from(`${JSON.stringify({ type: 'assistant', session_id: 's', parent_tool_use_id: null, message })}\n`);
}

const withoutTimes = (text: string) => text.replace(/^.{8} /gm, '');

describe('the raw file', () => {
  test('has every byte, whatever the bytes are, and nobody else reads it', async () => {
    const files = await makeFiles();
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0x00, 0x0a, 0x80]),
      await transcript('unicode'),
      Buffer.from('{"cut'),
    ]);
    const recorder = open(files);
    write(recorder, bytes, 7);
    recorder.write({ stream: 'stderr', bytes: Buffer.from('oops') }, AT);
    expect(recorder.offsets).toEqual({ stdout: bytes.length, stderr: 4 });
    recorder.end(AT);
    expect((await readFile(files.raw)).equals(bytes)).toBe(true);
    expect(await readFile(files.stderr, 'utf8')).toBe('oops');
    for (const path of [files.raw, files.stderr, files.log]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('goes on where it stopped; the digest is that of the whole', async () => {
    const files = await makeFiles();
    const bytes = await transcript('subagent');
    const half = bytes.length >> 1;
    const first = open(files);
    write(first, bytes.subarray(0, half), 1_000);
    const second = open(files);
    expect(second.offsets).toEqual({ stdout: half, stderr: 0 });
    write(second, bytes.subarray(half), 1_000);
    second.end(AT);
    expect((await readFile(files.raw)).equals(bytes)).toBe(true);
    const { spend, toolCalls, messages, subagents } = digestOf(bytes);
    expect(second.digest).toMatchObject({ spend, toolCalls, messages, subagents, result: { isError: false } });
    expect(second.snapshot().offset).toBe(bytes.length);
  });

  test('that lost its end on a full disk goes on behind what is there', async () => {
    const files = await makeFiles();
    const first = open(files);
    write(first, Buffer.from('0123456789'), 10);
    await truncate(files.raw, 4);
    expect(open(files).offsets.stdout).toBe(4);
  });
});

describe('the file for people', () => {
  test.each(['tools', 'subagent', 'thinking', 'unicode', 'auto-compact'])(
    'written again after a death, it is the one that was written live (%s)',
    async (name) => {
      const files = await makeFiles();
      const bytes = await transcript(name);
      const live = open(files);
      write(live, bytes, 333);
      live.end(AT);
      const before = await readFile(files.log, 'utf8');
      open(files).end(AT);
      const after = await readFile(files.log, 'utf8');
      expect(before).not.toBe('');
      expect(withoutTimes(after)).toBe(withoutTimes(before));
    },
  );

  test('has neither secrets nor anything that a terminal would obey; the raw one is as it was', async () => {
    const files = await makeFiles();
    const recorder = open(files);
    const hostile = line(
      `key ${SECRET} and sk-ant-api03-madeupmadeup\u001b]52;c;AAAA\u0007\u001b[2J\u202egnp.exe\rover`,
    );
    recorder.write({ stream: 'stdout', bytes: hostile }, AT);
    recorder.end(AT);
    const log = await readFile(files.log, 'utf8');
    expect(log).toContain('key [redacted] and [redacted]');
    expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect((await readFile(files.raw)).equals(hostile)).toBe(true);
  });

  test('reads what stands behind the last line end', async () => {
    const files = await makeFiles();
    const recorder = open(files);
    recorder.write({ stream: 'stdout', bytes: line('the last word').subarray(0, -1) }, AT);
    expect(await readFile(files.log, 'utf8')).toBe('');
    recorder.end(AT);
    expect(await readFile(files.log, 'utf8')).toMatch(/text +the last word\n$/);
  });
});

describe('samples', () => {
  test('tell how much output there was at their time, so that every byte has one', async () => {
    const files = await makeFiles();
    const recorder = open(files);
    const vitals = { at: AT, memoryBytes: 5, limitBytes: null, cpuPercent: 1, processes: 2 };
    recorder.sample(vitals);
    write(recorder, Buffer.from('12345'), 5);
    recorder.sample(vitals);
    const lines = (await readFile(files.vitals, 'utf8')).trimEnd().split('\n');
    expect(lines.map((text) => JSON.parse(text))).toEqual([
      { ...vitals, outputBytes: 0 },
      { ...vitals, outputBytes: 5 },
    ]);
    expect((await stat(files.vitals)).mode & 0o777).toBe(0o600);
  });
});

test('a disk that is full takes a line as a whole or not at all', async () => {
  const files = await makeFiles();
  // A limit on file sizes behaves like a full disk: a part is written, then an error. XFSZ would end the process.
  const program = join(import.meta.dirname, 'record-until-full.ts');
  const shell = `trap '' XFSZ; ulimit -f 8; exec "$0" "$1" "$2"`;
  const { stdout } = await execa('bash', ['-c', shell, process.execPath, program, dirname(files.raw)]);
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ lines: expect.any(Number), again: false, short: true });
  const raw = await readFile(files.raw, 'utf8');
  expect(raw).toHaveLength(said.stdout);
  const whole = raw.trimEnd().split('\n');
  expect(whole).toHaveLength(said.lines + 1);
  for (const line of whole) expect(() => JSON.parse(line)).not.toThrow();
});

test('lines for people that a full disk has cut stand there whole, and once, when there is space again', async () => {
  const files = await makeFiles();
  const program = join(import.meta.dirname, 'log-until-full.ts');
  const shell = `trap '' XFSZ; ulimit -S -f 8; exec "$0" "$1" "$2"`;
  const { stdout } = await execa('bash', ['-c', shell, process.execPath, program, dirname(files.raw)]);
  expect(JSON.parse(stdout)).toEqual({ cutAtBytes: expect.any(Number) });
  const live = await readFile(files.log, 'utf8');
  open(files).end(AT);
  expect(withoutTimes(live)).toBe(withoutTimes(await readFile(files.log, 'utf8')));
});
