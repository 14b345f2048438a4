import { describe, expect, it } from 'vitest';
import { formatBytes, formatBytesOf, parseBytes } from '../../src/text/bytes.ts';

const M = 1024 ** 2;
const G = 1024 ** 3;

describe('parseBytes', () => {
  it.each([
    ['8g', 8 * G],
    ['8G', 8 * G],
    ['512m', 512 * M],
    ['12gb', 12 * G],
    ['4GiB', 4 * G],
    ['1.5g', 1.5 * G],
    ['64 k', 65_536],
    ['1048576', M],
    ['100b', 100],
    ['1t', 1024 * G],
    [' 2g ', 2 * G],
  ])('%s is %d', (text, expected) => {
    expect(parseBytes(text)).toBe(expected);
  });

  it.each(['', 'g', '8x', '-8g', '8g8', '0', '0g', '8,5g', '1e9', '8 gigs', '999999999p', 'ib'])(
    'refuses %j',
    (text) => {
      expect(() => parseBytes(text)).toThrow(/is not a size; write for example 8g, 512m or 1.5g/);
    },
  );
});

describe('formatBytes', () => {
  it.each([
    [-1, '0B'],
    [0, '0B'],
    [512, '512B'],
    [1024, '1K'],
    [9_421, '9.2K'],
    [512 * M, '512M'],
    [64.3 * M, '64.3M'],
    [8 * G, '8G'],
    [8 * G - 10 * M, '8.0G'],
    [5.1 * G, '5.1G'],
    [12.5 * G, '12.5G'],
    [99.99 * G, '100G'],
    [1024 * M - 1, '1.0G'],
    [1023 * M, '1023M'],
    [1024 * G, '1T'],
  ])('%d is %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });
});

describe('formatBytesOf', () => {
  it.each([
    [5.1 * G, 8 * G, '5.1/8G'],
    [900 * M, 1.5 * G, '900M/1.5G'],
  ])('%d of %d is %s', (used, limit, expected) => {
    expect(formatBytesOf(used, limit)).toBe(expected);
  });
});
