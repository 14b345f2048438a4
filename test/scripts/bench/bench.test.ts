// What a bench prints: three figures a program, their ratio, and where ours goes.
import { expect, test } from 'vitest';
import type { Contender } from '../../../scripts/bench/bench.ts';
import { figuresOf } from '../../../scripts/bench/figures.ts';
import { runInTurns } from '../../../scripts/bench/in-turns.ts';
import { gapsOf } from '../../../scripts/bench/loop/instant-agent.ts';
import { tableOf } from '../../../scripts/bench/table.ts';

test.each([
  [[7], { count: 1, median: 7, min: 7, max: 7 }],
  [[30, 4, 100], { count: 3, median: 30, min: 4, max: 100 }],
  [[9, 1, 4, 2], { count: 4, median: 3, min: 1, max: 9 }],
])('the figures of %j', (values, figures) => {
  expect(figuresOf(values)).toEqual(figures);
});

test('nothing measured has no figures', () => {
  expect(() => figuresOf([])).toThrow(RangeError);
});

test('the two programs take turns, and all of their rounds count', async () => {
  const order: string[] = [];
  const contender = (name: string, withSteps: boolean): Contender => ({
    name,
    measure: async () => {
      order.push(name);
      return { values: [order.length], ...(withSteps && { steps: { seal: [order.length * 10] } }) };
    },
  });
  const results = await runInTurns({ ours: contender('A', true), other: contender('B', false) }, 2);
  expect(order).toEqual(['A', 'B', 'A', 'B']);
  expect(results).toEqual({
    ours: { name: 'A', values: [1, 3], steps: { seal: [10, 30] } },
    other: { name: 'B', values: [2, 4], steps: {} },
  });
});

test('a gap lies between an end and the next start', () => {
  const lifetimes = [
    { startMs: 0, endMs: 10 },
    { startMs: 14.5, endMs: 20 },
    { startMs: 21, endMs: 30 },
  ];
  expect(gapsOf(lifetimes)).toEqual([4.5, 1]);
});

test('the table compares the medians', () => {
  const lines = tableOf(
    { name: 'loop', about: 'what it is', unit: 'ms' },
    { name: 'ours', values: [10, 30, 20], steps: { seal: [4] } },
    { name: 'theirs', values: [5, 8], steps: {} },
  );
  expect(lines).toEqual([
    'loop: what it is, in ms',
    '        n  median   min   max  ratio',
    'ours    3    20.0  10.0  30.0  3.08×',
    '  seal  1     4.0   4.0   4.0',
    'theirs  2     6.5   5.0   8.0  1.00×',
  ]);
});
