// All keys with what they do, and why some do nothing now.
import { displayWidth } from '../../text/width.ts';
import { BINDINGS, KEY_GROUPS, type Situation } from '../keymap/bindings.ts';
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
  const blocks = KEY_GROUPS.map(([group, heading]): Line[] => [
    line(` ${heading}`, 'strong'),
    ...BINDINGS.filter((binding) => binding.group === group).map((binding) => {
      const reason = binding.disabledReason(situation);
      const keys = binding.keys.map(shownKey).join(' ');
      const padding = ' '.repeat(Math.max(1, KEY_CELLS - displayWidth(keys)));
      const key = span(`  ${keys}${padding}`, reason === null ? 'accent' : 'dim');
      return reason === null ? [key, span(binding.label)] : [key, span(`${binding.label} (${reason})`, 'dim')];
    }),
    EMPTY_LINE,
  ]);
  if (columns < TWO_COLUMNS) return blocks.flat();
  const half = Math.floor(columns / 2);
  const left = [...(blocks[0] ?? []), ...(blocks[2] ?? [])];
  const right = [...(blocks[1] ?? []), ...(blocks[3] ?? [])];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...fitLine(left[index] ?? EMPTY_LINE, half),
    ...(right[index] ?? EMPTY_LINE),
  ]);
}
