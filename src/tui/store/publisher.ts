// Tells subscribers that something changed, at most so often: a burst of changes costs one frame, and the first change
// after a quiet time is shown at once (facts: data is batched at 8–10 Hz, keys are not).

export const PUBLISH_EVERY_MS = 125;

export class Publisher {
  readonly #publish: () => void;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(publish: () => void, everyMs: number = PUBLISH_EVERY_MS) {
    this.#publish = publish;
    this.#everyMs = everyMs;
  }

  /** Something changed. */
  note(): void {
    if (this.#timer !== null || this.#closed) return;
    const waitMs = Math.max(0, this.#lastAt + this.#everyMs - performance.now());
    this.#timer = setTimeout(() => this.#fire(), waitMs);
  }

  /** Publishes what is noted now instead of in a moment. */
  flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#fire();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #fire(): void {
    this.#timer = null;
    this.#lastAt = performance.now();
    this.#publish();
  }
}
