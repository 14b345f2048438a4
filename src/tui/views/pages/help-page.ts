// All keys with what they do, and why some do nothing now.
import { displayWidth } from '../../../text/width.ts';
import type { Situation } from '../../keymap/binding.ts';
import { type ActionBinding, KEY_GROUPS, type KeyGroup } from '../../keymap/bindings.ts';
import { shownKey } from '../../keymap/key-names.ts';
import { EMPTY_LINE, fitLine, type Line, line, span } from '../../parts/line.ts';
import { wrapLine } from '../../parts/wrap.ts';
import type { PageInput, PageLines } from './page.ts';

const KEY_CELLS = 14;
const TWO_COLUMNS = 140;

export function helpPage(input: PageInput): PageLines {
  return { title: 'keys', note: '', lines: helpLines(input) };
}

function helpLines({ columns, ...situation }: PageInput): Line[] {
  const { run, look, screen, move, log } = KEY_GROUPS;
  const blocks = (groups: readonly KeyGroup[], width: number) =>
    groups.flatMap((group) => groupLines(group, situation, width));
  if (columns < TWO_COLUMNS) return blocks([run, look, screen, move, log], columns);
  const half = Math.floor(columns / 2);
  const left = blocks([run, look, move], half - 1);
  const right = blocks([screen, log], columns - half);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...fitLine(left[index] ?? EMPTY_LINE, half),
    ...(right[index] ?? EMPTY_LINE),
  ]);
}

function groupLines({ heading, bindings }: KeyGroup, situation: Situation, width: number): Line[] {
  return [
    line(` ${heading}`, 'strong'),
    ...bindings.flatMap((binding) => keyLines(binding, situation, width)),
    EMPTY_LINE,
  ];
}

function keyLines({ keys, label, disabledReason }: ActionBinding, situation: Situation, width: number): Line[] {
  const reason = disabledReason(situation);
  const shown = keys.map(shownKey).join(' ');
  const padding = ' '.repeat(Math.max(1, KEY_CELLS - displayWidth(shown)));
  const key = span(`  ${shown}${padding}`, reason === null ? 'accent' : 'dim');
  return wrapLine([key], reason === null ? line(label) : line(`${label} (${reason})`, 'dim'), width);
}
