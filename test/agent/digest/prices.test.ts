import { expect, test } from 'vitest';
import { costOf, priceOf } from '../../../src/agent/digest/prices.ts';

test.each([
  ['claude-sonnet-5-5', 2, 0.1],
  ['claude-sonnet-5', 2, 0.2],
  ['claude-sonnet-4-5-20250929', 3, 0.3],
  ['claude-sonnet-4-20250514', 3, 0.3],
  ['claude-3-7-sonnet-20250219', 3, 0.3],
  ['claude-3-5-sonnet-20241022', 3, 0.3],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3, 0.3],
  ['claude-sonnet-4@20250514', 3, 0.3],
  ['claude-sonnet-4-5[1m]', 3, 0.3],
  ['claude-3-5-haiku-20241022', 0.8, 0.08],
  ['claude-haiku-4-5-20251001', 1, 0.1],
  ['claude-haiku-5-5', 0.1, 0.01],
  ['claude-opus-4-20250514', 15, 1.5],
  ['claude-opus-4-1-20250805', 15, 1.5],
  ['claude-opus-4-5', 5, 0.5],
  ['claude-opus-4-7', 5, 0.5],
  ['claude-opus-5', 5, 0.5],
  ['claude-opus-5-5', 4, 0.2],
  ['claude-fable-5', 10, 1],
  ['claude-fable-5-1', 10, 0.25],
  ['claude-fable-5-2', 8, 0.2],
])('%s costs $%s in, $%s cached', (model, input, cacheRead) => {
  const { price, known } = priceOf(model, 1000);
  expect(known).toBe(true);
  expect([price.input, price.cacheRead]).toEqual([input, cacheRead]);
});

test.each(['claude-sonnet-7', 'claude-fable-5-3', 'gpt-5', '', 'sonnet', '__proto__'])(
  '%j is priced as an unknown model',
  (model) => {
    const { price, known } = priceOf(model, 1000);
    expect(known).toBe(false);
    expect([price.input, price.output]).toEqual([5, 25]);
  },
);

test('haiku 5.5 costs five times as much above 100k prompt tokens', () => {
  expect(priceOf('claude-haiku-5-5', 100_000).price.output).toBe(0.5);
  expect(priceOf('claude-haiku-5-5', 100_001).price.output).toBe(2.5);
});

test('a million of each kind costs the sum of the row', () => {
  const million = { input: 1e6, output: 1e6, cacheRead: 1e6, cacheWrite5m: 1e6, cacheWrite1h: 1e6 };
  expect(costOf(priceOf('claude-sonnet-5-5', 0).price, million)).toBeCloseTo(2 + 10 + 2.5 + 4 + 0.1, 10);
});
