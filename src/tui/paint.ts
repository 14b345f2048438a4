// Turns a line into the text that goes to the terminal: tones become SGR, signs become ASCII where there is no Unicode.
import { toAscii } from '../text/glyphs.ts';
import { type Line, lineWidth } from './parts/line.ts';
import { type ColourMode, toneParameters } from './theme.ts';

export interface PaintOptions {
  readonly colours: ColourMode;
  readonly unicode: boolean;
}

/** Nothing that could move the cursor leaves this program, even if a view forgot to sanitize. */
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

/** Erases from the cursor to the end of the row (ECMA-48 EL). */
const ERASE_REST = '\x1b[K';

/** A row of `columns` cells: what it does not fill is erased. */
export function paintRow(line: Line, columns: number, options: PaintOptions): string {
  const painted = paint(line, options);
  // At the end of a full row the cursor stands on its last cell, which must not be erased.
  return lineWidth(line) < columns ? painted.trimEnd() + ERASE_REST : painted;
}

export function paint(line: Line, { colours, unicode }: PaintOptions): string {
  let painted = '';
  let pending = '';
  for (const { text, tone, inverse = false } of line) {
    const safe = (unicode ? text : toAscii(text)).replace(CONTROLS, '?');
    if (safe === '') continue;
    const parameters = toneParameters(tone, inverse, colours);
    if (parameters === '' || (!inverse && safe.trim() === '')) {
      pending += safe;
      continue;
    }
    painted += `${pending}\x1b[${parameters}m${safe}\x1b[0m`;
    pending = '';
  }
  return painted + pending;
}
