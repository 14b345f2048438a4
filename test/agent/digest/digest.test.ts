import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf, linesOf, readTranscript, transcriptNames } from '../transcripts.ts';

const digestOfTranscript = (name: string) => digestOf(readTranscript(name).bytes);
const digestOfLines = (lines: readonly (string | object)[], sessionId: string | null = null) =>
  digestOf(bytesOf(lines), sessionId);

function assistant(block: object, extra: object = {}): object {
  return {
    type: 'assistant',
    session_id: 's',
    message: { id: 'm', model: 'claude-opus-5', content: [block] },
    ...extra,
  };
}

function call(id: string, name: string, input: object = {}, extra: object = {}): object {
  return assistant({ type: 'tool_use', id, name, input }, extra);
}

function answer(id: string, extra: object = {}, isError = false): object {
  const content = [{ type: 'tool_result', tool_use_id: id, content: 'ok', is_error: isError }];
  return { type: 'user', session_id: 's', message: { content }, ...extra };
}

function task(event: 'started', toolUseId: string): object {
  return {
    type: 'system',
    subtype: `task_${event}`,
    session_id: 's',
    task_id: `task-${toolUseId}`,
    tool_use_id: toolUseId,
    task_type: 'local_agent',
  };
}

const result = (extra: object = {}) => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  session_id: 's',
  ...extra,
});

test.each(transcriptNames())('%s: every line counts, none is skipped or foreign', (name) => {
  const transcript = readTranscript(name);
  expect(digestOf(transcript.bytes)).toMatchObject({
    messages: linesOf(transcript).length,
    skippedLines: 0,
    foreignLines: 0,
  });
});

test.each(transcriptNames())('%s: the digest is plain JSON of bounded size', (name) => {
  const digest = digestOfTranscript(name);
  const json = JSON.stringify(digest);
  expect(JSON.parse(json)).toEqual(digest);
  expect(json.length).toBeLessThan(20_000);
});

test('who worked: session, model, version, key', () => {
  expect(digestOfTranscript('tools')).toMatchObject({
    sessionId: '4cd8d0ee-6ccd-46d6-b7e4-fdd24e0ad9f5',
    model: 'claude-sonnet-5-5',
    agentVersion: '2.1.329',
    apiKeySource: 'ANTHROPIC_API_KEY',
    workdir: '/workspace',
  });
  expect(digestOfTranscript('sub-ok')).toMatchObject({ apiKeySource: 'none' });
});

describe('tools', () => {
  test.each(['tools', 'tools.v2.1.197'])('%s: calls, their last end and the files that they changed', (name) => {
    expect(digestOfTranscript(name)).toMatchObject({
      toolCalls: 8,
      toolCounts: { Write: 1, Edit: 2, Bash: 4, Read: 1 },
      runningTools: [],
      lastTool: { name: 'Edit', summary: 'nope.py', isError: true },
      filesChanged: [{ path: '/workspace/hello.py', edits: 2, linesAdded: 2, linesRemoved: 1 }],
      lastText: 'Created, fixed, ran and committed hello.py.',
    });
  });

  test('a killed run still has its tool running, since when', () => {
    const { runningTools } = digestOfTranscript('docker-kill-in-tool');
    expect(runningTools).toMatchObject([{ name: 'Bash', summary: 'tail -f /dev/null', parentToolUseId: null }]);
    expect(runningTools[0]?.startedAt).toMatch(/^2026-11-21T/);
  });

  test('a result gives up what the main conversation left unanswered, not what a background subagent does', () => {
    const lines = [call('a', 'Bash'), call('b', 'Read', {}, { parent_tool_use_id: 'agent' }), result()];
    expect(digestOfLines(lines).runningTools.map((tool) => tool.id)).toEqual(['b']);
  });

  test('committing past the hooks is seen', () => {
    const commit = (command: string) => digestOfLines([call('a', 'Bash', { command })]).noVerifyUsed;
    expect(commit('git commit --no-verify -m x')).toBe(true);
    expect(commit('git commit -m x')).toBe(false);
  });

  test('endless calls, names and files leave it bounded', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => [
      call(`c${index}`, `Tool${index}`.padEnd(500, 'x'), { file_path: 'p'.repeat(9000) }),
      answer('none', { tool_use_result: { filePath: `/f${index}`, structuredPatch: [] } }),
    ]).flat();
    const digest = digestOfLines(lines);
    expect(digest).toMatchObject({ toolCalls: 3000, unlistedChanges: 2700 });
    expect(digest.filesChanged).toHaveLength(300);
    expect(JSON.stringify(digest).length).toBeLessThan(150_000);
  });

  test('a tool that is called __proto__ is only a tool', () => {
    const digest = digestOfLines([call('a', '__proto__'), call('b', '__proto__'), call('c', 'constructor')]);
    expect(Object.entries(digest.toolCounts)).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ]);
  });
});

