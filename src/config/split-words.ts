// Splits a command line into words, with quotes as in a shell and nothing else of a shell.
import { InvalidValueError } from '../text/invalid-value-error.ts';

/** @throws InvalidValueError when a quote stays open or nothing is left. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (const character of text) {
    if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (quote !== null) throw new InvalidValueError(`has a ${quote} that is never closed`);
  if (word !== null) words.push(word);
  if (words.length === 0) throw new InvalidValueError('is empty');
  return words;
}
