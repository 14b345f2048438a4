// The frame on the screen. Whoever draws is told only when it really differs: drawing the same frame again costs as
// much as drawing a new one.
import type { Size } from './terminal/size.ts';

export interface Frame extends Size {
  /** One painted row each; a row that is shorter than the screen ends with what erases the rest. */
  readonly lines: readonly string[];
}

export class FrameStore {
  readonly #compute: () => Frame;
  readonly #listeners = new Set<() => void>();
  #frame: Frame;

  constructor(compute: () => Frame) {
    this.#compute = compute;
    this.#frame = compute();
  }

  readonly getFrame = (): Frame => this.#frame;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  refresh(): void {
    const next = this.#compute();
    if (isSame(this.#frame, next)) return;
    this.#frame = next;
    for (const listener of this.#listeners) listener();
  }
}

function isSame(a: Frame, b: Frame): boolean {
  return (
    a.columns === b.columns &&
    a.rows === b.rows &&
    a.lines.length === b.lines.length &&
    a.lines.every((text, row) => text === b.lines[row])
  );
}
