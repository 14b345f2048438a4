// What a receipt says of memory; the rest of it is in seal.test.ts, where real files tell it.
import { expect, test } from 'vitest';
import { emptyDigest } from '../../../src/agent/digest/digest.ts';
import type { Exit } from '../../../src/core/sandbox.ts';
import { makeReceipt } from '../../../src/supervisor/attempt/receipt.ts';
import { OPEN_PLAN, Story } from '../../core/story.ts';

const LIMIT = 64 * 1024 ** 2;

function peak(exit: Partial<Exit>, sample: number | null, memoryLimitBytes: number | null = LIMIT): number | null {
  const { current } = new Story().starts().exits(exit).state;
  if (current === null) throw new Error('no attempt');
  return makeReceipt({
    current: { ...current, memoryLimitBytes },
    digest: emptyDigest(null),
    survey: OPEN_PLAN,
    commits: [],
    workTree: { files: 0, hash: 'clean' },
    workTreeHashBefore: null,
    peakMemoryBytes: sample,
    stderrTail: '',
    now: '2026-11-21T10:00:00.000Z',
  }).peakMemoryBytes;
}

test.each([
  ['a kill between two samples', { oomKilled: true, code: 137 }, 1_200_000, LIMIT],
  ['a kill before the first sample', { oomKilled: true, code: 137 }, null, LIMIT],
  ['a command that was killed, and the agent went on', { oomKilled: true }, 1_200_000, LIMIT],
  ['a sample that is higher still', { oomKilled: true, code: 137 }, LIMIT + 1, LIMIT + 1],
  ['a kill by somebody else', { code: 137 }, 1_200_000, 1_200_000],
  ['no sample', {}, null, null],
])('the peak after %s', (_, exit, sample, expected) => {
  expect(peak(exit, sample)).toBe(expected);
});

test('without a limit of ours the samples are all there is', () => {
  expect(peak({ oomKilled: true, code: 137 }, 5, null)).toBe(5);
});
