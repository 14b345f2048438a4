// What was opened on the way is closed again, the last first, wherever the way ends.

export class CleanUp {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Carries every step out once, also when another one fails; fine to call again. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch {
        // What cannot be closed must not keep the rest open.
      }
    }
  }
}
