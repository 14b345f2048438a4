// A run whose supervisor died goes on as soon as somebody looks: the viewer starts it again, so many times in so many
// minutes, and says so when that does not help (the restart intensity of an OTP supervisor).
import { DEFAULT_POLICY } from '../core/policy.ts';
import { messageOf } from '../system/system-error.ts';
import type { Clock } from './store/ports.ts';

export interface SupervisorCareOptions {
  /** Starts it again; resolves when it is ready for commands. */
  readonly recover: () => Promise<void>;
  /** Looks once more: what looked dead may only just have been replaced. */
  readonly isAlive: () => Promise<boolean>;
  readonly say: (text: string, tone: 'plain' | 'bad') => void;
  readonly clock: Clock;
  readonly limit?: number;
  readonly windowMs?: number;
}

export class SupervisorCare {
  readonly #options: SupervisorCareOptions;
  readonly #limit: number;
  readonly #windowMs: number;
  #restarts: number[] = [];
  #reviving: Promise<boolean> | null = null;
  #gaveUp = false;

  constructor(options: SupervisorCareOptions) {
    this.#options = options;
    this.#limit = options.limit ?? DEFAULT_POLICY.restartLimit;
    this.#windowMs = options.windowMs ?? DEFAULT_POLICY.restartWindowMs;
  }

  /** The screen has seen that it is dead: starts it again, unless that is no use any more. */
  noticeDeath(): void {
    // A look that fails is made again with the next notice.
    if (!this.#gaveUp) this.revive().catch(() => undefined);
  }

  /** Resolves with whether there is a supervisor now. Several calls are one try. */
  async revive(): Promise<boolean> {
    this.#reviving ??= this.#tryOnce().finally(() => {
      this.#reviving = null;
    });
    return this.#reviving;
  }

  async #tryOnce(): Promise<boolean> {
    const { recover, isAlive, say, clock } = this.#options;
    if (await isAlive()) return true;
    const now = clock();
    this.#restarts = this.#restarts.filter((at) => now - at < this.#windowMs);
    if (this.#restarts.length >= this.#limit) {
      this.#gaveUp = true;
      const minutes = Math.round(this.#windowMs / 60_000);
      say(`the supervisor died ${this.#limit} times in ${minutes} min and is left alone; see supervisor.log`, 'bad');
      return false;
    }
    this.#restarts.push(now);
    say('the supervisor died; starting it again', 'bad');
    try {
      await recover();
      this.#gaveUp = false;
      say('the supervisor is back', 'plain');
      return await isAlive();
    } catch (error) {
      this.#gaveUp = true;
      say(`the supervisor cannot be started: ${messageOf(error)}`, 'bad');
      return false;
    }
  }
}
