import { expect, test } from 'vitest';
import { anchorIndex, filteredRows, lowestIndex, matchedAt, scrolled, searched } from '../../../src/tui/ui/log-rows.ts';
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
  expect(scrolled(view({ anchor }), ROWS, count, 10, true).anchor).toBe(expected);
});

test('where the end was let go is remembered until it is followed again', () => {
  const held = scrolled(view({}), ROWS, -5, 10, true);
  expect(held.heldAt).toBe(99);
  expect(scrolled(held, logRows(120), -5, 10, true).heldAt).toBe(99);
  const again = scrolled(scrolled(held, ROWS, 100, 10, true), logRows(120), -1, 10, true);
  expect(again.heldAt).toBe(119);
});

test('a short log does not scroll', () => {
  expect(scrolled(view({}), logRows(5), -3, 10, true).anchor).toBe('end');
});

test('the last row in memory is not the end while there are lines behind it', () => {
  expect(scrolled(view({ anchor: 50 }), ROWS, 1000, 10, false).anchor).toBe(99);
  expect(scrolled(view({ anchor: 0 }), ROWS, 1, 10, false).anchor).toBe(10);
});

test.each([
  ['end', 99],
  [0, 9],
  [50, 50],
] as const)('from %s the lowest row of ten is %i', (anchor, index) => {
  expect(lowestIndex(ROWS, anchor, 10)).toBe(index);
});

test('a match is shown in the middle, or where it will be', () => {
  expect(matchedAt(view({}), ROWS, 50, 10)).toMatchObject({ match: 50, anchor: 55, heldAt: 99 });
  expect(matchedAt(view({}), ROWS, 98, 10)).toMatchObject({ match: 98, anchor: 99 });
  expect(matchedAt(view({}), ROWS, 500, 10)).toMatchObject({ match: 500, anchor: 500 });
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
