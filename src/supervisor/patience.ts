// A disk that is full is no reason to end anything: what was to be written waits until there is space.
import { setTimeout as sleep } from 'node:timers/promises';
import { isNoSpace } from '../journal/no-space.ts';

export class Patience {
  readonly #retryMs: number;
  readonly #signal: AbortSignal;
  #looks = 0;

  constructor(retryMs: number, signal: AbortSignal) {
    this.#retryMs = retryMs;
    this.#signal = signal;
  }

  /** How often space was waited for: while this grows, silence means nothing. */
  get looks(): number {
    return this.#looks;
  }

  /**
   * Tries until it succeeds; it has to leave everything as it was when it fails for want of space.
   * @throws whatever else goes wrong; the last want of space when the signal is aborted
   */
  async try<T>(act: () => T | Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!isNoSpace(error) || this.#signal.aborted) throw error;
        this.#looks += 1;
        await sleep(this.#retryMs, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }
}
