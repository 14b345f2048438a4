// How many terminal cells a text takes, and cutting it to so many. For text that went through sanitize: joined emoji
// and variation selectors are gone there, so counting by code point agrees with tmux and with Ink (facts/tui.md A.5).

/** Assigned blocks of East Asian Width W or F (Unicode 16, UAX #11) that are not Emoji_Presentation, first and last. */
const WIDE_RANGES: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2fb],
  [0x1d300, 0x1d356],
  [0x1d360, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/;
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
const WIDE_EMOJI = /(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u;

/** Vowels and finals of decomposed Hangul: drawn into the cell of the syllable's first letter. */
function isHangulTail(codePoint: number): boolean {
  return (codePoint >= 0x1160 && codePoint <= 0x11ff) || (codePoint >= 0xd7b0 && codePoint <= 0xd7fb);
}

/** Of the characters of the basic plane that were asked for, and one more: rules, bars and graphs are drawn again and again. */
const knownWidths = new Uint8Array(0x10000);

/** Cells of one character (a whole code point): 0, 1 or 2. */
export function characterWidth(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint >= 0x20 && codePoint < 0x7f) return 1;
  const known = knownWidths[codePoint] ?? 0;
  if (known > 0) return known - 1;
  const cells = lookUpWidth(character, codePoint);
  if (codePoint < knownWidths.length) knownWidths[codePoint] = cells + 1;
  return cells;
}

function lookUpWidth(character: string, codePoint: number): number {
  if (ZERO_WIDTH.test(character) || isHangulTail(codePoint)) return 0;
  if (codePoint < 0x1100) return 1;
  if (WIDE_RANGES.some(([first, last]) => codePoint >= first && codePoint <= last)) return 2;
  return WIDE_EMOJI.test(character) ? 2 : 1;
}

/** Cells that the text takes on one line. */
export function displayWidth(text: string): number {
  if (!NOT_PRINTABLE_ASCII.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += characterWidth(character);
  return cells;
}

/** The text in at most `cells` cells; a cut is shown by `mark` (`…`, or `~` in log rows, which stay ASCII). */
export function truncateToWidth(text: string, cells: number, mark = '…'): string {
  // No text is wider than two cells a UTF-16 unit; a megabyte line must not be measured to its end.
  if (text.length * 2 <= cells || (text.length <= cells * 8 && displayWidth(text) <= cells)) return text;
  const markWidth = displayWidth(mark);
  if (cells < markWidth) return '';
  const room = cells - markWidth;
  let used = 0;
  let end = 0;
  // The end of the longest start that leaves room for the mark; the whole may turn out to fit without one.
  let cutAt = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > cells) return text.slice(0, cutAt) + mark;
    end += character.length;
    if (used <= room) cutAt = end;
  }
  return text;
}

/** The end of the text in at most `cells` cells: what counts of a path. */
export function truncateAtFront(text: string, cells: number, mark = '…'): string {
  if (displayWidth(text) <= cells) return text;
  const characters = [...text];
  let used = displayWidth(mark);
  let from = characters.length;
  for (; from > 0; from -= 1) {
    used += characterWidth(characters[from - 1] ?? '');
    if (used > cells) break;
  }
  return mark + characters.slice(from).join('');
}

/** Exactly `cells` wide: cut with `mark` or filled with spaces, behind the text or (`end`) in front of it. */
export function fitToWidth(text: string, cells: number, align: 'start' | 'end' = 'start', mark = '…'): string {
  const cut = truncateToWidth(text, cells, mark);
  const padding = ' '.repeat(Math.max(0, cells - displayWidth(cut)));
  return align === 'start' ? cut + padding : padding + cut;
}
