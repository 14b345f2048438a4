import { describe, expect, test } from 'vitest';
import { toolLimitsIn } from '../../../src/agent/digest/activity.ts';
import { StreamReader } from '../../../src/agent/stream/stream-reader.ts';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import { LifeWatch } from '../../../src/supervisor/attempt/life.ts';

const MINUTE = 60_000;
const NO_LIMITS = { idleLimitMs: null, iterationTimeoutMs: null };
const INIT = {
  type: 'system',
  subtype: 'init',
  session_id: 's',
  model: 'm',
  claude_code_version: '2.1.329',
  cwd: '/r',
};
const RESULT = { type: 'result', subtype: 'success', is_error: false, result: 'done', session_id: 's' };
const BASH = (timeout: number) => ({
  type: 'assistant',
  session_id: 's',
  message: {
    id: 'm1',
    model: 'm',
    content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'make', timeout } }],
  },
});
const REFUSED = {
  type: 'system',
  subtype: 'api_retry',
  session_id: 's',
  attempt: 1,
  max_retries: 10,
  error_status: 401,
  error: 'authentication_failed',
};

function digestOf(...lines: object[]) {
  const reader = new StreamReader({ sessionId: 's', wantEntries: false });
  for (const line of lines) reader.feed(Buffer.from(`${JSON.stringify(line)}\n`));
  return reader.digest;
}

const signs = (digest: ReturnType<typeof digestOf>, lastOutputMs = 0, outputBytes = 0) => ({
  digest,
  startedMs: 0,
  lastOutputMs,
  outputBytes,
});

describe('silence', () => {
  test.each([
    ['within the limit', 0, 10 * MINUTE, null],
    ['over the limit', 0, 10 * MINUTE + 1, { why: 'idle', limit: '10m00' }],
    ['since the last output, not since the start', 5 * MINUTE, 12 * MINUTE, null],
  ])('%s', (_, lastOutputMs, nowMs, expected) => {
    expect(new LifeWatch(NO_LIMITS, DEFAULT_POLICY).look(signs(digestOf(INIT), lastOutputMs), nowMs)).toEqual(expected);
  });

  test('of a command that the agent’s environment lets run longer, too', () => {
    const toolLimits = toolLimitsIn({ BASH_MAX_TIMEOUT_MS: `${60 * MINUTE}` });
    const digest = digestOf(INIT, BASH(45 * MINUTE));
    const look = (nowMs: number) => new LifeWatch(NO_LIMITS, DEFAULT_POLICY, toolLimits).look(signs(digest), nowMs);
    expect(look(46 * MINUTE)).toBeNull();
    expect(look(46 * MINUTE + 1)).toEqual({ why: 'idle', limit: '46m00' });
  });

  test('of a running command may last as long as that command', () => {
    const watch = new LifeWatch({ ...NO_LIMITS, idleLimitMs: 6 * MINUTE }, DEFAULT_POLICY);
    const digest = digestOf(INIT, BASH(9 * MINUTE));
    expect(watch.look(signs(digest), 8 * MINUTE)).toBeNull();
    expect(watch.look(signs(digest), 11 * MINUTE)).toMatchObject({ why: 'idle' });
  });
});

test('an attempt has its time, however lively it is', () => {
  const watch = new LifeWatch({ ...NO_LIMITS, iterationTimeoutMs: 5 * MINUTE }, DEFAULT_POLICY);
  expect(watch.look(signs(digestOf(INIT), 5 * MINUTE), 5 * MINUTE)).toBeNull();
  expect(watch.look(signs(digestOf(INIT), 5 * MINUTE), 5 * MINUTE + 1)).toEqual({ why: 'timeout', limit: '5m00' });
});

test('a process that its background tasks hold gets its grace after the last result', () => {
  const watch = new LifeWatch(NO_LIMITS, DEFAULT_POLICY);
  const over = digestOf(INIT, RESULT);
  expect(watch.look(signs(over), 1_000)).toBeNull();
  expect(watch.look(signs(over), 31_000)).toBeNull();
  expect(watch.look(signs(over), 31_001)).toEqual({ why: 'background', limit: '30s' });
});

test('a login that is refused twice ends the attempt at once', () => {
  expect(new LifeWatch(NO_LIMITS, DEFAULT_POLICY).look(signs(digestOf(INIT, REFUSED)), 0)).toBeNull();
  expect(new LifeWatch(NO_LIMITS, DEFAULT_POLICY).look(signs(digestOf(INIT, REFUSED, REFUSED)), 0)).toMatchObject({
    why: 'auth_retries',
  });
});

describe('a flood', () => {
  const digest = digestOf(INIT);
  const fast = DEFAULT_POLICY.floodBytesPerSecond + 1;

  test('is so much a second for ten seconds on end', () => {
    const watch = new LifeWatch(NO_LIMITS, DEFAULT_POLICY);
    const looks = Array.from({ length: 11 }, (_, second) => watch.look(signs(digest, 0, second * fast), second * 1000));
    expect(looks.slice(0, 10)).toEqual(Array(10).fill(null));
    expect(looks[10]).toMatchObject({ why: 'flood' });
  });

  test('is not one that pauses', () => {
    const watch = new LifeWatch(NO_LIMITS, DEFAULT_POLICY);
    for (let second = 0, bytes = 0; second < 30; second += 1) {
      bytes += second % 5 === 0 ? 0 : fast;
      expect(watch.look(signs(digest, 0, bytes), second * 1000)).toBeNull();
    }
  });

  test('is also more than any attempt has to say', () => {
    expect(new LifeWatch(NO_LIMITS, DEFAULT_POLICY).look(signs(digest, 0, DEFAULT_POLICY.floodBytes + 1), 0)).toEqual({
      why: 'flood',
      limit: '1G',
    });
  });
});
