// Sleeping until a time of day, not for a duration: a laptop that slept wakes up on time.
import { setTimeout as sleep } from 'node:timers/promises';

/** A timer stands still while the machine is suspended, so the clock is read again at least this often. */
const LONGEST_NAP_MS = 30_000;

/**
 * Resolves when the wall clock has reached that time.
 * @param until ISO 8601
 * @returns false when the signal came first
 */
export async function sleepUntil(until: string, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.parse(until);
  while (!signal.aborted) {
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return true;
    await sleep(Math.min(leftMs, LONGEST_NAP_MS), undefined, { signal }).catch(() => undefined);
  }
  return false;
}
