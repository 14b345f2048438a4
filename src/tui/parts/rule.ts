// The rule above a panel: a line across the screen that carries titles, column headings and states.
import { displayWidth, truncateToWidth } from '../../text/width.ts';
import { type Line, type Span, span, type Tone } from './line.ts';

export interface RuleLabel {
  readonly text: string;
  /** Column in which the text begins; one blank is put on both sides. Null: at the right end. */
  readonly at: number | null;
  readonly tone?: Tone;
}

/**
 * A rule of `width` cells with the labels on it. A focused panel has a heavy rule, so that focus shows without colour.
 * Labels that do not fit behind the one before are left out.
 */
export function rule(width: number, labels: readonly RuleLabel[], focused: boolean): Line {
  const dash = focused ? '━' : '─';
  const dashTone: Tone = focused ? 'accent' : 'dim';
  const spans: Span[] = [];
  let at = 0;
  const dashes = (to: number) => {
    if (to > at) spans.push(span(dash.repeat(to - at), dashTone));
    at = Math.max(at, to);
  };
  const widthOf = (list: readonly RuleLabel[]) => list.reduce((cells, { text }) => cells + displayWidth(text) + 2, 0);
  const leftEnd = Math.max(
    0,
    ...labels.map(({ at: begin, text }) => (begin === null ? 0 : begin + displayWidth(text) + 2)),
  );
  // What stands at the right end is the first to give way, the last of it first.
  const right = labels.filter((label) => label.at === null && label.text !== '');
  while (right.length > 0 && leftEnd + widthOf(right) > width) right.pop();
  const rightWidth = widthOf(right);
  for (const label of labels) {
    if (label.at === null || label.text === '') continue;
    const room = width - rightWidth - label.at - 2;
    if (label.at - 1 < at || room < 1) continue;
    dashes(label.at - 1);
    const text = truncateToWidth(label.text, room);
    spans.push(span(' '), span(text, label.tone ?? (focused ? 'strong' : 'plain')), span(' '));
    at += displayWidth(text) + 2;
  }
  if (rightWidth > 0 && at + rightWidth <= width) {
    dashes(width - rightWidth);
    for (const label of right) {
      spans.push(span(' '), span(label.text, label.tone ?? 'dim'), span(' '));
      at += displayWidth(label.text) + 2;
    }
  }
  dashes(width);
  return spans;
}
