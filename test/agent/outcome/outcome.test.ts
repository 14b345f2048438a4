import { describe, expect, test } from 'vitest';
import { emptyDigest } from '../../../src/agent/digest/digest.ts';
import type { Evidence, SupervisorReason } from '../../../src/agent/outcome/evidence.ts';
import { judge } from '../../../src/agent/outcome/outcome.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import type { OutcomeKind } from '../../../src/core/outcome.ts';
import { type Exit, SECRETS_MISSING } from '../../../src/core/sandbox.ts';
import { bytesOf, CLEAN_EXIT, readTranscript, transcriptNames } from '../transcripts.ts';

type Given = Partial<Omit<Evidence, 'exit'>> & { readonly exit?: Partial<Exit> | null };

function judged({ exit, ...evidence }: Given) {
  const base = { digest: emptyDigest(), stderrTail: '', ourAction: null, startFailed: null };
  return judge({ ...base, exit: exit === null ? null : { ...CLEAN_EXIT, ...exit }, ...evidence });
}

function judgedTranscript(name: string, given: Given = {}) {
  const { bytes, stderr, exit } = readTranscript(name);
  return judged({ digest: digestOf(bytes), stderrTail: stderr, ...given, exit: { ...exit, ...given.exit } });
}

describe('what we did explains the end', () => {
  test.each(transcriptNames())('%s, stopped by a person, is stopped', (name) => {
    expect(judgedTranscript(name, { ourAction: { kind: 'stop', by: 'person' } }).kind).toBe('stopped');
  });

  test('a memory kill at the same moment changes nothing', () => {
    const outcome = judgedTranscript('docker-mem-96m', { ourAction: { kind: 'kill', by: 'person' } });
    expect(outcome).toMatchObject({ kind: 'stopped', message: 'killed by you before its first tool call' });
  });

  const SUPERVISOR = { kind: 'stop', by: 'supervisor' } as const;

  test.each<[SupervisorReason, OutcomeKind, string]>([
    ['idle', 'hung', 'no sign of life for 10m after 1 tool call, while it ran Bash `tail -f /dev/null`'],
    ['timeout', 'timeout', 'over its time of 10m after 1 tool call, while it ran Bash `tail -f /dev/null`'],
    ['flood', 'flood', 'over its output limit of 10m after 1 tool call, while it ran Bash `tail -f /dev/null`'],
    ['background', 'interrupted', 'stopped by the supervisor after 1 tool call'],
    ['auth_retries', 'auth', 'login refused again and again after 1 tool call'],
    ['budget', 'budget', 'over the budget of 10m with ≈$0.009 after 1 tool call'],
  ])('the supervisor, in the middle of a turn: %s is %s', (why, kind, message) => {
    const given = { ourAction: { ...SUPERVISOR, why, limit: '10m' }, exit: { code: 143 } };
    expect(judgedTranscript('docker-kill-in-tool', given)).toEqual({ kind, message, resetsAt: null });
  });

  test('a process that does not end behind its result is judged by the result', () => {
    const idle = { ourAction: { ...SUPERVISOR, why: 'idle' }, exit: { code: 143 } } as const;
    const background = { ourAction: { ...SUPERVISOR, why: 'background' }, exit: { code: 143 } } as const;
    expect(judgedTranscript('text', background)).toMatchObject({
      kind: 'completed',
      message: 'completed with 0 tool calls, $0.01, then stopped: it did not end by itself',
    });
    expect(judgedTranscript('text', idle).kind).toBe('completed');
    expect(judgedTranscript('sub-5h-first', idle)).toMatchObject({
      kind: 'usage_limit',
      resetsAt: '2026-11-21T09:48:35.000Z',
    });
    expect(judgedTranscript('401', background).kind).toBe('auth');
  });

  test('tasks that hold the process are counted', () => {
    const { bytes } = readTranscript('bash-background');
    const lines = new TextDecoder().decode(bytes).split('\n');
    const firstResult = lines.findIndex((line) => line.includes('"type":"result"'));
    const digest = digestOf(new TextEncoder().encode(`${lines.slice(0, firstResult + 1).join('\n')}\n`));
    const given = { digest, ourAction: { ...SUPERVISOR, why: 'background' }, exit: { code: 143 } } as const;
    expect(judged(given)).toMatchObject({
      kind: 'completed',
      message: expect.stringContaining('then stopped: 1 background task held it'),
    });
  });

  test('a limit of ours that was hit stands, whatever the agent said in its last second', () => {
    for (const why of ['timeout', 'flood', 'budget'] as const) {
      expect(judgedTranscript('text', { ourAction: { ...SUPERVISOR, why } }).kind).toBe(why);
    }
  });

  test('refused logins say how often and with what', () => {
    const { bytes } = readTranscript('401');
    const digest = digestOf(bytes.subarray(0, nthLineEnd(bytes, 3)));
    expect(judged({ digest, ourAction: { ...SUPERVISOR, why: 'auth_retries' }, exit: { code: 143 } })).toEqual({
      kind: 'auth',
      message: 'login refused 2 times in a row: HTTP 401 authentication_failed, before its first tool call',
      resetsAt: null,
    });
  });

  test.each<[number, Partial<Exit>, OutcomeKind]>([
    [3, { code: 143 }, 'auth'],
    [3, { code: 137 }, 'auth'],
    [3, { code: 137, oomKilled: true }, 'oom'],
    [2, { code: 143 }, 'interrupted'],
  ])('logins that were refused up to line %i say why, whoever ended the agent with %j: %s', (lines, exit, kind) => {
    const { bytes } = readTranscript('401');
    expect(judged({ digest: digestOf(bytes.subarray(0, nthLineEnd(bytes, lines))), exit }).kind).toBe(kind);
  });
});

