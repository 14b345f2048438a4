import { expect, test } from 'vitest';
import { anchorIndex, filteredRows, scrolled, searched } from '../../../src/tui/ui/log-rows.ts';
import { FIRST_UI, type LogView } from '../../../src/tui/ui/ui-state.ts';
import { logRows } from '../model.ts';

const ROWS = logRows(100);
const view = (change: Partial<LogView>): LogView => ({ ...FIRST_UI.log, ...change });

test.each([
  ['end', 99],
  [50, 50],
  [-5, 0],
  [500, 99],
] as const)('the anchor %s is row %i', (anchor, index) => {
  expect(anchorIndex(ROWS, anchor)).toBe(index);
});

test('rows that slipped away leave the anchor on the next one', () => {
  expect(anchorIndex(logRows(10, 50), 20)).toBe(0);
  expect(anchorIndex([], 20)).toBe(-1);
});

test.each([
  ['end', -1, 98],
  ['end', -50, 49],
  ['end', -100, 9],
  [50, 10, 60],
  [50, 49, 'end'],
  [50, 1000, 'end'],
  ['end', 1, 'end'],
] as const)('from %s by %i rows to %s', (anchor, count, expected) => {
  expect(scrolled(view({ anchor }), ROWS, count, 10).anchor).toBe(expected);
});

test('where the end was let go is remembered until it is followed again', () => {
  const held = scrolled(view({}), ROWS, -5, 10);
  expect(held.heldAt).toBe(99);
  expect(scrolled(held, logRows(120), -5, 10).heldAt).toBe(99);
  const again = scrolled(scrolled(held, ROWS, 100, 10), logRows(120), -1, 10);
  expect(again.heldAt).toBe(119);
});

test('a short log does not scroll', () => {
  expect(scrolled(view({}), logRows(5), -3, 10).anchor).toBe('end');
});

test('a search goes up from the bottom, match by match, and back', () => {
  const first = searched(view({ search: 'LINE 5' }), ROWS, -1, 10);
  expect(first?.match).toBe(59);
  expect(first?.anchor).toBe(64);
  const second = first && searched(first, ROWS, -1, 10);
  expect(second?.match).toBe(58);
  expect(second && searched(second, ROWS, 1, 10)?.match).toBe(59);
  expect(searched(view({ search: 'no such' }), ROWS, -1, 10)).toBeNull();
  expect(searched(view({ search: 'line 2', anchor: 3, match: 2 }), ROWS, -1, 10)).toBeNull();
});

test.each([
  ['line 9', 11],
  ['!line 9', 89],
  ['', 100],
  ['!', 100],
])('the filter %j leaves %i rows', (filter, count) => {
  expect(filteredRows(ROWS, filter)).toHaveLength(count);
});
