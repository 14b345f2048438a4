// Every sign beyond ASCII that the program draws with, and what stands for it on a terminal without Unicode.
// Views and reports write the Unicode sign; it is replaced where a line goes out (the pane's paint.ts, the commands'
// context.ts), so that nobody can forget it.
import { characterWidth } from './width.ts';

const ASCII_STAND_INS: ReadonlyMap<string, string> = new Map([
  ['▶', '>'],
  ['▷', '>'],
  ['▸', '>'],
  ['◷', '@'],
  ['⏸', '='],
  ['■', '#'],
  ['✓', '+'],
  ['✗', 'x'],
  ['↻', '~'],
  ['↶', '<'],
  ['☐', '-'],
  ['▲', '^'],
  ['▼', 'v'],
  ['↑', '^'],
  ['↓', 'v'],
  ['→', '>'],
  ['─', '-'],
  ['━', '='],
  ['│', '|'],
  ['┄', '-'],
  ['┌', '+'],
  ['┐', '+'],
  ['└', '+'],
  ['┘', '+'],
  ['█', '#'],
  ['▒', '.'],
  ['·', '-'],
  ['–', '-'],
  ['…', '~'],
  ['≈', '~'],
  ['×', 'x'],
  ['“', '"'],
  ['”', '"'],
  ['’', "'"],
]);

/** Whether the locale can show more than ASCII: LC_ALL counts before LC_CTYPE before LANG (locale(7)). */
export function hasUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(
    (name) => name !== undefined && name !== '',
  );
  return /utf-?8/i.test(locale ?? '');
}

/** The text in ASCII, cell for cell. */
export function toAscii(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return text;
  let ascii = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) ascii += character;
    else if (code >= 0x2800 && code <= 0x28ff) ascii += brailleStandIn(code);
    else ascii += ASCII_STAND_INS.get(character) ?? '?'.repeat(characterWidth(character));
  }
  return ascii;
}

/**
 * Only the program's own signs in ASCII, cell for cell. Letters of any language stay: names of files and words of
 * people are to be copied as they are, and whoever has them has seen them in this terminal before.
 */
export function asciiSigns(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (character) => ASCII_STAND_INS.get(character) ?? character);
}

/** By how much of the cell is filled. */
function brailleStandIn(code: number): string {
  let dots = 0;
  for (let bits = code - 0x2800; bits > 0; bits >>= 1) dots += bits & 1;
  if (dots === 0) return ' ';
  return dots <= 3 ? '.' : dots <= 6 ? ':' : '#';
}
