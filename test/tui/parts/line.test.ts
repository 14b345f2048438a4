import { expect, test } from 'vitest';
import {
  cutLine,
  fitLine,
  line,
  lineText,
  lineWidth,
  overlay,
  sliceLine,
  span,
  spread,
} from '../../../src/tui/parts/line.ts';

const TWO = [span('ab漢', 'good'), span('cd', 'bad')];

test.each([
  [10, 'ab漢cd'],
  [6, 'ab漢cd'],
  [5, 'ab漢…'],
  [4, 'ab…'],
  [3, 'ab…'],
  [1, '…'],
  [0, ''],
])('cut to %i cells: %s', (cells, text) => {
  const cut = cutLine(TWO, cells);
  expect(lineText(cut)).toBe(text);
  expect(lineWidth(cut)).toBeLessThanOrEqual(cells);
});

test('fitted and spread lines are exactly as wide as asked', () => {
  for (let cells = 0; cells < 20; cells += 1) {
    expect(lineWidth(fitLine(TWO, cells))).toBe(cells);
    expect(lineWidth(spread(TWO, line('right'), cells))).toBe(cells);
  }
  expect(lineText(spread(line('left'), line('right'), 12))).toBe('left   right');
  expect(lineText(spread(line('a long left'), line('right'), 12))).toBe('a lon… right');
});

test('a slice keeps tones, and a cut wide character becomes a blank', () => {
  expect(sliceLine(TWO, 1, 5)).toEqual([span('b漢', 'good'), span('c', 'bad')]);
  expect(lineText(sliceLine(TWO, 3, 6))).toBe(' cd');
  expect(lineText(sliceLine(TWO, 0, 3))).toBe('ab ');
});

test('an overlay replaces cells and nothing else', () => {
  const below = ['aaaaaa', 'b漢漢b', 'cccccc'].map((text) => line(text));
  const laid = overlay(below, [line('XX')], 2, 1, 6).map(lineText);
  expect(laid).toEqual(['aaaaaa', 'b XX b', 'cccccc']);
});
