import { describe, expect, test } from 'vitest';
import { OUTCOME_KINDS } from '../../src/core/outcome.ts';
import { OUTCOME_WORDS } from '../../src/report/outcome-words.ts';
import { medianTaskMs, remainingMs } from '../../src/report/pace.ts';
import { receiptLines, receiptsJson } from '../../src/report/receipts.ts';
import { displayWidth } from '../../src/text/width.ts';
import { receiptOf, Story } from '../core/story.ts';

const MINUTE = 60_000;
const COMMIT = { sha: 'b'.repeat(40), subject: 'Add \x1b[31mred', at: '2026-11-21T10:00:00.000Z' };

function receipts() {
  return new Story()
    .attempt('completed', {
      elapsedMs: 9 * MINUTE + 2000,
      costUsd: 0.66,
      contextPeakTokens: 82_000,
      contextWindowTokens: 200_000,
      peakMemoryBytes: 3.9 * 1024 ** 3,
      commits: [COMMIT],
      tasksFinished: ['3.1 PKCE verifier'],
      traits: { error: null, lastTool: null, filesRead: ['src/\x1b[31mred.ts'], filesChanged: [] },
    })
    .attempt('usage_limit', { elapsedMs: 4000, costUsd: 0 })
    .tell({ type: 'woke', until: '' })
    .attempt('oom', { elapsedMs: 6 * MINUTE, costUsd: 0.31, costBasis: 'estimated', peakMemoryBytes: 8 * 1024 ** 3 })
    .state.receipts;
}

test('as a table', () => {
  expect(receiptLines(receipts(), 80)).toEqual([
    ' iter  outcome         time     cost   ctx    mem  did',
    '    1  ✓ completed     9m02    $0.66   41%   3.9G  1c 1t  3.1 PKCE verifier',
    '    2  ⏸ limit           4s    $0.00     –      –  0c 0t  it was usage_limit',
    '  2.2  ! oom           6m00   ≈$0.31     –     8G  0c 0t  it was oom',
    '3 attempts · 1 completed · 15m06 · ≈$0.97 · 1 task · 1 commit · peak 8G',
  ]);
});

test('what was undone: marked, out of the totals of commits and tasks, and how to have it again, whole', () => {
  const fetchCommand = `git fetch /home/somebody/${'a-long-folder/'.repeat(5)}shadow.git refs/ralph-tui/undo/run-2-1`;
  const undone = { at: '2026-11-21T11:00:00.000Z', fetchCommand };
  const work = { commits: [COMMIT], tasksFinished: ['3.1'] };
  const listed = [
    receiptOf({ iteration: 1, attempt: 1 }, 'completed', work),
    receiptOf({ iteration: 2, attempt: 1 }, 'oom', { ...work, undone }),
    receiptOf({ iteration: 3, attempt: 1 }, 'completed', { ...work, undone }),
  ];
  expect(receiptLines(listed, 80).slice(1)).toEqual([
    '    1  ✓ completed       1s    $0.01     –      –  1c 1t  3.1',
    '    2  ↶ undone          1s    $0.01     –      –  ! oom, 1c 1t  3.1',
    '    3  ↶ undone          1s    $0.01     –      –  ✓ completed, 1c 1t  3.1',
    '3 attempts · 2 completed · 2 undone · 3s · $0.03 · 1 task · 1 commit',
    'iteration 2, 3 undone; to have it again, as FETCH_HEAD:',
    `  ${fetchCommand}`,
  ]);
  expect(receiptsJson('run', listed)).toMatchObject({
    receipts: [{}, { undone }, { undone }],
    totals: { undone: 2, commits: 1, tasksFinished: 1, elapsedMs: 3000 },
  });
});

test('totals are an estimate as soon as one row is', () => {
  const { receipts } = new Story()
    .attempt('oom', { costUsd: 0, costBasis: 'estimated' })
    .attempt('completed', { costUsd: 1 }).state;
  expect(receiptLines(receipts.slice(0, 1), 80).at(-1)).toContain(' · ≈$0.00 · ');
  expect(receiptLines(receipts, 80).at(-1)).toContain(' · ≈$1.00 · ');
});

test('with the word of the command of --until', () => {
  const { receipts } = new Story({ options: { until: 'npm test' } })
    .attempt('completed', { check: { ok: false, exitCode: 1 }, tasksFinished: ['3.1'] })
    .attempt('completed', { check: { ok: true, exitCode: 0 } }).state;
  const did = receiptLines(receipts, 80)
    .slice(1, 3)
    .map((line) => line.slice(51));
  expect(did).toEqual(['0c 1t until ✗ 1  3.1', '0c 0t until ✓']);
});

test('as JSON, with totals, and safe to show', () => {
  const json = receiptsJson('run', receipts());
  expect(json.totals).toMatchObject({
    attempts: 3,
    completed: 1,
    commits: 1,
    tasksFinished: 1,
    costBasis: 'estimated',
  });
  expect(json.receipts.map(({ iteration, attempt }) => [iteration, attempt])).toEqual([
    [1, 1],
    [2, 1],
    [2, 2],
  ]);
  expect(json.receipts[0]?.commits[0]?.subject).toBe('Add red');
  expect(json.receipts[0]?.traits.filesRead).toEqual(['src/red.ts']);
});

test('a run without receipts has totals, too', () => {
  expect(receiptLines([], 80).at(-1)).toBe('0 attempts · 0 completed · 0s · $0.00 · 0 tasks · 0 commits');
});

describe('every outcome has a glyph of one cell and a word that fits its column', () => {
  test.each(OUTCOME_KINDS)('%s', (kind) => {
    const { glyph, word } = OUTCOME_WORDS[kind];
    expect(displayWidth(glyph)).toBe(1);
    expect(displayWidth(word)).toBeLessThanOrEqual(11);
  });
});

describe('pace', () => {
  const receipt = (elapsedMinutes: number, tasks: number) => {
    const [first] = new Story().attempt('completed', {
      elapsedMs: elapsedMinutes * MINUTE,
      tasksFinished: Array<string>(tasks).fill('t'),
    }).state.receipts;
    if (first === undefined) throw new Error('no receipt');
    return first;
  };

  test.each([
    ['nothing finished', [receipt(5, 0)], null],
    ['one', [receipt(5, 1)], 5],
    ['two in one attempt share its time', [receipt(10, 2)], 5],
    ['the middle one counts', [receipt(1, 1), receipt(4, 1), receipt(60, 1)], 4],
    ['between two middle ones', [receipt(2, 1), receipt(4, 1)], 3],
    ['attempts for nothing cost the next task', [receipt(5, 0), receipt(5, 1)], 10],
  ])('%s', (_, list, minutes) => {
    expect(medianTaskMs(list)).toBe(minutes === null ? null : minutes * MINUTE);
  });

  test('what the running attempt has spent is no longer ahead, up to one task', () => {
    expect(remainingMs(3, 10, 4)).toBe(26);
    expect(remainingMs(3, 10, 99)).toBe(20);
    expect(remainingMs(0, 10, 4)).toBe(0);
  });
});
