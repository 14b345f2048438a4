// What was typed for a run, as a person would type it again.
import { shellWord } from '../text/shell-word.ts';
import { flagName, OPTION_KEYS, OPTION_TABLE, type OptionKey } from './option-table.ts';
import type { FlagValues } from './resolve-options.ts';

/** The number is told by what comes next; the others hold for one start, or may hold a secret. */
const NOT_REPEATED: ReadonlySet<OptionKey> = new Set([
  'maxIterations',
  'yes',
  'headless',
  'plain',
  'replace',
  'notify',
]);

/** The flags of a start, each one with its value quoted for a shell: `--memory 2g`. What stood behind `--` comes last. */
export function typedFlags(flags: FlagValues): readonly string[] {
  return OPTION_KEYS.filter((key) => flags[key] !== undefined && !NOT_REPEATED.has(key))
    .sort((a, b) => Number(isBehindDashes(a)) - Number(isBehindDashes(b)))
    .flatMap((key) => wordsOf(key, flags));
}

function wordsOf(key: OptionKey, flags: FlagValues): readonly string[] {
  const raw = flags[key];
  const name = flagName(key);
  if (Array.isArray(raw)) {
    if (isBehindDashes(key))
      return raw.length === 0 ? [] : [`-- ${raw.map((word) => shellWord(String(word))).join(' ')}`];
    return raw.map((item) => `${name} ${shellWord(String(item))}`);
  }
  if (typeof raw === 'boolean') return [raw ? name : name.replace('--', '--no-')];
  return [`${name} ${shellWord(String(raw))}`];
}

function isBehindDashes(key: OptionKey): boolean {
  return OPTION_TABLE[key].flag === '--';
}
