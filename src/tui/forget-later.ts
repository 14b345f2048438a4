// Things on the screen that go by themselves: a message after some seconds, a question after some minutes.

export class ForgetLater {
  readonly #afterMs: number;
  readonly #forget: () => void;
  #shown: unknown = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param forget takes it from the screen */
  constructor(afterMs: number, forget: () => void) {
    this.#afterMs = afterMs;
    this.#forget = forget;
  }

  /** What is on the screen now; null for nothing. Another thing has its own time. */
  show(thing: unknown): void {
    if (thing === this.#shown) return;
    this.#shown = thing;
    this.stop();
    if (thing !== null) this.#timer = setTimeout(this.#forget, this.#afterMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
