// Tables without lines: columns of fixed cells, of which the least important go where there is no room.
import { displayWidth, fitToWidth } from '../../text/width.ts';
import { type Line, type Span, span } from './line.ts';
import type { RuleLabel } from './rule.ts';

export interface Column {
  readonly key: string;
  readonly heading: string;
  readonly cells: number;
  readonly align: 'start' | 'end';
  /** The highest goes first; 0 stays. */
  readonly rank: number;
  /** Takes what is left of the width; `cells` is the least it needs. */
  readonly grows?: boolean;
}

const GAP = 1;

/** The columns that fit into `width`, with the growing one grown. */
export function fitColumns(columns: readonly Column[], width: number): readonly Column[] {
  const kept = [...columns];
  const used = () => kept.reduce((cells, column) => cells + column.cells + GAP, -GAP);
  while (used() > width) {
    const last = kept.toSorted((a, b) => b.rank - a.rank)[0];
    if (last === undefined || last.rank === 0) break;
    kept.splice(kept.indexOf(last), 1);
  }
  const spare = Math.max(0, width - used());
  return kept.map((column) => (column.grows === true ? { ...column, cells: column.cells + spare } : column));
}

/** One row; a cell that is missing stays blank. */
export function tableLine(columns: readonly Column[], cells: Readonly<Record<string, Span>>): Line {
  return columns.flatMap(({ key, cells: width, align }, index) => {
    const cell = cells[key] ?? span('');
    const fitted = { ...cell, text: fitToWidth(cell.text, width, align) };
    return index === 0 ? [fitted] : [span(' '.repeat(GAP)), fitted];
  });
}

/** The headings at their columns, for the rule above the table. `from` is the column where the table begins. */
export function tableHeadings(columns: readonly Column[], from: number): RuleLabel[] {
  const labels: RuleLabel[] = [];
  let at = from;
  for (const { heading, cells, align } of columns) {
    const begin = align === 'start' ? at : at + Math.max(0, cells - displayWidth(heading));
    if (heading !== '') labels.push({ text: heading, at: begin, tone: 'dim' });
    at += cells + GAP;
  }
  return labels;
}
