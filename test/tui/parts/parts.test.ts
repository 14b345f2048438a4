import { describe, expect, test } from 'vitest';
import { bar } from '../../../src/tui/parts/bar.ts';
import { brailleGraph, peaksOverTime } from '../../../src/tui/parts/braille.ts';
import { fitParts } from '../../../src/tui/parts/fit-parts.ts';
import { lineText, lineWidth } from '../../../src/tui/parts/line.ts';
import { listWindow } from '../../../src/tui/parts/list-window.ts';
import { rule } from '../../../src/tui/parts/rule.ts';
import { type Column, fitColumns, tableHeadings, tableLine } from '../../../src/tui/parts/table.ts';

test.each([
  [0, 10, 4, '▒▒▒▒'],
  [1, 1000, 4, '█▒▒▒'],
  [999, 1000, 4, '███▒'],
  [1000, 1000, 4, '████'],
  [0, 0, 4, '▒▒▒▒'],
  [1, 2, 0, ''],
])('a bar of %i of %i', (done, all, cells, text) => {
  expect(bar(done, all, cells)).toBe(text);
});

describe('the graph', () => {
  test('fills from the bottom, two values a cell', () => {
    expect(brailleGraph([1, 0.5, 0.25, 0, null, 0.001], 3, 2)).toEqual(['⡇⠀⠀', '⣿⡄⢀']);
  });

  test('keeps peaks, and closes gaps between samples', () => {
    const points = [0, 1, 2, 6, 7].map((second) => ({ atMs: second * 1000, value: second }));
    expect(peaksOverTime(points, 4, 1)).toEqual([1, 2, 2, 7]);
    expect(peaksOverTime(points, 10, 1000)).toEqual([0, 1, 2, 2, 2, 2, 6, 7, null, null]);
    expect(peaksOverTime([], 2, 1)).toEqual([null, null]);
  });
});

test.each([
  [40, 'RUNNING  a long branch  12/30'],
  [24, 'RUNNING  a long…  12/30'],
  [16, 'RUNNING  12/30'],
  [8, 'RUNNING'],
  [4, 'RUN…'],
])('facts in %i cells: %s', (cells, text) => {
  const parts = [
    { forms: ['RUNNING'], rank: 0 },
    { forms: ['a long branch', 'a long…'], rank: 2 },
    { forms: [], rank: 9 },
    { forms: ['12/30'], rank: 1 },
  ];
  expect(lineText(fitParts(parts, cells))).toBe(text);
});

test.each([
  [5, 10, 3, { first: 0, count: 5 }],
  [50, 10, -1, { first: 0, count: 10 }],
  [50, 10, 20, { first: 17, count: 10 }],
  [50, 10, 49, { first: 40, count: 10 }],
  [0, 10, 0, { first: 0, count: 0 }],
])('of %i rows, %i fit, row %i is wanted', (length, height, wanted, expected) => {
  expect(listWindow(length, height, wanted)).toEqual(expected);
});

describe('a rule', () => {
  const labels = [
    { text: '2 iterations', at: 2 },
    { text: 'cost', at: 20 },
    { text: 'right', at: null },
  ];

  test('carries its labels at their columns', () => {
    expect(lineText(rule(40, labels, false))).toBe('─ 2 iterations ──── cost ──────── right ');
    expect(lineText(rule(40, labels, true))).toContain('━ 2 iterations ━');
  });

  test('the right end gives way first, and no rule is longer than asked', () => {
    expect(lineText(rule(30, labels, false))).toBe('─ 2 iterations ──── cost ─────');
    for (let width = 1; width < 45; width += 1) expect(lineWidth(rule(width, labels, true))).toBe(width);
  });
});

test('a table drops what matters least, and its headings stand above their columns', () => {
  const columns: Column[] = [
    { key: 'n', heading: '', cells: 3, align: 'end', rank: 0 },
    { key: 'time', heading: 'time', cells: 6, align: 'end', rank: 1 },
    { key: 'did', heading: 'did', cells: 5, align: 'start', rank: 2, grows: true },
  ];
  const cells = {
    n: { text: '7', tone: 'plain' },
    time: { text: '9m02', tone: 'plain' },
    did: { text: '3.1', tone: 'dim' },
  } as const;
  const wide = fitColumns(columns, 20);
  expect(lineText(tableLine(wide, cells))).toBe('  7   9m02 3.1      ');
  expect(tableHeadings(wide, 0)).toEqual([
    { text: 'time', at: 6, tone: 'dim' },
    { text: 'did', at: 11, tone: 'dim' },
  ]);
  expect(lineText(tableLine(fitColumns(columns, 12), cells))).toBe('  7   9m02');
});
