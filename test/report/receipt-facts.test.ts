import { expect, test } from 'vitest';
import type { Receipt } from '../../src/core/receipt.ts';
import { receiptFacts } from '../../src/report/receipt-facts.ts';
import { Story } from '../core/story.ts';

const OPTIONS = { now: Date.parse('2026-11-21T23:00:00.000Z'), timeZone: 'UTC' };

function factsOf(change: Partial<Receipt>): Readonly<Record<string, readonly string[]>> {
  const [receipt] = new Story().attempt('completed', change).state.receipts;
  if (receipt === undefined) throw new Error('no receipt');
  return Object.fromEntries(receiptFacts(receipt, OPTIONS).map(({ label, values }) => [label, values]));
}

test('a memory kill in full', () => {
  const facts = factsOf({
    outcome: { kind: 'oom', message: 'killed by its memory limit', resetsAt: null },
    exitCode: 137,
    startedAt: '2026-11-21T21:02:11.000Z',
    endedAt: '2026-11-21T21:08:42.000Z',
    elapsedMs: 391_000,
    costUsd: 0.31,
    costBasis: 'estimated',
    tokens: { input: 12_000, output: 34_000, cacheRead: 1_100_000, cacheWrite: 60_000 },
    contextPeakTokens: 44_000,
    contextWindowTokens: 200_000,
    peakMemoryBytes: 8 * 1024 ** 3,
    memoryLimitBytes: 8 * 1024 ** 3,
    toolCalls: 42,
    traits: { error: null, lastTool: 'Bash npm test', filesRead: [], filesChanged: [] },
    tasksAdded: 2,
    uncommittedFiles: 5,
    warnings: ['used --no-verify'],
    baseCommit: 'a'.repeat(40),
    headCommit: 'b'.repeat(40),
  });
  expect(facts).toMatchObject({
    outcome: ['! oom', 'killed by its memory limit', 'counts as an iteration · exit code 137'],
    time: ['6m31, 21:02:11 → 21:08:42'],
    cost: ['≈$0.31 estimated from its messages · 1.2M tokens: 12k in, 34k out, 1.1M cached, 60k to cache'],
    context: ['44k tokens of 200k (22 %) at its fullest'],
    memory: ['8G at its highest, limit 8G'],
    commits: ['none'],
    files: ['5 files uncommitted after it'],
    tools: ['42 calls · the last: Bash npm test'],
    warnings: ['used --no-verify'],
    base: ['aaaaaaaaaaaa → bbbbbbbbbbbb'],
  });
  expect(facts.tasks?.[0]).toMatch(/^0 tasks done · 2 added · \d+ open after it$/);
});

test('what is not known is left out', () => {
  const facts = factsOf({ promptHash: '', sessionId: null, contextPeakTokens: 0, peakMemoryBytes: null });
  for (const label of ['prompt', 'session', 'context', 'memory', 'check', 'warnings'])
    expect(facts[label]).toBeUndefined();
});

test('what was uncommitted before it', () => {
  const [baseCommit, foundCommit] = ['a'.repeat(40), 'c'.repeat(40)];
  expect(factsOf({ baseCommit, foundCommit }).files?.[1]).toBe('what was uncommitted before it is kept: cccccccccccc');
  for (const nothing of [baseCommit, null, undefined])
    expect(factsOf({ baseCommit, foundCommit: nothing }).files).toEqual(['nothing uncommitted after it']);
});

test.each([
  [{ ok: true, exitCode: 0 }, 'the command of --until succeeds ✓'],
  [{ ok: false, exitCode: 2 }, 'the command of --until fails ✗ (exit 2)'],
])('the word of the check %j', (check, words) => {
  expect(factsOf({ check }).check).toEqual([words]);
});

test('tasks and commits stand below each other', () => {
  const facts = factsOf({
    tasksFinished: ['3.1 PKCE', '3.2 Rotate'],
    commits: [{ sha: 'c'.repeat(40), subject: 'Add PKCE', at: '2026-11-21T10:00:00.000Z' }],
  });
  expect(facts.tasks?.slice(1)).toEqual(['✓ 3.1 PKCE', '✓ 3.2 Rotate']);
  expect(facts.commits).toEqual(['ccccccc Add PKCE']);
});

test('one that was undone says so, and where it is kept', () => {
  const undone = { at: '2026-11-21T22:00:00.000Z', fetchCommand: 'git fetch /shadow.git refs/ralph-tui/undo/run-1-1' };
  expect(factsOf({ undone }).undone).toEqual([
    'by you, 22:00; what it did is not in the repository any more',
    'to have it again, as FETCH_HEAD:',
    undone.fetchCommand,
  ]);
  expect(factsOf({}).undone).toBeUndefined();
});
