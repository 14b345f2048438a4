// The keys of the start screen, a line each with what comes of it. Pure.
import { displayWidth } from '../../text/width.ts';
import { shownKey } from '../keymap/key-names.ts';
import { EMPTY_LINE, type Line, line, span } from '../parts/line.ts';
import { wrapLine } from '../parts/wrap.ts';
import type { StartFacts } from './start-facts.ts';
import { startKeys } from './start-keys.ts';

const KEY_CELLS = 12;

export function startHelp(facts: StartFacts, columns: number): Line[] {
  return [
    ...startKeys(facts).flatMap(({ keys, label, does, disabled }) => {
      const shown = keys.map(shownKey).join(' ');
      const padding = ' '.repeat(Math.max(1, KEY_CELLS - displayWidth(shown)));
      const head = span(`  ${shown}${padding}`, disabled === null ? 'accent' : 'dim');
      const text = disabled === null ? line(`${label}: ${does}`) : line(`${label}: ${does} (${disabled})`, 'dim');
      return wrapLine([head], text, columns);
    }),
    EMPTY_LINE,
    ...[
      'While a run is shown, ? lists the keys that it has.',
      '`ralph-tui config` says what holds here and why; `ralph-tui help` lists all commands.',
    ].flatMap((text) => wrapLine([span('  ')], line(text, 'dim'), columns)),
  ];
}
