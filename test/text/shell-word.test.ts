import { expect, test } from 'vitest';
import { quoteForShell, shellWord } from '../../src/text/shell-word.ts';

test.each([
  ['', "''", "''"],
  ['2g', "'2g'", '2g'],
  ['a/b-c_1.md', "'a/b-c_1.md'", 'a/b-c_1.md'],
  ['two words', "'two words'", "'two words'"],
  ["a'b", "'a'\\''b'", "'a'\\''b'"],
  ['$HOME', "'$HOME'", "'$HOME'"],
  ['~/x', "'~/x'", "'~/x'"],
])('%j is quoted as %s, and typed as %s', (word, quoted, typed) => {
  expect(quoteForShell(word)).toBe(quoted);
  expect(shellWord(word)).toBe(typed);
});
