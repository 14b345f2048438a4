// How long a task takes in this run, and how long the open ones will take at that pace.
import type { Receipt } from '../core/receipt.ts';

/**
 * Median time of a finished task, in milliseconds; null before there is one. Attempts that finished
 * nothing count for the next task that is finished: it cost that time, too.
 */
export function medianTaskMs(receipts: readonly Receipt[]): number | null {
  const times: number[] = [];
  let spentMs = 0;
  for (const receipt of receipts) {
    spentMs += receipt.elapsedMs;
    const finished = receipt.tasksFinished.length;
    if (finished === 0) continue;
    times.push(...Array<number>(finished).fill(spentMs / finished));
    spentMs = 0;
  }
  return median(times);
}

/** Time for `openTasks` at that pace, less what the running attempt has spent on its own. */
export function remainingMs(openTasks: number, perTaskMs: number, attemptElapsedMs: number): number {
  return Math.round(openTasks * perTaskMs - Math.min(attemptElapsedMs, openTasks === 0 ? 0 : perTaskMs));
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return (lower + upper) / 2;
}
