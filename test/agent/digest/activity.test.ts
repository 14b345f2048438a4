import { describe, expect, test } from 'vitest';
import { DEFAULT_TOOL_LIMITS, mustEndNow, silenceLimitMs, toolLimitsIn } from '../../../src/agent/digest/activity.ts';
import type { AgentDigest } from '../../../src/agent/digest/digest.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf, linesOf, readTranscript } from '../transcripts.ts';

const MINUTE = 60_000;
const IDLE = 10 * MINUTE;

function calls(...tools: readonly (readonly [string, object])[]): AgentDigest {
  return digestOf(
    bytesOf(
      tools.map(([name, input], index) => ({
        type: 'assistant',
        session_id: 's',
        message: { id: `m${index}`, model: 'x', content: [{ type: 'tool_use', id: `t${index}`, name, input }] },
      })),
    ),
  );
}

/** The digest when so many lines of a recorded run have come. */
function upTo(name: string, isLast: (line: string) => boolean): AgentDigest {
  const lines = linesOf(readTranscript(name));
  return digestOf(bytesOf(lines.slice(0, lines.findIndex(isLast) + 1)));
}

describe('silence', () => {
  test.each<[string, AgentDigest, number]>([
    ['without a tool', calls(), IDLE],
    ['a command with the default limit', calls(['Bash', { command: 'npm test' }]), IDLE],
    ['a command that asked for more', calls(['Bash', { command: 'npm test', timeout: 9.5 * MINUTE }]), 10.5 * MINUTE],
    ['a command that asked for too much', calls(['Bash', { command: 'x', timeout: 99 * MINUTE }]), 11 * MINUTE],
    ['a command that asked for nonsense', calls(['Bash', { command: 'x', timeout: -1 }]), IDLE],
    ['tools without a limit', calls(['Agent', {}], ['mcp__x__y', { timeout: 99 * MINUTE }], ['WebFetch', {}]), IDLE],
    ['the longest of several', calls(['Bash', { timeout: 10 * MINUTE }], ['Bash', {}], ['Read', {}]), 11 * MINUTE],
  ])('%s', (_name, digest, expected) => {
    expect(silenceLimitMs(digest, IDLE, DEFAULT_TOOL_LIMITS)).toBe(expected);
  });

  test.each<[string, Record<string, string>, object, number]>([
    ['a longer default', { BASH_DEFAULT_TIMEOUT_MS: `${30 * MINUTE}` }, {}, 31 * MINUTE],
    ['a higher maximum', { BASH_MAX_TIMEOUT_MS: `${60 * MINUTE}` }, { timeout: 45 * MINUTE }, 46 * MINUTE],
    ['nonsense', { BASH_DEFAULT_TIMEOUT_MS: 'long', BASH_MAX_TIMEOUT_MS: '-1' }, { timeout: 45 * MINUTE }, 11 * MINUTE],
  ])('the agent’s own environment may name %s', (_name, environment, input, expected) => {
    expect(silenceLimitMs(calls(['Bash', input]), IDLE, toolLimitsIn(environment))).toBe(expected);
  });

  test('a call that was answered extends nothing', () => {
    const answered = upTo('tools', (line) => line.includes('"tool_result"'));
    expect(silenceLimitMs(answered, 0, DEFAULT_TOOL_LIMITS)).toBe(0);
    const running = upTo('docker-kill-in-tool', (line) => line.includes('"tool_use"'));
    expect(silenceLimitMs(running, 0, DEFAULT_TOOL_LIMITS)).toBe(11 * MINUTE);
  });
});

describe('what must end at once', () => {
  const retries = (...statuses: (number | null)[]) =>
    statuses.map((error_status, index) => ({
      type: 'system',
      subtype: 'api_retry',
      session_id: 's',
      attempt: index + 1,
      error_status,
      error: 'authentication_failed',
    }));
  const answer = {
    type: 'assistant',
    session_id: 's',
    message: { id: 'm', model: 'x', content: [{ type: 'text', text: 'Hello.' }] },
  };

  test.each<[string, object[], boolean]>([
    ['one refused login', retries(401), false],
    ['two', retries(401, 401), true],
    ['two of different kinds', retries(401, 403), true],
    ['with another trouble between them', retries(401, 529, 401), false],
    ['with an answer between them', [...retries(401), answer, ...retries(401)], false],
    ['trouble that goes away', retries(529, 529, 429, null, null), false],
  ])('%s', (_name, lines, ends) => {
    expect(mustEndNow(digestOf(bytesOf(lines)))).toBe(ends);
  });

  test('a wrong key, at its second retry and not before', () => {
    const lines = linesOf(readTranscript('401'));
    const at = (count: number) => mustEndNow(digestOf(bytesOf(lines.slice(0, count))));
    expect([at(2), at(3)]).toEqual([false, true]);
  });
});
