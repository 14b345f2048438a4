// Between which two states the diff of an attempt is.
import { expect, test } from 'vitest';
import { attemptRange } from '../../../src/commands/view/diff-range.ts';
import type { Receipt } from '../../../src/core/receipt.ts';
import { Story } from '../../core/story.ts';

const [BASE, HEAD, LATER, FOUND, NEXT] = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
  string,
];
const FIRST = { baseCommit: BASE, headCommit: HEAD, foundCommit: FOUND, uncommittedFiles: 2 };
const first = { iteration: 1, attempt: 1 };

function rangeOfFirst(receipts: readonly Partial<Receipt>[], head: string | null) {
  const story = new Story();
  for (const receipt of receipts) story.attempt('completed', receipt);
  return attemptRange(story.state, first, head);
}

const PLAIN = 'diff of iteration 1';
const UNTIL_NOW = `${PLAIN}, to the files in the work tree`;

test.each<[string, readonly Partial<Receipt>[], string | null, string | null, string]>([
  ['the last one, and nothing came since', [FIRST], HEAD, 'worktree', UNTIL_NOW],
  ['the last one, all committed', [{ ...FIRST, uncommittedFiles: 0 }], HEAD, null, PLAIN],
  ['the last one, and git could not tell', [{ ...FIRST, uncommittedFiles: null }], HEAD, 'worktree', UNTIL_NOW],
  ['the last one, and somebody has committed since', [FIRST], LATER, null, PLAIN],
  ['the last one, and HEAD cannot be read', [FIRST], null, null, PLAIN],
  ['the next one found what it left', [FIRST, { baseCommit: HEAD, foundCommit: NEXT }], LATER, NEXT, PLAIN],
  ['the next one found nothing', [FIRST, { baseCommit: HEAD, foundCommit: HEAD }], LATER, HEAD, PLAIN],
  ['somebody committed before the next one', [FIRST, { baseCommit: LATER, foundCommit: NEXT }], LATER, null, PLAIN],
  ['nobody knows what the next one found', [FIRST, { baseCommit: HEAD, foundCommit: null }], HEAD, null, PLAIN],
])('%s', (_name, receipts, head, left, title) => {
  expect(rangeOfFirst(receipts, head)).toEqual({
    ...{ baseCommit: BASE, foundCommit: FOUND, headCommit: HEAD },
    ...{ left, title },
  });
});

test('an older journal does not say what an attempt found', () => {
  const { foundCommit: _, ...older } = FIRST;
  expect(rangeOfFirst([older], LATER)).toMatchObject({ baseCommit: BASE, foundCommit: null, left: null });
});

test('nothing to compare', () => {
  const why = 'nothing was committed before it, so there is nothing to compare';
  expect(rangeOfFirst([{ ...FIRST, baseCommit: null, foundCommit: null }], HEAD)).toEqual({ why });
  expect(rangeOfFirst([{ ...FIRST, headCommit: null }], LATER)).toEqual({ why });
  expect(rangeOfFirst([], HEAD)).toEqual({ why: 'the run knows no such attempt' });
});
