// A screen line as data: spans of text with a meaning each. Views make lines, paint.ts makes them terminal bytes.
// Texts in spans are safe to show (text/sanitize) and hold no line end.
import { characterWidth, displayWidth, truncateToWidth } from '../../text/width.ts';

/** What a span means; theme.ts says how that looks. Never the only carrier of a meaning. */
export type Tone = 'plain' | 'dim' | 'good' | 'bad' | 'waits' | 'needs_you' | 'accent' | 'agent' | 'strong';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** Under the cursor, or a match of a search. */
  readonly inverse?: boolean;
}

export type Line = readonly Span[];

export const EMPTY_LINE: Line = [];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** A line of one span. */
export function line(text: string, tone: Tone = 'plain'): Line {
  return text === '' ? EMPTY_LINE : [span(text, tone)];
}

/** Cells that the line takes. */
export function lineWidth(source: Line): number {
  return source.reduce((cells, { text }) => cells + displayWidth(text), 0);
}

export function lineText(source: Line): string {
  return source.map(({ text }) => text).join('');
}

/** The line in at most `cells` cells; a cut is shown by `mark`. */
export function cutLine(source: Line, cells: number, mark = '…'): Line {
  if (lineWidth(source) <= cells) return source;
  const kept: Span[] = [];
  let room = cells;
  for (const [index, piece] of source.entries()) {
    const width = displayWidth(piece.text);
    const isLast = index === source.length - 1;
    if (width < room || (width === room && isLast)) {
      kept.push(piece);
      room -= width;
      continue;
    }
    // The mark has to stand here even where the span itself would just fit: more comes behind it.
    const cut = truncateToWidth(width > room ? piece.text : `${piece.text} `, room, mark);
    if (cut !== '') kept.push({ ...piece, text: cut });
    break;
  }
  return kept;
}

/** Exactly `cells` wide: cut with `mark`, or filled up with spaces behind. */
export function fitLine(source: Line, cells: number, mark = '…'): Line {
  const cut = cutLine(source, Math.max(0, cells), mark);
  const missing = cells - lineWidth(cut);
  return missing <= 0 ? cut : [...cut, span(' '.repeat(missing))];
}

/** `left`, and `right` at the other end, in exactly `cells` cells; the left one gives way. */
export function spread(left: Line, right: Line, cells: number): Line {
  const rightPart = cutLine(right, cells);
  const room = cells - lineWidth(rightPart);
  const gap = lineWidth(rightPart) > 0 && room > 0 ? 1 : 0;
  return [...fitLine(left, room - gap), ...(gap === 1 ? [span(' ')] : []), ...rightPart];
}

/** The cells from `from` up to `to`; a wide character that the cut goes through becomes a space. */
export function sliceLine(source: Line, from: number, to: number): Line {
  const kept: Span[] = [];
  let at = 0;
  for (const piece of source) {
    let text = '';
    for (const character of piece.text) {
      const width = characterWidth(character);
      const begin = at;
      at += width;
      if (width === 0 ? begin <= from || begin > to : at <= from || begin >= to) continue;
      text += begin < from || at > to ? ' ' : character;
    }
    if (text !== '') kept.push({ ...piece, text });
  }
  return kept;
}

/** The whole line under the cursor, in one colour: half-coloured bars are hard to read. */
export function inverseLine(source: Line): Line {
  return source.map(({ text }) => ({ text, tone: 'plain', inverse: true }));
}

/** `top` laid over `below` with its upper left corner at column `x` and row `y`; all lines of `below` are `width` wide. */
export function overlay(below: readonly Line[], top: readonly Line[], x: number, y: number, width: number): Line[] {
  return below.map((source, row) => {
    const over = top[row - y];
    if (over === undefined) return source;
    const end = x + lineWidth(over);
    const full = fitLine(source, width);
    return [...sliceLine(full, 0, x), ...over, ...sliceLine(full, end, width)];
  });
}
