import { describe, expect, test } from 'vitest';
import { joinParts } from '../../src/report/join-parts.ts';
import type { LiveFacts } from '../../src/report/live-facts.ts';
import { blockedParts, nowParts } from '../../src/report/now-line.ts';
import { statusReport } from '../../src/report/status.ts';
import { statusBar, statusLines } from '../../src/report/status-text.ts';
import { displayWidth } from '../../src/text/width.ts';
import { OPEN_PLAN, Story } from '../core/story.ts';

const MINUTE = 60_000;
const GIB = 1024 ** 3;

const LIVE: LiveFacts = {
  retry: null,
  usage: null,
  runningTools: [{ name: 'Bash', summary: 'npm test -- auth', startedAt: '2026-11-21T10:08:00.000Z' }],
  lastOutputAt: '2026-11-21T10:10:05.000Z',
  contextTokens: 94_000,
  contextWindowTokens: 200_000,
  vitals: {
    at: '2026-11-21T10:10:12.000Z',
    memoryBytes: 5.1 * GIB,
    limitBytes: 8 * GIB,
    cpuPercent: 310,
    processes: 64,
  },
  peakMemoryBytes: 6 * GIB,
  sessionId: 's',
  model: 'claude-opus-5',
  toolCalls: 12,
  filesChanged: 5,
  tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
  costUsd: 0.84,
  costBasis: 'estimated',
};

/** 11 iterations done, the 12th runs for some minutes. */
function running(): Story {
  const story = new Story({ options: { maxIterations: 30 } });
  for (let iteration = 1; iteration <= 11; iteration += 1) {
    story.attempt('completed', {
      elapsedMs: 13 * MINUTE,
      costUsd: 0.64,
      tasksFinished: [`task ${iteration}`],
      peakMemoryBytes: 4 * GIB,
    });
  }
  story.starts({
    ...OPEN_PLAN,
    branch: 'main',
    plan: { done: 19, open: 12, removed: 4, current: '3.2 Rotate refresh tokens' },
  });
  return story;
}

function at(
  story: Story,
  time: string,
  change: { live?: LiveFacts | null; supervisorAlive?: boolean; fullDisk?: string | null } = {},
) {
  const now = Date.parse(time);
  const report = statusReport({
    state: story.state,
    live: LIVE,
    supervisorAlive: true,
    fullDisk: null,
    now,
    ...change,
  });
  const options = { now, timeZone: 'UTC', columns: 80 };
  return {
    report,
    bar: statusBar(report, options),
    lines: statusLines(report, options),
    now: nowParts(report, options),
    blocked: blockedParts(report, options),
  };
}

const NOON = '2026-11-21T10:10:14.000Z';

describe('a running iteration', () => {
  test('as JSON', () => {
    const { report } = at(running(), NOON);
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      run: 'run',
      repository: '/repository',
      branch: 'main',
      mode: 'build',
      phase: 'running',
      needsYou: false,
      iteration: 12,
      attempt: 1,
      maxIterations: 30,
      currentTask: '3.2 Rotate refresh tokens',
      tasks: { remaining: 12, completed: 19, removed: 4 },
      tool: { name: 'Bash', summary: 'npm test -- auth', elapsedMs: 134_000, others: 0 },
      memory: { nowBytes: 5.1 * GIB, limitBytes: 8 * GIB, peakBytes: 6 * GIB },
      context: { tokens: 94_000, windowTokens: 200_000 },
      tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
      costBasis: 'estimated',
      exitReason: null,
      exitCode: null,
      supervisor: { pid: 7, alive: true, restarts: 0 },
    });
    expect(report.costUsd).toBeCloseTo(11 * 0.64 + 0.84);
    expect(report.eta?.perTaskMs).toBe(13 * MINUTE);
    expect(report.eta?.remainingMs).toBe(12 * 13 * MINUTE - (report.attemptElapsedMs ?? 0));
  });

  test('in one line for a status bar', () => {
    expect(at(running(), NOON).bar).toBe('▶ build 12/30 9m 19/31 ≈$7.88 5.1/8G');
  });

  test('the now line', () => {
    expect(at(running(), NOON).now).toEqual([
      '3.2 Rotate refresh tokens',
      'Bash `npm test -- auth` 2m14',
      'output 9s',
      'no commit yet',
      'no tick yet',
      '5 files',
    ]);
    expect(at(running(), NOON).blocked).toEqual([]);
  });

  test('in lines that fit', () => {
    const { lines } = at(running(), NOON);
    expect(lines[0]).toMatch(/^▶ RUNNING {2}build {2}repository {2}main {2}iteration 12 of 30 {2}9m/);
    expect(lines).toContain('plan     19 done (4 removed), 12 open · 13m a task, ~2h26 left → ~12:36');
    expect(lines).toContain('memory   5.1/8G, peak 6G · cpu 310% · 64 processes');
    expect(lines).toContain('context  94k of 200k (47%) tokens');
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('a subagent is shown by what it does', () => {
    const tools = [
      { name: 'Agent', summary: 'look around', startedAt: null },
      { name: 'Grep', summary: 'issueToken', startedAt: null },
    ];
    const { now } = at(running(), NOON, { live: { ...LIVE, runningTools: tools } });
    expect(now[1]).toBe('Grep `issueToken` (+1)');
  });

  test('without any output yet', () => {
    const { now } = at(running(), NOON, { live: { ...LIVE, runningTools: [], lastOutputAt: null } });
    expect(now.slice(1, 3)).toEqual(['agent is starting', 'no output yet']);
  });

  test('what the agent wrote moves no cursor', () => {
    const live = { ...LIVE, runningTools: [{ name: 'Bash', summary: 'echo \x1b[2Jgone\n\x07x', startedAt: null }] };
    const { report, lines } = at(running(), NOON, { live });
    expect(report.tool?.summary).toBe('echo gone ␇x');
    expect(lines.join('')).not.toContain('\x1b');
  });

  test('a pause that was asked for', () => {
    const story = running().tell({ type: 'command_received', command: { name: 'pause' } });
    expect(at(story, NOON).lines).toContain(
      'next     pauses after this iteration · take it back with: ralph-tui resume',
    );
  });
});

