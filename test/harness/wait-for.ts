// Waits until something holds, by looking again and again: tests never wait for a fixed time.
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for: `the attempt to start`. */
  readonly what: string;
  /** 10 s where nothing is said. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  /** More about how things stand, for the message when it never held. */
  readonly detail?: () => string | Promise<string>;
}

export class WaitTimeout extends Error {
  readonly code = 'wait_timeout';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WaitTimeout';
  }
}

type Falsy = undefined | null | false | 0 | '';

/**
 * Resolves with the first truthy value of `look`, which may throw meanwhile.
 * Rejects with a `WaitTimeout` that says what was waited for and what came last.
 */
export async function waitFor<T>(look: () => T | Promise<T>, options: WaitOptions): Promise<Exclude<T, Falsy>> {
  const { what, timeoutMs = 10_000, intervalMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await attempt(look);
    if (seen.value) return seen.value as Exclude<T, Falsy>;
    if (performance.now() >= deadline) {
      const last = seen.error === undefined ? `it was ${JSON.stringify(seen.value)}` : String(seen.error);
      const detail = options.detail ? `\n${await options.detail()}` : '';
      throw new WaitTimeout(`Waited ${timeoutMs} ms for ${what}; at last ${last}.${detail}`, { cause: seen.error });
    }
    await sleep(intervalMs);
  }
}

async function attempt<T>(look: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await look() };
  } catch (error) {
    return { error };
  }
}
