import { describe, expect, test } from 'vitest';
import { emptyDigest } from '../../src/agent/digest.ts';
import { type Evidence, judge } from '../../src/agent/outcome.ts';
import { digestOf } from '../../src/agent/stream-reader.ts';
import type { OutcomeKind } from '../../src/core/outcome.ts';
import { type Exit, SECRETS_MISSING } from '../../src/core/sandbox.ts';
import { bytesOf, CLEAN_EXIT, readTranscript, transcriptNames } from './transcripts.ts';

type Given = Partial<Omit<Evidence, 'exit'>> & { readonly exit?: Partial<Exit> | null };

function judged({ exit, ...evidence }: Given) {
  const base = { digest: emptyDigest(), stderrTail: '', ourAction: null, startFailed: null };
  return judge({ ...base, exit: exit === null ? null : { ...CLEAN_EXIT, ...exit }, ...evidence });
}

function judgedTranscript(name: string, given: Given = {}) {
  const { bytes, stderr, exit } = readTranscript(name);
  return judged({ digest: digestOf(bytes), stderrTail: stderr, ...given, exit: { ...exit, ...given.exit } });
}

/** What each recorded run is, and a part of the message. */
const TRANSCRIPTS: readonly (readonly [string, OutcomeKind, string])[] = [
  ['401', 'crashed', 'Invalid API key · Fix external API key (HTTP 401)'],
  ['429-api-key', 'crashed', 'rate limit of 40,000 input tokens per minute. (HTTP 429)'],
  ['429-then-ok', 'completed', 'completed with 0 tool calls, $0.01'],
  ['529', 'crashed', '529 Overloaded'],
  ['529-then-ok', 'completed', 'completed'],
  ['529.v2.1.197', 'crashed', '529 Overloaded'],
  ['auto-compact', 'completed', '2 tool calls, $0.13'],
  ['bad-flag', 'config', "error: unknown option '--no-such-flag' (exit 1)"],
  ['bash-background', 'completed', '1 tool call, $0.03'],
  ['billing', 'crashed', 'Credit balance is too low'],
  ['docker-kill-in-tool', 'killed', 'while it ran Bash `tail -f /dev/null`'],
  ['docker-mem-96m', 'oom', 'over its memory limit'],
  ['docker-oomchild-512m', 'completed', 'a tool was killed for memory'],
  ['docker-stop-in-tool', 'interrupted', 'SIGTERM'],
  ['empty-prompt', 'config', 'Input must be provided'],
  ['hooks', 'completed', '8 tool calls'],
  ['huge-output', 'completed', '3 tool calls, $0.53'],
  ['legacy-limit-text', 'crashed', 'usage limit reached'],
  ['max-budget', 'crashed', 'error_max_budget_usd: Reached maximum budget ($0.1)'],
  ['max-turns', 'crashed', 'error_max_turns: Reached maximum number of turns (3)'],
  ['mentions-limit', 'completed', '1 tool call'],
  ['network-down-max-retries-2', 'crashed', 'Connection refused'],
  ['no-auth', 'crashed', 'Not logged in'],
  ['partial-messages', 'completed', '8 tool calls'],
  ['prompt-too-long', 'crashed', 'Prompt is too long'],
  ['refusal', 'crashed', 'safeguards flagged this message'],
  ['root-no-sandbox', 'config', 'cannot be used with root/sudo privileges'],
  ['sighup-in-tool', 'interrupted', 'SIGHUP'],
  ['sigint-in-tool.v2.1.197', 'interrupted', 'interrupted from outside after 1 tool call (exit 1)'],
  ['sigint-mid-stream', 'interrupted', 'interrupted from outside before its first tool call (exit 0)'],
  ['sigkill-mid-stream', 'killed', 'without a sign of a memory kill'],
  ['sigterm-in-tool', 'interrupted', 'SIGTERM'],
  ['stdout-closed', 'crashed', 'without a result after 44 tool calls, while it ran Bash `echo step` (exit 1)'],
  ['sub-5h-first', 'crashed', "You've hit your 5-hour limit · resets 9:48am (UTC) (HTTP 429)"],
  ['sub-5h-first.v2.1.197', 'crashed', "You've hit your session limit"],
  ['sub-mid-run', 'crashed', "You've hit your 5-hour limit"],
  ['sub-mid-run.v2.1.197', 'crashed', "You've hit your session limit"],
  ['sub-ok', 'completed', 'completed'],
  ['sub-overage', 'completed', 'completed'],
  ['subagent', 'completed', '2 tool calls'],
  ['subagent-background', 'completed', '2 tool calls'],
  ['subagent.v2.1.197', 'completed', '2 tool calls'],
  ['text', 'completed', '0 tool calls'],
  ['text.v2.1.197', 'completed', '0 tool calls'],
  ['thinking', 'completed', '1 tool call'],
  ['todo-enabled', 'completed', '2 tool calls'],
  ['tools', 'completed', '8 tool calls, $0.06'],
  ['tools.v2.1.197', 'completed', '8 tool calls, $0.10'],
  ['tz-berlin', 'crashed', 'Europe/Berlin'],
  ['unicode', 'completed', '1 tool call'],
];

