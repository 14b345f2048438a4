import { afterEach, describe, expect, test, vi } from 'vitest';
import { sleepUntil } from '../../src/supervisor/wake.ts';

const never = () => new AbortController().signal;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

afterEach(() => {
  vi.useRealTimers();
});

describe('sleeping until a time of day', () => {
  test('that is over takes no time', async () => {
    expect(await sleepUntil(inMs(-1), never())).toBe(true);
  });

  test('wakes up then, and not before', async () => {
    const until = inMs(30);
    expect(await sleepUntil(until, never())).toBe(true);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  });

  test('ends at once when nobody waits any more', async () => {
    const waiting = new AbortController();
    const slept = sleepUntil(inMs(3_600_000), waiting.signal);
    waiting.abort();
    expect(await slept).toBe(false);
    expect(await sleepUntil(inMs(3_600_000), waiting.signal)).toBe(false);
  });

  test('follows the clock, not the timers: a laptop that slept through it is on time', async () => {
    // timers/promises take no part in this; only the clock is moved, as a suspended machine's is.
    vi.useFakeTimers({ toFake: ['Date'] });
    const slept = sleepUntil(inMs(50), never());
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    expect(await slept).toBe(true);
  });
});