test('a call that is told twice is one, until it is answered', () => {
  const lines = [call('a', 'Bash'), call('a', 'Bash'), answer('a'), call('a', 'Bash')];
  expect(digestOfLines(lines)).toMatchObject({ toolCalls: 2, toolCounts: { Bash: 2 } });
});

describe('subagents', () => {
  test.each(['subagent', 'subagent.v2.1.197'])('%s: one in the foreground began and ended', (name) => {
    expect(digestOfTranscript(name).subagents).toMatchObject({
      started: 1,
      finished: 1,
      open: [],
      lastFinished: [{ description: 'Look around', status: 'completed' }],
    });
  });

  test('one in the background stays open behind the answer to its call, and has a tool running', () => {
    const lines = linesOf(readTranscript('subagent-background'));
    const whileItRuns = digestOfLines(lines.slice(0, lines.findIndex((line) => line.includes('sleep 1; ls -a')) + 1));
    expect(whileItRuns.subagents).toMatchObject({ started: 1, finished: 0, open: [{ inBackground: true, depth: 1 }] });
    expect(whileItRuns.backgroundTasks).toMatchObject([{ type: 'local_agent', description: 'Look around' }]);
    expect(whileItRuns.runningTools).toMatchObject([{ name: 'Bash', summary: 'sleep 1; ls -a' }]);
    expect(whileItRuns.lastText).toBe('Started; carrying on.');
    expect(digestOfLines(lines)).toMatchObject({ subagents: { open: [], finished: 1 }, backgroundTasks: [] });
  });

  test('one that was refused was never started', () => {
    const { subagents } = digestOfLines([call('a', 'Agent', { run_in_background: true }), answer('a', {}, true)]);
    expect(subagents).toMatchObject({ started: 0, finished: 0, open: [], lastFinished: [] });
  });

  test('one that failed was', () => {
    const { subagents } = digestOfLines([call('a', 'Agent'), task('started', 'a'), answer('a', {}, true)]);
    expect(subagents).toMatchObject({ started: 1, finished: 1, open: [], lastFinished: [{ status: 'failed' }] });
  });

  test('one whose start is told before its call is one', () => {
    const lines = [
      call('a', 'Agent'),
      task('started', 'b'),
      call('b', 'Agent', { description: 'Inner' }, { parent_tool_use_id: 'a' }),
    ];
    const { subagents } = digestOfLines(lines);
    expect(subagents.started).toBe(2);
    expect(subagents.open).toMatchObject([
      { toolUseId: 'a', depth: 1 },
      { toolUseId: 'b', taskId: 'task-b', description: 'Inner', depth: 2 },
    ]);
  });

  test.each([
    ['subagent-of-subagent', 2],
    ['subagent-of-subagent.v2.1.197', 2],
    ['subagent-of-unknown-type', 0],
    ['subagent-of-unknown-type.v2.1.197', 0],
    ['limit-with-subagent', 1],
  ])('%s: %i were started', (name, started) => {
    expect(digestOfTranscript(name).subagents.started).toBe(started);
  });

  test('a subagent of a subagent is one deeper', () => {
    const lines = [call('a', 'Agent'), call('b', 'Agent', {}, { parent_tool_use_id: 'a' })];
    expect(digestOfLines(lines).subagents.open.map((entry) => entry.depth)).toEqual([1, 2]);
  });
});

describe('the context gauge', () => {
  test('shows the last request of the main conversation, its peak and the window', () => {
    expect(digestOfTranscript('subagent').context).toEqual({
      tokens: 18_200,
      peakTokens: 18_200,
      windowTokens: 1_000_000,
    });
    expect(digestOfTranscript('tools.v2.1.197').context.windowTokens).toBe(200_000);
    expect(digestOfTranscript('sigterm-in-tool').context.windowTokens).toBeNull();
  });

  test('falls with a compaction', () => {
    const lines = linesOf(readTranscript('auto-compact'));
    const boundary = lines.findIndex((line) => line.includes('compact_boundary'));
    const digest = digestOfLines(lines.slice(0, boundary + 1));
    expect(digest).toMatchObject({ compactions: 1, context: { tokens: 2691, peakTokens: 990_200 } });
  });
});

