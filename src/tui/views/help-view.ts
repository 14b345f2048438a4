// All keys with what they do, and why some do nothing now.
import { displayWidth } from '../../text/width.ts';
import type { Situation } from '../keymap/binding.ts';
import { KEY_GROUPS, type KeyGroup } from '../keymap/bindings.ts';
import { shownKey } from '../keymap/key-names.ts';
import { EMPTY_LINE, fitLine, type Line, line, span } from '../parts/line.ts';
import { rule } from '../parts/rule.ts';

const KEY_CELLS = 14;
const TWO_COLUMNS = 140;

/** `height` lines from line `offset` of the help on, under a rule. */
export function helpLines(situation: Situation, offset: number, columns: number, height: number): Line[] {
  const all = helpText(situation, columns);
  const last = Math.max(0, all.length - (height - 1));
  const first = Math.min(offset, last);
  const more = first < last ? 'j more' : first > 0 ? 'k back up' : '';
  const heading = rule(
    columns,
    [
      { text: 'keys', at: 2 },
      { text: more, at: null },
      { text: '? q Esc close', at: null },
    ],
    true,
  );
  return [heading, ...all.slice(first, first + height - 1)];
}

/** How many lines there are to scroll through. */
export function helpLength(situation: Situation, columns: number): number {
  return helpText(situation, columns).length;
}

function helpText(situation: Situation, columns: number): Line[] {
  const { run, screen, move, log } = KEY_GROUPS;
  const block = (group: KeyGroup) => groupLines(group, situation);
  if (columns < TWO_COLUMNS) return [run, screen, move, log].flatMap(block);
  const half = Math.floor(columns / 2);
  const left = [run, move].flatMap(block);
  const right = [screen, log].flatMap(block);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...fitLine(left[index] ?? EMPTY_LINE, half),
    ...(right[index] ?? EMPTY_LINE),
  ]);
}

function groupLines({ heading, bindings }: KeyGroup, situation: Situation): Line[] {
  return [
    line(` ${heading}`, 'strong'),
    ...bindings.map(({ keys, label, disabledReason }) => {
      const reason = disabledReason(situation);
      const shown = keys.map(shownKey).join(' ');
      const padding = ' '.repeat(Math.max(1, KEY_CELLS - displayWidth(shown)));
      const key = span(`  ${shown}${padding}`, reason === null ? 'accent' : 'dim');
      return reason === null ? [key, span(label)] : [key, span(`${label} (${reason})`, 'dim')];
    }),
    EMPTY_LINE,
  ];
}
