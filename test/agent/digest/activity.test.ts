import { describe, expect, test } from 'vitest';
import { activityOf, mustEndNow, silenceLimitMs } from '../../../src/agent/digest/activity.ts';
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
    expect(silenceLimitMs(digest, IDLE)).toBe(expected);
  });

  test('limits of the agent’s own environment', () => {
    const limits = { bashDefaultMs: 30 * MINUTE, bashMaxMs: 20 * MINUTE };
    expect(silenceLimitMs(calls(['Bash', {}]), IDLE, limits)).toBe(31 * MINUTE);
  });

  test('a call that was answered extends nothing', () => {
    const answered = upTo('tools', (line) => line.includes('"tool_result"'));
    expect(activityOf(answered)).toMatchObject({ runningTools: 0, limitedTool: null });
    const running = upTo('docker-kill-in-tool', (line) => line.includes('"tool_use"'));
    expect(activityOf(running)).toMatchObject({ runningTools: 1, limitedTool: { tool: { name: 'Bash' } } });
  });
});

describe('after the last result', () => {
  test('background tasks hold the process, until the turn that their end begins', () => {
    const isResult = (line: string) => line.includes('"type":"result"');
    const first = upTo('bash-background', isResult);
    expect(activityOf(first)).toMatchObject({ turnOver: true, holdingTasks: 1 });
    const lines = linesOf(readTranscript('bash-background'));
    const secondTurn = lines.findLastIndex((line) => line.includes('"subtype":"init"'));
    expect(activityOf(digestOf(bytesOf(lines.slice(0, secondTurn + 1))))).toMatchObject({
      turnOver: false,
      holdingTasks: 0,
    });
    expect(activityOf(digestOf(bytesOf(lines)))).toMatchObject({ turnOver: true, holdingTasks: 0 });
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
    expect(mustEndNow(digestOf(bytesOf(lines))) !== null).toBe(ends);
  });

  test('a wrong key, at its second retry and not before', () => {
    const lines = linesOf(readTranscript('401'));
    const at = (count: number) => mustEndNow(digestOf(bytesOf(lines.slice(0, count))));
    expect(at(2)).toBeNull();
    expect(at(3)).toEqual({
      why: 'auth_retries',
      message: 'the login was refused 2 times in a row (HTTP 401, authentication_failed)',
    });
  });
});
