// Which rows of the log count: filter, search, and where the lowest row on the screen is. Pure; rows are those in memory.
import type { LogRow } from '../store/log-row.ts';
import type { LogView } from './ui-state.ts';

/** Whether the text has the words, whatever their case; `!words` for those that do not. Empty: all. */
export function matcher(pattern: string): (row: LogRow) => boolean {
  const isInverse = pattern.startsWith('!');
  const words = (isInverse ? pattern.slice(1) : pattern).toLowerCase();
  if (words === '') return () => true;
  return ({ tag, text }) => `${tag} ${text}`.toLowerCase().includes(words) !== isInverse;
}

/** The last answer for each list: a key press must not filter thousands of rows again. */
const filtered = new WeakMap<readonly LogRow[], { readonly filter: string; readonly rows: readonly LogRow[] }>();

/** The rows that the filter lets through. */
export function filteredRows(rows: readonly LogRow[], filter: string): readonly LogRow[] {
  if (filter === '') return rows;
  const known = filtered.get(rows);
  if (known?.filter === filter) return known.rows;
  const kept = rows.filter(matcher(filter));
  filtered.set(rows, { filter, rows: kept });
  return kept;
}

/** Index of the lowest row on the screen; -1 without any. An anchor that is gone stands for the next row that is not. */
export function anchorIndex(rows: readonly LogRow[], anchor: LogView['anchor']): number {
  if (anchor === 'end') return rows.length - 1;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? 0) < anchor) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, rows.length - 1);
}

/** The same, but never so far up that the screen runs empty. */
export function lowestIndex(rows: readonly LogRow[], anchor: LogView['anchor'], height: number): number {
  return Math.max(Math.min(height, rows.length) - 1, anchorIndex(rows, anchor));
}

/**
 * The view with its lowest row `count` rows further down (negative: up).
 * @param isWhole the last row is the last of the log: whoever gets there follows what comes
 */
export function scrolled(
  view: LogView,
  rows: readonly LogRow[],
  count: number,
  height: number,
  isWhole: boolean,
): LogView {
  const last = rows.at(-1);
  if (last === undefined) return followed(view);
  const index = Math.max(
    Math.min(height, rows.length) - 1,
    Math.min(rows.length - 1, lowestIndex(rows, view.anchor, height) + count),
  );
  if (index >= rows.length - 1 && isWhole) return followed(view);
  return heldAt(view, rows, rows[index]?.id ?? last.id);
}

/** The end, and what comes. */
export function followed(view: LogView): LogView {
  return { ...view, anchor: 'end', match: null };
}

/** The beginning of the log, whatever of it is in memory. */
export function atBeginning(view: LogView, rows: readonly LogRow[]): LogView {
  return heldAt(view, rows, 0);
}

function heldAt(view: LogView, rows: readonly LogRow[], anchor: number): LogView {
  return { ...view, anchor, heldAt: view.anchor === 'end' ? (rows.at(-1)?.id ?? 0) : view.heldAt, match: null };
}

/**
 * The view with the next match of its search in the middle of the screen; null where there is none. `direction` -1 is up.
 */
export function searched(view: LogView, rows: readonly LogRow[], direction: 1 | -1, height: number): LogView | null {
  const matches = matcher(view.search);
  const from = view.match === null ? null : anchorIndex(rows, view.match);
  // A first search begins with the lowest row on the screen itself.
  const start = from === null ? anchorIndex(rows, view.anchor) : from + direction;
  for (let index = start; index >= 0 && index < rows.length; index += direction) {
    const row = rows[index];
    if (row === undefined || !matches(row)) continue;
    return matchedAt(view, rows, row.id, height);
  }
  return null;
}

/** The view with that row marked, in the middle of the screen where the rows around it are in memory. */
export function matchedAt(view: LogView, rows: readonly LogRow[], id: number, height: number): LogView {
  const at = rows.findIndex((row) => row.id === id);
  const lowest = at < 0 ? undefined : rows[Math.min(rows.length - 1, at + Math.floor(height / 2))];
  return { ...heldAt(view, rows, lowest?.id ?? id), match: id };
}
