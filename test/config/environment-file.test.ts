import { describe, expect, test } from 'vitest';
import { parseEnvironmentFile } from '../../src/config/environment-file.ts';

test('reads keys, quotes, comments and export', () => {
  const text = [
    '\uFEFF# tokens',
    'PLAIN=one two  # a comment',
    'HASH=a#b',
    '',
    "  export SINGLE='as $it \\n is'  # why",
    'DOUBLE="a\\tb \\"c\\" \\\\ # no comment"',
    'EMPTY=',
    'SPACED = x',
    'URL=https://a.example/?q=1&r=2\r',
    'TWICE=1',
    'TWICE=2',
  ].join('\n');
  expect(parseEnvironmentFile(text, '.env')).toEqual({
    PLAIN: 'one two',
    HASH: 'a#b',
    SINGLE: 'as $it \\n is',
    DOUBLE: 'a\tb "c" \\ # no comment',
    EMPTY: '',
    SPACED: 'x',
    URL: 'https://a.example/?q=1&r=2',
    TWICE: '2',
  });
});

describe('errors name the line and never the value', () => {
  test.each([
    ['A=1\nmade-up-secret\n', '.env, line 2: is no KEY=VALUE line; write KEY=VALUE'],
    ['1A=made-up-secret', '.env, line 1: is no KEY=VALUE line'],
    ['# x\n\nA="made-up-secret', '.env, line 3: the value of A has a quote that is not closed'],
    ["A='made-up-secret' more", '.env, line 1: the value of A has a quote that is not closed'],
    ['A=made-up-secret\0', '.env, line 1: the value of A has a NUL byte'],
  ])('%j', (text, expected) => {
    const act = () => parseEnvironmentFile(text, '.env');
    expect(act).toThrow(expected);
    expect(act).not.toThrow('made-up-secret');
  });
});