function nthLineEnd(bytes: Uint8Array, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) end = bytes.indexOf(0x0a, end) + 1;
  return end;
}

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
    [
      '125 without an engine',
      {
        exit: { code: 125 },
        stderrTail: 'docker: Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?\n',
      },
      'infra',
      'no engine: docker: Cannot connect',
    ],
    ['126 without a word', { exit: { code: 126 } }, 'config', 'its program cannot be run (exit 126)'],
    ['1 without a word', { exit: { code: 1 } }, 'crashed', 'crashed without a result before its first word (exit 1)'],
    [
      '1 with warnings around the reason',
      {
        exit: { code: 1 },
        stderrTail: '[claude-code:unrecognized_model] {}\n12 | throw x\nerror: no such option\n  at x\n',
      },
      'config',
      'refused to start: error: no such option (exit 1)',
    ],
    [
      '1 with a reason of two lines',
      { exit: { code: 1 }, stderrTail: 'Error: Invalid MCP configuration:\nMCP config file not found: /x.json\n' },
      'config',
      'refused to start: Error: Invalid MCP configuration: MCP config file not found: /x.json (exit 1)',
    ],
    [
      '1 with a reason that breaks off',
      { exit: { code: 1 }, stderrTail: 'Error:' },
      'config',
      'start: Error: (exit 1)',
    ],
    ['2 with a reason', { exit: { code: 2 }, stderrTail: 'bad' }, 'crashed', 'bad'],
    ['0 without a word', { exit: { code: 0 } }, 'crashed', 'ended without a result'],
    ['139', { exit: { code: 139 } }, 'crashed', 'segmentation fault, exit 139'],
    ['124', { exit: { code: 124 } }, 'crashed', 'out of time, says timeout(1), exit 124'],
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
    ['with a subtype of its own', { subtype: 'error_something', is_error: false }, 0, 'crashed'],
    ['of the turn limit, whatever else it says', { subtype: 'error_max_turns', is_error: false }, 0, 'turn_limit'],
    [
      'of an agent that only says why it did not start',
      { subtype: 'error_during_execution', is_error: true, num_turns: 0, errors: ['No conversation found'] },
      1,
      'config',
    ],
    [
      'of an agent that failed later on',
      { subtype: 'error_during_execution', is_error: true, num_turns: 2, errors: ['something else'] },
      1,
      'crashed',
    ],
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