describe('what keeps a run from going on', () => {
  test('a wait', () => {
    const story = running().seals('usage_limit', { resetsAt: '2026-11-21T11:00:00.000Z' });
    const { bar, blocked, report } = at(story, NOON, { live: null });
    expect(bar).toBe('◷ build 12/30 waits until 11:01 1/3 $7.05');
    expect(blocked).toEqual(['waiting until 11:01 (50m left): it was usage_limit', 'try now: ralph-tui resume']);
    // The estimate of the end begins when the wait is over.
    expect(Date.parse(report.eta?.at ?? '')).toBe(Date.parse('2026-11-21T11:01:00.000Z') + 2 * 13 * MINUTE);
  });

  test('a person is needed', () => {
    const story = running().seals('auth');
    const { bar, blocked, report } = at(story, NOON, { live: null });
    expect(report).toMatchObject({ phase: 'paused', needsYou: true, paused: { kind: 'outcome' } });
    expect(bar).toMatch(/^! build 12\/30 NEEDS YOU it was auth/);
    expect(blocked[0]).toMatch(/^NEEDS YOU for 9m: it was auth · iteration 12 kept$/);
    expect(blocked[1]).toBe('ralph-tui login, then: ralph-tui resume');
    expect(report.eta?.at).toBeNull();
  });

  test('an engine that does not answer', () => {
    const { bar, blocked, report } = at(running().tell({ type: 'engine_away', why: 'no answer' }), NOON);
    expect(bar).toMatch(/^◷ build 12\/30 engine away/);
    expect(blocked).toEqual(['the engine is away for 9m: no answer', 'the run goes on when it is back']);
    expect(report).toMatchObject({ phase: 'running', engineAway: { why: 'no answer' } });
  });

  test('a disk that is full', () => {
    const { bar, blocked } = at(running(), NOON, { fullDisk: '/disk' });
    expect(bar).toMatch(/^! build 12\/30 disk full/);
    expect(blocked).toEqual(['free some space: the run goes on by itself', 'the disk is full: /disk']);
    expect(
      at(running().tell({ type: 'finished', reason: 'stopped', message: 'stopped', nextCommand: null }), NOON, {
        fullDisk: '/disk',
      }).report,
    ).toMatchObject({ diskFull: false, fullDisk: null });
  });

  test('a disk that is full, which the run is paused for or paused besides', () => {
    const full = running()
      .exits()
      .seals('completed', { survey: { ...OPEN_PLAN, fullDisk: '/other' } });
    expect(at(full, NOON)).toMatchObject({
      blocked: ['free some space: the run goes on by itself', 'the disk is full: /other'],
      report: { diskFull: true, fullDisk: '/other', needsYou: true },
    });
    expect(at(full, NOON).bar).toMatch(/ disk full /);
    const { blocked } = at(full.tell({ type: 'command_received', command: { name: 'pause' } }), NOON, {
      fullDisk: '/disk',
    });
    expect(blocked).toEqual(['free some space, then: ralph-tui resume', 'the disk is full: /disk']);
  });

  test('a supervisor that died', () => {
    const { bar, blocked, report } = at(running(), NOON, { supervisorAlive: false });
    expect(bar).toMatch(/^! build 12\/30 NO SUPERVISOR/);
    expect(blocked[0]).toBe('no supervisor: it died');
    expect(report.supervisor.alive).toBe(false);
  });

  test('the end', () => {
    const story = new Story({ options: { maxIterations: 1 } });
    story.attempt('completed').tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    const { bar, blocked, report, now } = at(story, NOON, { live: null, supervisorAlive: false });
    expect(report).toMatchObject({
      phase: 'finished',
      exitReason: 'max_reached',
      exitCode: 0,
      supervisor: { alive: null },
    });
    expect(report.elapsedMs).toBeLessThan(MINUTE);
    expect(bar).toBe('✓ build 1/1 max reached 1/3 $0.01');
    expect(blocked[0]).toBe('reached the maximum of 1 iteration (exit 0)');
    expect(now).toEqual([]);
  });
});

