// How long a follower puts up with an engine that is away: it tries again in growing steps, then gives up.
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxError } from '../../core/sandbox.ts';

export interface OutagePolicy {
  /** So long without success: reject with `engine_away`. The caller may begin again where it stopped. */
  readonly giveUpAfterMs: number;
  /** Steps between two tries; the last one repeats. */
  readonly retryMs: readonly number[];
}

export const DEFAULT_OUTAGE_POLICY: OutagePolicy = {
  // A restart of the engine takes about that long; what lasts longer is worth telling.
  giveUpAfterMs: 5_000,
  retryMs: [50, 100, 200, 500, 1_000, 2_000],
};

/** Counts one follower's failures in a row. */
export class Outage {
  readonly #policy: OutagePolicy;
  #failures = 0;
  #since: number | null = null;

  constructor(policy: OutagePolicy) {
    this.#policy = policy;
  }

  /** Something worked: the next failure is a first one. */
  over(): void {
    this.#failures = 0;
    this.#since = null;
  }

  /**
   * Waits before the next try.
   * @throws SandboxError `engine_away` when it has gone on for too long; the signal's reason when it is aborted
   */
  async pause(error: unknown, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#since ??= now;
    if (now - this.#since >= this.#policy.giveUpAfterMs) {
      if (error instanceof SandboxError) throw error;
      throw new SandboxError('engine_away', 'Docker keeps breaking the connection: see its own log', { cause: error });
    }
    await this.retryLater(signal);
  }

  /**
   * Only waits, however often: for something that is no outage.
   * @throws the signal's reason when it is aborted
   */
  async retryLater(signal: AbortSignal): Promise<void> {
    const { retryMs } = this.#policy;
    const delayMs = retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 0;
    this.#failures += 1;
    await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