describe('what a failure is taken from', () => {
  const LIMIT = "You've hit your 5-hour limit · resets 9:48am (UTC)";
  const line = (fields: object) => ({ session_id: 's', ...fields });
  const init = line({ type: 'system', subtype: 'init', model: 'x' });
  const failed = (error: string, text: string, more: object = {}) =>
    line({ type: 'assistant', error, message: { model: '<synthetic>', content: [{ type: 'text', text }] }, ...more });
  const said = (text: string) =>
    line({ type: 'assistant', message: { id: 'm', model: 'x', content: [{ type: 'text', text }] } });
  const result = (fields: object) => line({ type: 'result', subtype: 'success', is_error: true, ...fields });
  const rejected = line({
    type: 'rate_limit_event',
    rate_limit_info: { status: 'rejected', rateLimitType: 'five_hour', resetsAt: 1_795_254_515, isUsingOverage: false },
  });
  const limited = result({ result: LIMIT, api_error_status: 429 });
  const good = result({ is_error: false, result: 'Done.' });
  const nothing = result({ is_error: false, num_turns: 0, result: '' });
  const overloaded = result({ result: 'API Error: 529 Overloaded', api_error_status: 529 });
  const interruption = line({ type: 'user', message: { content: '[Request interrupted by user]' } });
  const tooLong = [
    failed('invalid_request', 'Prompt is too long'),
    result({ result: 'Prompt is too long', terminal_reason: 'blocking_limit' }),
  ];
  const notCompacted = (compact_error: string) =>
    line({ type: 'system', subtype: 'status', status: null, compact_result: 'failed', compact_error });
  const maxTurns = result({ subtype: 'error_max_turns', errors: ['Reached maximum number of turns (3)'] });

  test.each<[string, object[], number, OutcomeKind]>([
    ['a synthetic message whose result was cut off', [init, failed('rate_limit', LIMIT)], 1, 'usage_limit'],
    ['the same, and stopped from outside', [init, failed('rate_limit', LIMIT)], 143, 'usage_limit'],
    [
      'a result behind which the process had to be killed',
      [init, failed('rate_limit', LIMIT), limited],
      137,
      'usage_limit',
    ],
    ['an error that a model’s answer followed', [init, failed('rate_limit', LIMIT), said('Go on.')], 1, 'crashed'],
    [
      'the last of two results: good',
      [init, failed('rate_limit', LIMIT), limited, init, said('Done.'), good],
      0,
      'completed',
    ],
    [
      'the last of two results: another error',
      [init, failed('rate_limit', LIMIT), limited, init, maxTurns],
      1,
      'turn_limit',
    ],
    [
      'an error of a turn that was over, and killed in the next one',
      [init, limited, init, said('More.')],
      137,
      'killed',
    ],
    [
      'a 429 that a refused plan explains',
      [init, rejected, result({ result: 'x', api_error_status: 429 })],
      1,
      'usage_limit',
    ],
    ['a refused plan, and a 529', [init, rejected, result({ result: 'x', api_error_status: 529 })], 1, 'transient'],
    [
      'a subagent’s refusal',
      [init, failed('rate_limit', LIMIT, { parent_tool_use_id: 't' }), said('Done.'), good],
      0,
      'completed',
    ],
    [
      'a limit in the words of a model',
      [init, said(LIMIT), result({ result: 'x', api_error_status: 500 })],
      1,
      'transient',
    ],
    [
      'an error that nobody knows',
      [init, result({ result: 'API Error: 400 what?', api_error_status: 400 })],
      1,
      'crashed',
    ],
    ['403 from a proxy', [init, result({ result: 'API Error: 403 no', api_error_status: 403 })], 1, 'auth'],
    ['402', [init, result({ result: 'API Error: 402', api_error_status: 402 })], 1, 'billing'],
    ['407', [init, result({ result: 'API Error: 407 no', api_error_status: 407 })], 1, 'config'],
    ['409', [init, result({ result: 'API Error: 409 no', api_error_status: 409 })], 1, 'transient'],
    ['410', [init, result({ result: 'API Error: 410 no', api_error_status: 410 })], 1, 'config'],
    ['425', [init, result({ result: 'API Error: 425 no', api_error_status: 425 })], 1, 'transient'],
    ['413', [init, result({ result: 'API Error: 413', api_error_status: 413 })], 1, 'context'],
    [
      'an interruption that its result does not name',
      [init, said('x'), interruption, result({ subtype: 'error_during_execution', errors: ['[ede_diagnostic] x'] })],
      0,
      'interrupted',
    ],
    [
      'an interruption, and another failure in a later turn',
      [init, said('x'), interruption, init, said('y'), result({ subtype: 'error_during_execution', errors: ['x'] })],
      1,
      'crashed',
    ],
    // Versions before these two have no field for it.
    ['a status that only the text has', [init, result({ result: 'API Error: 403 {"type":"error"}' })], 1, 'auth'],
    ['the same, wrapped', [init, result({ result: 'API Error: Request rejected (429) · slow down' })], 1, 'transient'],
    ['a number that is no status', [init, result({ result: 'API Error: 4030 things' })], 1, 'crashed'],
    ['too long, and nothing else', [init, ...tooLong], 1, 'context'],
    [
      'too long, as the limit kept it from being shorter',
      [init, rejected, notCompacted(LIMIT), ...tooLong],
      1,
      'usage_limit',
    ],
    ['the same of the login', [init, notCompacted('Invalid API key · Fix external API key'), ...tooLong], 1, 'auth'],
    ['the same of nothing that anybody knows', [init, notCompacted('too_few_groups'), ...tooLong], 1, 'context'],
    ['too long, and a model has answered since', [init, notCompacted(LIMIT), said('I see.'), ...tooLong], 1, 'context'],
    ['too long in another turn', [init, notCompacted(LIMIT), init, ...tooLong], 1, 'context'],
    [
      'another failure behind it',
      [init, notCompacted(LIMIT), failed('server_error', 'API Error: 529'), overloaded],
      1,
      'transient',
    ],
    [
      'a limit, and turns behind it that asked nobody',
      [init, failed('rate_limit', LIMIT), limited, init, nothing, init, nothing],
      1,
      'usage_limit',
    ],
    [
      'the same where nobody knows the exit code',
      [init, failed('x', '529'), overloaded, init, nothing],
      0,
      'transient',
    ],
    ['a note of an interruption and no result', [init, said('I look.'), interruption], 0, 'interrupted'],
    ['hooks, then a refusal to start', [line({ type: 'system', subtype: 'hook_started' })], 1, 'config'],
  ])('%s', (_name, lines, code, kind) => {
    const stderrTail = kind === 'config' ? 'Error: no' : '';
    expect(judged({ digest: digestOf(bytesOf(lines)), exit: { code }, stderrTail }).kind).toBe(kind);
  });

  test.each<[string, object, OutcomeKind]>([
    ['connection_failed', {}, 'transient'],
    ['stream_idle_timeout', {}, 'transient'],
    ['stored_login_refused', {}, 'auth'],
    ['provider_credentials', { api_error_status: 403 }, 'auth'],
    ['model_requires_usage_credits', { api_error_status: 429 }, 'billing'],
    ['claude_code_version_too_old', { api_error_status: 400 }, 'config'],
    ['autocompact_thrashing', { terminal_reason: 'blocking_limit' }, 'context'],
    ['safety_monitor_blocked', {}, 'refused'],
    ['dlp_request_denied', { api_error_status: 400 }, 'refused'],
    ['hook_denied', {}, 'config'],
    ['one_of_next_year', {}, 'crashed'],
  ])('the finer kinds of newer versions: %s', (api_error, more, kind) => {
    const lines = [init, result({ result: 'API Error: x', api_error, ...more })];
    expect(judged({ digest: digestOf(bytesOf(lines)), exit: { code: 1 } }).kind).toBe(kind);
  });

  test('what the agent tells its makers is not the reason', () => {
    const errors = ['[ede_diagnostic] result_type=user', 'The disk is full'];
    const lines = [init, result({ subtype: 'error_during_execution', errors })];
    expect(judged({ digest: digestOf(bytesOf(lines)), exit: { code: 1 } }).message).toContain('The disk is full');
  });

  test('a reset in words is counted from the end where no message has a time', () => {
    const digest = digestOf(bytesOf([init, failed('rate_limit', LIMIT), limited]));
    const at = (finishedAt: string | null) => judged({ digest, exit: { code: 1, finishedAt } }).resetsAt;
    expect(at('2026-03-01T04:30:00.000Z')).toBe('2026-03-01T09:48:00.000Z');
    expect(at(null)).toBeNull();
  });
});

test('messages are one short line without escapes and keys', () => {
  const stderrTail = `\x1b[31mfatal: sk-ant-api03-${'a'.repeat(40)} refused\x1b[0m ${'x'.repeat(5000)}\nmore`;
  const { message } = judged({ exit: { code: 1 }, stderrTail });
  expect(message).toContain('the agent refused to start: fatal: [redacted] refused');
  expect(message.length).toBeLessThan(400);
});
