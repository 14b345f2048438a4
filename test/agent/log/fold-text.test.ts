import { expect, test } from 'vitest';
import { fold } from '../../../src/agent/log/fold-text.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join('\n');

test('short texts stay whole', () => {
  expect(fold('a\r\nb\n\n', { first: 1, last: 1 })).toEqual({ head: ['a', 'b'], omitted: 0, tail: [], total: 2 });
  expect(fold(' \n\n', { first: 1, last: 1 })).toEqual({ head: [], omitted: 0, tail: [], total: 0 });
});

test('long ones keep their first and last lines', () => {
  expect(fold(numbered(100), { first: 2, last: 3 })).toEqual({
    head: ['line 1', 'line 2'],
    omitted: 95,
    tail: ['line 98', 'line 99', 'line 100'],
    total: 100,
  });
  expect(fold(numbered(9), { first: 0, last: 0 })).toEqual({ head: [], omitted: 9, tail: [], total: 9 });
});

test('blank lines in the middle count as lines', () => {
  expect(fold('\n\na\n\nb\n\nc', { first: 1, last: 2 })).toEqual({ head: [''], omitted: 4, tail: ['', 'c'], total: 7 });
});

test('a line without an end is cut', () => {
  const [line] = fold('x'.repeat(1_000_000), { first: 1, last: 1 }).head;
  expect(line).toBe(`${'x'.repeat(2000)}… 998000 more characters`);
});
