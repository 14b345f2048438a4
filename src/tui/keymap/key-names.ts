// Names for what a terminal sends: `a`, `X`, `up`, `ctrl+l`. Letters only beyond the common keys: function keys reach
// us without a name, and Escape comes late in tmux, so everything that Escape does has a second key.
import type { Key } from 'ink';

const NAMED: readonly (readonly [keyof Key, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** The keys that Ink reports in one go, in order: what is typed fast, or pasted, comes as one text. */
export function keyNames(input: string, key: Key): string[] {
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag] === true);
  if (named !== undefined) return [named[1]];
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input.toLowerCase()}`];
  // Alt with a letter is nobody's binding here, and must not count as the letter.
  if (key.meta) return [];
  return [...input].map(namedCharacter).filter((name) => name !== '');
}

function namedCharacter(character: string): string {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\t') return 'tab';
  if (character === ' ') return 'space';
  return character < ' ' || character === '\x7f' ? '' : character;
}

const SHOWN: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift+tab': 'S-Tab',
  space: 'Space',
};

/** As it stands in help, footer and README: `^L`, `PgUp`, `x`. */
export function shownKey(name: string): string {
  if (name.startsWith('ctrl+')) return `^${name.slice(5).toUpperCase()}`;
  return SHOWN[name] ?? name;
}
