// Puts facts side by side on one line: all of them where there is room, shorter ones and fewer where there is not.
import { displayWidth } from '../../text/width.ts';
import { cutLine, type Line, type Span, span, type Tone } from './line.ts';

export interface Part {
  /** The same fact, the longest way to say it first. */
  readonly forms: readonly string[];
  readonly tone?: Tone;
  /** What is least important goes first: the highest number. 0 stays. */
  readonly rank: number;
}

/** One line of at most `cells` cells, in the order given. Facts are shortened before one is left out. */
export function fitParts(parts: readonly Part[], cells: number, gap = '  '): Line {
  const chosen = parts
    .filter((part) => part.forms[0] !== undefined && part.forms[0] !== '')
    .map((part) => ({ part, form: 0 }));
  const gapCells = displayWidth(gap);
  const width = () =>
    chosen.reduce((sum, { part, form }) => sum + displayWidth(part.forms[form] ?? '') + gapCells, -gapCells);
  const byRank = () => chosen.toSorted((a, b) => b.part.rank - a.part.rank);
  while (width() > cells) {
    const shortened = byRank().find(({ part, form }) => form < part.forms.length - 1);
    if (shortened !== undefined) {
      shortened.form += 1;
      continue;
    }
    const dropped = byRank()[0];
    if (dropped === undefined || dropped.part.rank === 0) break;
    chosen.splice(chosen.indexOf(dropped), 1);
  }
  const spans: Span[] = [];
  for (const { part, form } of chosen) {
    if (spans.length > 0) spans.push(span(gap));
    spans.push(span(part.forms[form] ?? '', part.tone ?? 'plain'));
  }
  return cutLine(spans, cells);
}
