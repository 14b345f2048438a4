// The last line: the keys that do something now, or the line that is typed into.
import { displayWidth } from '../../text/width.ts';
import type { Situation } from '../keymap/binding.ts';
import { type ActionBinding, BINDINGS } from '../keymap/bindings.ts';
import { shownKey } from '../keymap/key-names.ts';
import { cutLine, type Line, span } from '../parts/line.ts';
import type { Prompt } from '../ui/ui-state.ts';

const GAP = '  ';

interface Word {
  readonly key: string;
  readonly word: string;
}

export function footerLine(situation: Situation, columns: number): Line {
  const { prompt, pages } = situation.ui;
  const page = pages.at(-1);
  if (prompt !== null) return promptLine(prompt, page === undefined ? 'log' : 'page', columns);
  const words = BINDINGS.flatMap((binding): Word[] => {
    const word = page === undefined ? panelWord(binding, situation) : binding.onPage(page.content);
    return word === null || word === '' ? [] : [{ key: shownKey(binding.keys[0] ?? ''), word }];
  });
  const width = (list: readonly Word[]) =>
    list.reduce((cells, { key, word }) => cells + displayWidth(`${key} ${word}`) + GAP.length, 1 - GAP.length);
  // How to get help and how to get out stand there always; of the others the last go first.
  const kept = [...words];
  while (width(kept) > columns && kept.length > 2) kept.splice(kept.length - 3, 1);
  const spans = kept.flatMap(({ key, word }, index) => [
    span(index === 0 ? ' ' : GAP),
    span(key, 'strong'),
    span(` ${word}`, 'dim'),
  ]);
  return cutLine(spans, columns);
}

/** Keys that can do nothing now stand in the help only. */
function panelWord({ short, disabledReason }: ActionBinding, situation: Situation): string | null {
  const word = short(situation);
  return word === null || disabledReason(situation) !== null ? null : word;
}

/** Whatever had the focus: it is said where is searched. */
function promptLine({ kind, text }: Prompt, searched: 'log' | 'page', columns: number): Line {
  const label = kind === 'search' ? ` search the ${searched}: ` : ' only lines with: ';
  const hint = '  Enter · Esc';
  const room = columns - displayWidth(label) - displayWidth(hint) - 1;
  // The end of what is typed is where the person looks.
  const shown = displayWidth(text) > room ? `…${[...text].slice(-(room - 1)).join('')}` : text;
  return cutLine(
    [span(label, 'strong'), span(shown), { text: ' ', tone: 'plain', inverse: true }, span(hint, 'dim')],
    columns,
  );
}
