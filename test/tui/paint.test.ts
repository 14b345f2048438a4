import { expect, test } from 'vitest';
import { hasUnicode, toAscii } from '../../src/text/glyphs.ts';
import { paint, paintRow } from '../../src/tui/paint.ts';
import { line, span } from '../../src/tui/parts/line.ts';
import { colourMode } from '../../src/tui/theme.ts';

test('tones are SGR, and end where they end', () => {
  const painted = paint([span('a'), span('b', 'good'), { text: 'c', tone: 'plain', inverse: true }], {
    colours: 'colours',
    unicode: true,
  });
  expect(painted).toBe('a\x1b[32mb\x1b[0m\x1b[7mc\x1b[0m');
});

test('without colours bold and inverse stay, on a dumb terminal nothing does', () => {
  const text = [span('a', 'needs_you'), { text: 'b', tone: 'good', inverse: true } as const];
  expect(paint(text, { colours: 'attributes', unicode: true })).toBe('\x1b[1ma\x1b[0m\x1b[7mb\x1b[0m');
  expect(paint(text, { colours: 'none', unicode: true })).toBe('ab');
});

test('nothing that moves the cursor gets out', () => {
  expect(paint(line('a\x1b[2Jb\nc\x9bd  '), { colours: 'colours', unicode: true })).toBe('a?[2Jb?c?d  ');
});

test('ASCII stands in cell for cell', () => {
  expect(toAscii('▶ ✓ 漢 ⣿⠀⡀ é')).toBe('> + ?? # . ?');
});

test.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_ALL: '' }, false],
  [{}, false],
])('Unicode with %j: %s', (environment, expected) => {
  expect(hasUnicode(environment)).toBe(expected);
});

test.each([
  [{}, 'colours'],
  [{ NO_COLOR: '' }, 'colours'],
  [{ NO_COLOR: '1' }, 'attributes'],
  [{ FORCE_COLOR: '0' }, 'none'],
  [{ TERM: 'dumb' }, 'none'],
])('colours with %j: %s', (environment, expected) => {
  expect(colourMode(environment)).toBe(expected);
});

test('what a row does not fill is erased, and the last cell of a full one is not', () => {
  const options = { colours: 'none', unicode: true } as const;
  expect(paintRow(line('ab  '), 6, options)).toBe('ab\x1b[K');
  expect(paintRow(line('ab    '), 6, options)).toBe('ab    ');
  expect(paintRow(line('ab漢漢'), 6, options)).toBe('ab漢漢');
});