test('the table has every transcript', () => {
  expect(TRANSCRIPTS.map(([name]) => name).sort()).toEqual(transcriptNames().sort());
});

test.each(TRANSCRIPTS)('%s is %s: %s', (name, kind, part) => {
  const outcome = judgedTranscript(name);
  expect(outcome).toMatchObject({ kind, resetsAt: null });
  expect(outcome.message).toContain(part);
  expect(outcome.message).not.toMatch(/[\n\r\x1b]/);
});

describe('what we did explains the end', () => {
  test.each(transcriptNames())('%s, stopped by a person, is stopped', (name) => {
    expect(judgedTranscript(name, { ourAction: { kind: 'stop', by: 'person' } }).kind).toBe('stopped');
  });

  test('a memory kill at the same moment changes nothing', () => {
    const outcome = judgedTranscript('docker-mem-96m', { ourAction: { kind: 'kill', by: 'person' } });
    expect(outcome).toMatchObject({ kind: 'stopped', message: 'killed by you before its first tool call' });
  });

  test('the supervisor stops what is done and held by background tasks: judged by its result', () => {
    const supervisor = { ourAction: { kind: 'stop', by: 'supervisor' }, exit: { code: 143 } } as const;
    expect(judgedTranscript('text', supervisor).kind).toBe('completed');
    expect(judgedTranscript('sigterm-in-tool', supervisor)).toMatchObject({
      kind: 'interrupted',
      message: 'stopped by the supervisor after 1 tool call',
    });
    expect(judgedTranscript('401', supervisor).kind).toBe('interrupted');
  });
});

describe('exit 137', () => {
  test.each<[string, Partial<Exit>, OutcomeKind]>([
    ['with the memory flag', { oomKilled: true }, 'oom'],
    ['with counted memory kills', { oomKillCount: 2 }, 'oom'],
    ['with a count of none', { oomKillCount: 0 }, 'killed'],
    [
      'with the flag of an earlier kill, then killed through the engine',
      { oomKilled: true, killEventSeen: true },
      'killed',
    ],
    ['while the engine was away', { daemonGap: true }, 'infra'],
    ['while the engine was away, with the flag all the same', { daemonGap: true, oomKilled: true }, 'oom'],
    ['without anything', {}, 'killed'],
  ])('%s', (_name, exit, kind) => {
    expect(judgedTranscript('docker-kill-in-tool', { exit: { killEventSeen: false, ...exit, code: 137 } }).kind).toBe(
      kind,
    );
  });

  test('a memory kill says what ran', () => {
    const outcome = judgedTranscript('docker-kill-in-tool', {
      exit: { oomKilled: true, oomKillCount: 2, killEventSeen: false },
    });
    expect(outcome.message).toBe(
      'over its memory limit after 1 tool call, while it ran Bash `tail -f /dev/null`, 2 processes killed (exit 137)',
    );
  });
});