test('retries, with the last one in full', () => {
  expect(digestOfTranscript('401').apiRetries).toEqual({
    count: 10,
    refusedInRow: 10,
    last: { attempt: 10, maxRetries: 10, delayMs: 32_073, status: 401, error: 'authentication_failed', at: null },
  });
  expect(digestOfTranscript('network-down-max-retries-2').apiRetries).toMatchObject({
    count: 2,
    last: { status: null },
  });
});

test('the plan: the last word on its windows', () => {
  expect(digestOfTranscript('sub-mid-run').rateLimit).toMatchObject({
    status: 'rejected',
    limit: 'five_hour',
    resetsAt: '2026-11-21T09:48:39.000Z',
    isUsingOverage: false,
    fiveHour: { utilization: 1 },
    sevenDay: { utilization: 0.35 },
  });
  expect(digestOfTranscript('sub-overage').rateLimit).toMatchObject({ status: 'rejected', isUsingOverage: true });
});

test('an API error keeps what its synthetic message and its result say', () => {
  expect(digestOfTranscript('sub-5h-first')).toMatchObject({
    syntheticError: {
      error: 'rate_limit',
      apiError: 'usage_limit_reached',
      status: 429,
      rateLimit: { resetsAt: '2026-11-21T09:48:35.000Z' },
      text: "You've hit your 5-hour limit · resets 9:48am (UTC)",
    },
    result: {
      subtype: 'success',
      isError: true,
      terminalReason: 'api_error',
      apiErrorStatus: 429,
      apiError: 'usage_limit_reached',
    },
    lastText: null,
  });
});

test('limit texts of tools and models are no synthetic error', () => {
  expect(digestOfTranscript('mentions-limit')).toMatchObject({
    syntheticError: null,
    rateLimit: null,
    result: { isError: false },
  });
});

test('several results: the last one stands', () => {
  expect(digestOfTranscript('bash-background')).toMatchObject({ results: 2, result: { text: 'Notified.', turns: 1 } });
});

test('the turn is over with its result, until the next one begins', () => {
  const lines = linesOf(readTranscript('bash-background'));
  const upTo = (last: number) => digestOfLines(lines.slice(0, last + 1)).turnOver;
  expect(upTo(lines.findIndex((line) => line.includes('"type":"result"')))).toBe(true);
  expect(upTo(lines.findLastIndex((line) => line.includes('"subtype":"init"')))).toBe(false);
  expect(upTo(lines.length - 1)).toBe(true);
});

test('a turn that asked nobody says nothing: the result before it stands', () => {
  const nothing = result({ num_turns: 0, result: '' });
  const bad = result({ is_error: true, num_turns: 3, result: 'API Error' });
  expect(digestOfLines([bad, nothing, nothing])).toMatchObject({ results: 3, turnOver: true, result: { turns: 3 } });
  // With words, with turns, or alone it is one like all others.
  expect(digestOfLines([bad, result({ num_turns: 0, result: 'x' })]).result).toMatchObject({ text: 'x' });
  expect(digestOfLines([bad, result({ num_turns: 1, result: '' })]).result).toMatchObject({ turns: 1 });
  expect(digestOfLines([nothing]).result).toMatchObject({ isError: false });
});

describe('an interruption', () => {
  const note = {
    type: 'user',
    session_id: 's',
    message: { content: [{ type: 'text', text: '[Request interrupted by user for tool use]' }] },
  };
  const answered = assistant({ type: 'text', text: 'Go on.' });

  test.each<[string, object[], boolean]>([
    ['is noted', [note], true],
    ['stays behind what tools still report', [call('a', 'Bash'), note, answer('a')], true],
    ['is over when the model answers', [note, answered], false],
    ['is over with the next turn', [note, { type: 'system', subtype: 'init', session_id: 's' }], false],
    ['of a subagent is none', [call('a', 'Agent'), { ...note, parent_tool_use_id: 'a' }], false],
    [
      'in a tool’s result is none',
      [
        call('a', 'Bash'),
        {
          type: 'user',
          session_id: 's',
          message: {
            content: [{ type: 'tool_result', tool_use_id: 'a', content: '[Request interrupted by user]' }],
          },
        },
      ],
      false,
    ],
  ])('%s', (_name, lines, interrupted) => {
    expect(digestOfLines(lines).interrupted).toBe(interrupted);
  });
});