test('a status bar fits into 60 cells and has nothing that tmux would read', () => {
  const story = running().tell({
    type: 'paused',
    reason: { kind: 'workspace', message: '#(reboot) '.repeat(20), help: null, headlessExit: 'needs_person' },
  });
  const { bar } = at(story, NOON);
  expect(displayWidth(bar)).toBeLessThanOrEqual(60);
  expect(bar).not.toContain('#');
});

test('parts are put on further lines, long ones broken at spaces, long words cut', () => {
  expect(joinParts('now  ', ['aaaa', 'bbbb', 'cccc'], 16)).toEqual(['now  aaaa · bbbb', '     cccc']);
  expect(joinParts('now  ', ['one two three four'], 16)).toEqual(['now  one two', '     three four']);
  expect(joinParts('', ['x'.repeat(20)], 10)).toEqual([`${'x'.repeat(9)}…`]);
  expect(joinParts('why  ', ['a', 'one two three four', 'b'], 16)).toEqual([
    'why  a',
    '     one two',
    '     three four',
    '     b',
  ]);
});

describe('what an API that does not answer looks like', () => {
  test.each([
    [
      { attempt: 3, maxRetries: 10, delayMs: 8_000, status: 529, error: 'overloaded' },
      'retry 3 of 10 in 8s (529 overloaded)',
    ],
    [{ attempt: 1, maxRetries: null, delayMs: null, status: null, error: 'unknown' }, 'retry 1 (unknown)'],
    [{ attempt: 2, maxRetries: 10, delayMs: 500, status: 500, error: null }, 'retry 2 of 10 in 0s (500)'],
  ])('%j', (retry, words) => {
    expect(at(running(), '2026-11-21T10:10:13.000Z', { live: { ...LIVE, retry } }).now).toContain(words);
  });
});

test('usage windows have a line of their own where they are known', () => {
  const { lines } = at(running(), '2026-11-21T10:10:13.000Z', { live: { ...LIVE, usage: '5h 62% wk 31%' } });
  expect(lines).toContain('limits   5h 62% wk 31%');
});

describe('--until', () => {
  test('says that it is being asked', () => {
    const story = new Story({ options: { until: 'npm test' } }).tell({ type: 'check_started', command: 'npm test' });
    expect(at(story, '2026-11-21T10:10:13.000Z', { live: null }).lines.join('\n')).toContain(
      'checking whether it is done: npm test',
    );
  });

  const ended = (exitCode: number | null) =>
    ({ type: 'check_ended', ok: exitCode === 0, exitCode, tail: 'a\n2 failed', head: null, planHash: null }) as const;

  test.each([
    ['not asked yet', null, 'until    npm test · not asked yet'],
    ['that fails', 1, 'until    npm test · ✗ exit 1 · 2 failed'],
    ['that succeeds', 0, 'until    npm test · ✓ succeeds'],
  ])('%s', (_, exitCode, line) => {
    const story = new Story({ options: { until: 'npm test' } });
    if (exitCode !== null) story.tell(ended(exitCode));
    expect(at(story, '2026-11-21T10:10:13.000Z', { live: null }).lines).toContain(line);
  });
});
