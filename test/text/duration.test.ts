import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration, parseDuration } from '../../src/text/duration.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [999, '0s'],
    [8_400, '8s'],
    [59_999, '59s'],
    [60_000, '1m00'],
    [134_000, '2m14'],
    [542_000, '9m02'],
    [674_000, '11m14'],
    [3_599_999, '59m59'],
    [3_600_000, '1h00'],
    [9_960_000, '2h46'],
    [86_399_000, '23h59'],
    [93_600_000, '1d02'],
  ])('%d ms is %s', (elapsedMs, expected) => {
    expect(formatDuration(elapsedMs)).toBe(expected);
  });
});

describe('formatAge', () => {
  it.each([
    [8_000, '8s'],
    [809_000, '13m'],
    [4_680_000, '1h18'],
    [183_600_000, '2d03'],
  ])('%d ms is %s', (elapsedMs, expected) => {
    expect(formatAge(elapsedMs)).toBe(expected);
  });
});

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1h 30m 5s', 5_405_000],
    ['1.5h', 5_400_000],
    ['2D', 172_800_000],
    [' 8s ', 8_000],
    ['0s', 0],
    ['11m14', 674_000],
    ['2h46', 9_960_000],
    ['1d02', 93_600_000],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '30', 'm', '10x', '-5s', '5m10h', '5m5m', '30s10', '1h30m?', 'ten minutes', '1..5h'])(
    'refuses %j',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/is not a duration; write for example 30s, 10m or 1h30m/);
    },
  );

  it('reads what formatDuration writes', () => {
    for (const elapsedMs of [0, 8_000, 60_000, 674_000, 3_600_000, 9_960_000, 93_600_000]) {
      expect(parseDuration(formatDuration(elapsedMs))).toBe(elapsedMs);
    }
  });
});
