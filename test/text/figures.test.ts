import { describe, expect, it } from 'vitest';
import { formatCount } from '../../src/text/count.ts';
import { formatEstimatedUsd, formatUsd } from '../../src/text/money.ts';
import { plural } from '../../src/text/plural.ts';

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [-1, '$0.00'],
    [0.0001, '<$0.001'],
    [0.0005, '$0.001'],
    [0.004, '$0.004'],
    [0.0094, '$0.009'],
    [0.0099, '$0.01'],
    [0.84, '$0.84'],
    [7.9, '$7.90'],
    [1234.5, '$1234.50'],
  ])('%d is %s', (costUsd, expected) => {
    expect(formatUsd(costUsd)).toBe(expected);
  });

  it('marks estimates', () => {
    expect(formatEstimatedUsd(0.84)).toBe('≈$0.84');
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [410, '410'],
    [999, '999'],
    [1000, '1k'],
    [9_200, '9.2k'],
    [9_960, '10k'],
    [18_000, '18k'],
    [999_600, '1M'],
    [1_234_567, '1.2M'],
    [2_500_000_000, '2.5G'],
    [-9_200, '-9.2k'],
  ])('%d is %s', (count, expected) => {
    expect(formatCount(count)).toBe(expected);
  });
});

describe('plural', () => {
  it.each([
    [plural(0, 'task'), '0 tasks'],
    [plural(1, 'task'), '1 task'],
    [plural(2, 'commit'), '2 commits'],
    [plural(2, 'retry', 'retries'), '2 retries'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
