// The words behind `ralph-tui`, as in the playbook's loop.sh: [build] [max], 20, plan [max], plan-work "what" [max].
import type { Mode } from '../core/options.ts';
import { nearestWord } from '../text/nearest-word.ts';
import { plural } from '../text/plural.ts';
import { ConfigError } from './config-error.ts';

/** What the words ask for. */
export interface Asked {
  readonly mode: Mode;
  /** Nothing was typed: the person wants to see what there is, not to start at once. */
  readonly bare: boolean;
  readonly work: string | null;
  /** The number as typed, null without one; 0 is no limit. */
  readonly max: string | null;
}

/**
 * @param mode The mode that was typed, null for none.
 * @param words What follows the mode.
 * @param commands What could have been meant by a word that is none.
 * @throws ConfigError when the words are no number, or plan-work is not told what.
 */
export function readPositionals(mode: Mode | null, words: readonly string[], commands: readonly string[] = []): Asked {
  if (mode === 'plan-work') return readWork(words);
  const [max = null, ...rest] = words;
  if (mode === null && max !== null && !isNumber(max)) throw new ConfigError(unknownCommand(max, commands));
  refuseRest(rest);
  return { mode: mode ?? 'build', bare: mode === null && max === null, work: null, max: checkedMax(max) };
}

function readWork(words: readonly string[]): Asked {
  const [work = '', max = null, ...rest] = words;
  if (work.trim() === '' || isNumber(work)) {
    throw new ConfigError(
      'plan-work needs a description of the work; write: ralph-tui plan-work "user login with OAuth"',
    );
  }
  if (max !== null && !isNumber(max)) {
    throw new ConfigError(
      `plan-work takes one description; put it in quotes: ralph-tui plan-work "${words.join(' ')}"`,
    );
  }
  refuseRest(rest);
  return { mode: 'plan-work', bare: false, work: work.trim(), max: checkedMax(max) };
}

function checkedMax(max: string | null): string | null {
  if (max === null || isNumber(max)) return max;
  throw new ConfigError(`"${max}" is no number of iterations; write a whole number, 0 for no limit`);
}

function refuseRest(rest: readonly string[]): void {
  if (rest.length === 0) return;
  throw new ConfigError(`${plural(rest.length, 'word')} too many: "${rest.join(' ')}"; see: ralph-tui --help`);
}

function isNumber(word: string): boolean {
  return /^\d{1,9}$/.test(word);
}

function unknownCommand(word: string, commands: readonly string[]): string {
  return `"${word}" is no command and no number of iterations; ${orMeant(word, commands)}`;
}

/** What helps whoever typed a command that is none. */
export function orMeant(word: string, commands: readonly string[]): string {
  const meant = nearestWord(word, commands);
  return meant === null ? 'see: ralph-tui --help' : `did you mean ${meant}? see: ralph-tui --help`;
}