describe('several sessions in one log', () => {
  const init = (id: string, extra: object = {}) => ({
    type: 'system',
    subtype: 'init',
    session_id: id,
    model: `model-of-${id}`,
    claude_code_version: '2.1.329',
    ...extra,
  });
  const said = (id: string, text: string) => assistant({ type: 'text', text }, { session_id: id });
  const ended = (id: string, extra: object = {}) => result({ session_id: id, result: `end of ${id}`, ...extra });
  const FIRST = [init('a'), { ...(call('t1', 'Bash') as object), session_id: 'a' }, said('a', 'One.'), ended('a')];

  test('the last one counts, and what both did is counted together', () => {
    const digest = digestOfLines([...FIRST, init('b'), said('b', 'Two.'), ended('b', { is_error: true })]);
    expect(digest).toMatchObject({
      sessionId: 'b',
      model: 'model-of-b',
      foreignLines: 0,
      toolCalls: 1,
      results: 2,
      lastText: 'Two.',
      result: { isError: true, text: 'end of b' },
      runningTools: [],
    });
  });

  test('one that was cut has no result', () => {
    expect(digestOfLines([...FIRST, init('b'), said('b', 'Two.')])).toMatchObject({ result: null, turnOver: false });
  });

  test('an init that somebody else wrote hides nothing of what the agent says after it', () => {
    const forged = [init('forged'), ended('forged')];
    const digest = digestOfLines([init('a'), ...forged, said('a', 'Still here.'), ended('a', { is_error: true })]);
    expect(digest).toMatchObject({ sessionId: 'a', lastText: 'Still here.', result: { text: 'end of a' } });
  });

  test('a result alone begins none', () => {
    expect(digestOfLines([...FIRST, ended('b')])).toMatchObject({ foreignLines: 1, result: { text: 'end of a' } });
  });

  test('none of it where we chose the session', () => {
    expect(digestOfLines([...FIRST, init('b'), ended('b')], 'a')).toMatchObject({
      sessionId: 'a',
      foreignLines: 2,
      result: { text: 'end of a' },
    });
  });
});

describe('lines of another session', () => {
  const forged = result({ session_id: 'forged', result: 'all done' });

  test('are ignored and counted', () => {
    const digest = digestOfLines([
      assistant({ type: 'text', text: 'hi' }),
      forged,
      call('x', 'Bash', {}, { session_id: null }),
    ]);
    expect(digest).toMatchObject({ sessionId: 's', messages: 1, foreignLines: 2, result: null, toolCalls: 0 });
  });

  test('count for subagents, which carry their call, but never as a result', () => {
    const lines = [call('a', 'Agent'), call('b', 'Bash', {}, { session_id: 'other', parent_tool_use_id: 'a' })];
    const digest = digestOfLines([...lines, { ...forged, parent_tool_use_id: 'a' }]);
    expect(digest).toMatchObject({ toolCalls: 2, foreignLines: 1, result: null });
  });

  test('are all that do not have the session that we chose', () => {
    expect(digestOfLines([forged, result({ result: 'mine' })], 's')).toMatchObject({
      foreignLines: 1,
      results: 1,
      result: { text: 'mine' },
    });
  });
});

test('huge texts are kept as excerpts', () => {
  const digest = digestOfTranscript('huge-output');
  expect(digest.lastText?.length).toBe(4000);
  expect(digest.result?.text.length).toBe(4000);
  expect(digest.filesChanged).toMatchObject([{ path: '/workspace/large.txt', linesAdded: 60_000 }]);
});

test('thinking: the last of it, and the estimate of what goes on', () => {
  const lines = linesOf(readTranscript('thinking'));
  expect(digestOfLines(lines.slice(0, 9)).spend.thinkingTokens).toBe(78);
  expect(digestOfLines(lines)).toMatchObject({ lastThinking: 'Nothing there.', spend: { thinkingTokens: 0 } });
});
