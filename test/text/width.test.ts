import { describe, expect, it } from 'vitest';
import { displayWidth, fitToWidth, truncateAtFront, truncateToWidth } from '../../src/text/width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['npm test', 8],
    ['Grüße', 5],
    ['✓ ▸ ☐ … ≈ │', 11],
    ['世界', 4],
    ['ｆｕｌｌ', 8],
    ['ﾊﾟ', 2],
    ['한글', 4],
    ['한글'.normalize('NFD'), 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['⚠', 1],
    ['🇩🇪', 2],
    ['a\u200bb', 2],
    ['⣿⣿', 2],
    ['\u0939\u093f', 2],
  ])('%j takes %d cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe('truncateToWidth', () => {
  it.each([
    ['hello', 5, 'hello'],
    ['hello', 4, 'hel…'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
    ['', 0, ''],
    ['世界', 4, '世界'],
    ['世界', 3, '世…'],
    ['世界', 2, '…'],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
    [`${'e\u0301'.repeat(3)}`, 2, 'e\u0301…'],
    [`ab${'\u0301'.repeat(60)}`, 2, `ab${'\u0301'.repeat(60)}`],
    ['a🚀', 3, 'a🚀'],
    ['a🚀b', 3, 'a…'],
  ])('%j in %d cells is %j', (text, cells, expected) => {
    const cut = truncateToWidth(text, cells);
    expect(cut).toBe(expected);
    expect(displayWidth(cut)).toBeLessThanOrEqual(cells);
  });

  it('takes another mark', () => {
    expect(truncateToWidth('hello', 4, '~')).toBe('hel~');
    expect(truncateToWidth('hello', 2, '...')).toBe('');
  });

  it('cuts megabytes', () => {
    expect(truncateToWidth('世'.repeat(5_000_000), 5)).toBe('世世…');
  });
});

describe('fitToWidth', () => {
  it.each([
    ['ab', 4, 'start', 'ab  '],
    ['ab', 4, 'end', '  ab'],
    ['世界', 3, 'start', '世…'],
    ['世界', 4, 'end', '世界'],
    ['世界人', 4, 'start', '世… '],
  ] as const)('%j in %d cells at the %s is %j', (text, cells, align, expected) => {
    expect(fitToWidth(text, cells, align)).toBe(expected);
  });
});

it.each([
  ['/var/lib/state', 14, '/var/lib/state'],
  ['/var/lib/state', 8, '…b/state'],
  ['/漢字', 4, '…字'],
  ['/漢字', 2, '…'],
])('the end of %s in %i cells', (text, cells, expected) => {
  expect(truncateAtFront(text, cells)).toBe(expected);
});
