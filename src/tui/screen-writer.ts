// Draws frames: writes the rows that differ from what is on the screen, each at its own place.
//
// Ink takes the terminal, its keys and its alternate screen, and gives them back; it does not draw. Its renderer lays
// out every cell of every row again for each frame: 10 ms at 120×40 where this takes well under one, which is the
// difference between 14 % and 4 % of a core while a log runs through. Rows that are addressed by number also stay where
// they are when the terminal's idea of a character's width is not ours.
import type { Frame } from './frame-store.ts';

/** Synchronized output (DECSET 2026): terminals that know it show the whole change at once. */
const BEGIN_UPDATE = '\x1b[?2026h';
const END_UPDATE = '\x1b[?2026l';

export class ScreenWriter {
  readonly #stdout: NodeJS.WriteStream;
  #drawn: Frame | null = null;
  #isPaused = false;

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout;
  }

  draw(frame: Frame): void {
    if (this.#isPaused) return;
    const bytes = changedRows(this.#drawn, frame);
    this.#drawn = frame;
    if (bytes !== '') this.#stdout.write(BEGIN_UPDATE + bytes + END_UPDATE);
  }

  /** Draws all of it: nothing is known of what is on the screen. */
  drawAnew(frame: Frame): void {
    this.#drawn = null;
    this.draw(frame);
  }

  /** Somebody else has the terminal. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(frame: Frame): void {
    this.#isPaused = false;
    this.drawAnew(frame);
  }
}

/** What turns the one into the other on a terminal that does not wrap lines. */
export function changedRows(before: Frame | null, after: Frame): string {
  const isSameSize = before !== null && before.columns === after.columns && before.rows === after.rows;
  const known = isSameSize ? before.lines : [];
  let bytes = '';
  for (const [row, text] of after.lines.entries()) {
    if (text !== known[row]) bytes += `\x1b[${row + 1};1H${text}`;
  }
  return bytes;
}