describe('other ends', () => {
  test.each<[string, Given, OutcomeKind, string]>([
    ['nobody knows the code', { exit: { code: null, daemonGap: true } }, 'infra', 'exit code'],
    ['the sandbox never was', { exit: null }, 'infra', 'the sandbox is gone'],
    ['143 with a hole in the evidence', { exit: { code: 143, daemonGap: true } }, 'infra', 'the engine went away'],
    ['1 with a hole in the evidence', { exit: { code: 1, daemonGap: true } }, 'crashed', 'exit 1'],
    ['130', { exit: { code: 130 } }, 'interrupted', 'SIGINT'],
    [
      'the command cannot start',
      { exit: { code: 128, startError: 'exec: no such file' } },
      'config',
      'exec: no such file',
    ],
    [
      'the supervisor died before it handed the login over',
      { exit: { code: 126, startError: `cannot start: ${SECRETS_MISSING}` } },
      'infra',
      'the supervisor died',
    ],
    [
      '127',
      { exit: { code: 127 }, stderrTail: 'sh: claude: not found\n' },
      'config',
      'sh: claude: not found (exit 127)',
    ],
    ['126 without a word', { exit: { code: 126 } }, 'config', 'its program cannot be run (exit 126)'],
    ['1 without a word', { exit: { code: 1 } }, 'crashed', 'crashed without a result before its first word (exit 1)'],
    ['2 with a reason', { exit: { code: 2 }, stderrTail: 'bad' }, 'crashed', 'bad'],
    ['0 without a word', { exit: { code: 0 } }, 'crashed', 'ended without a result'],
    ['139', { exit: { code: 139 } }, 'crashed', 'segmentation fault, exit 139'],
    [
      '134 with the reason last',
      {
        exit: { code: 134 },
        stderrTail: '<--- Last few GCs --->\n\nFATAL ERROR: JavaScript heap out of memory\n\n----\n',
      },
      'crashed',
      'aborted, SIGABRT, exit 134): FATAL ERROR: JavaScript heap out of memory',
    ],
  ])('%s', (_name, given, kind, part) => {
    const outcome = judged(given);
    expect(outcome.kind).toBe(kind);
    expect(outcome.message).toContain(part);
  });

  test('126 and 127 of an agent that had worked are crashes', () => {
    expect(judgedTranscript('sigkill-mid-stream', { exit: { code: 127 } }).kind).toBe('crashed');
  });

  test.each([
    ['engine_away', 'infra'],
    ['name_taken', 'infra'],
    ['not_found', 'infra'],
    ['start_failed', 'config'],
    ['workspace', 'config'],
  ] as const)('could not start, %s', (code, kind) => {
    const outcome = judged({ exit: null, startFailed: { code, message: 'no such image' } });
    expect(outcome).toEqual({ kind, message: 'could not start: no such image', resetsAt: null });
  });

  test('a start that failed because a person stopped it', () => {
    const startFailed = { code: 'start_failed', message: 'x' } as const;
    expect(judged({ exit: null, startFailed, ourAction: { kind: 'stop', by: 'person' } }).kind).toBe('stopped');
  });
});

describe('a result', () => {
  const ended = (result: object, code = 0) =>
    judged({ digest: digestOf(bytesOf([{ type: 'result', session_id: 's', ...result }])), exit: { code } });

  test.each<[string, object, number, OutcomeKind]>([
    ['good', { subtype: 'success', is_error: false }, 0, 'completed'],
    ['good, but another exit code', { subtype: 'success', is_error: false }, 1, 'crashed'],
    ['good, and SIGTERM', { subtype: 'success', is_error: false }, 143, 'interrupted'],
    ['that does not say whether it is good', { subtype: 'success' }, 0, 'crashed'],
    ['whose word is of a wrong type', { subtype: 'success', is_error: 'false' }, 0, 'crashed'],
    ['with a subtype of its own', { subtype: 'error_max_turns', is_error: false }, 0, 'crashed'],
    [
      'that was aborted',
      { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools' },
      0,
      'interrupted',
    ],
  ])('%s', (_name, result, code, kind) => {
    expect(ended(result, code).kind).toBe(kind);
  });

  test('of a model that nobody knows is a matter of configuration', () => {
    const text = "There's an issue with the selected model (opsu). It may not exist.";
    const synthetic = {
      type: 'assistant',
      session_id: 's',
      error: 'model_not_found',
      message: { model: '<synthetic>', content: [{ type: 'text', text }] },
    };
    const result = {
      type: 'result',
      subtype: 'success',
      is_error: true,
      session_id: 's',
      result: text,
      api_error_status: 404,
    };
    const outcome = judged({ digest: digestOf(bytesOf([synthetic, result])), exit: { code: 1 } });
    expect(outcome).toEqual({ kind: 'config', message: `${text} (HTTP 404)`, resetsAt: null });
  });
});

test('messages are one short line without escapes and keys', () => {
  const stderrTail = `\x1b[31mfatal: sk-ant-api03-${'a'.repeat(40)} refused\x1b[0m ${'x'.repeat(5000)}\nmore`;
  const { message } = judged({ exit: { code: 1 }, stderrTail });
  expect(message).toContain('the agent refused to start: fatal: [redacted] refused');
  expect(message.length).toBeLessThan(400);
});
