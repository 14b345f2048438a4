// The single place where untrusted bytes become text for a screen, a log or a report (design, section 7).
// Apply it once, after lines are put together (never per chunk): to output, branch names, commit subjects, file names,
// errors of engines. What it lets through moves no cursor, hides nothing and joins nothing (facts/sandbox.md 2.4).
import { type Redactor, redactKeys } from './redact.ts';
import { displayWidth } from './width.ts';

export interface SanitizeOptions {
  /** Each run of line ends becomes one space. Default: they stay, as \n. */
  readonly oneLine?: boolean;
  /** Cells between tab stops; tabs become spaces. */
  readonly tabWidth?: number;
  /** Takes keys out; default: those that are known by their form. `createRedactor` knows this run's own, too. */
  readonly redact?: Redactor;
}

/** Anything but printable ASCII, tabs, line ends and Latin letters. */
const SUSPECT = /[^\t\n\x20-\x7e\xa1-\xac\xae-\u02ff]/;

// Strings (OSC, DCS, SOS, PM, APC, and screen's title ESC k) take their payload with them up to BEL or ST; one that
// never ends takes the rest of its line. Then CSI, then every other escape, then a lone ESC. The 8-bit spellings do
// the same, except that an unended string loses only its introducer: U+0080–U+009F is also what text looks like that
// was decoded wrongly, and that has to stay readable.
const SEQUENCES = new RegExp(
  [
    /\x1b[\]PX^_k][^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?/,
    /[\x90\x98\x9d\x9e\x9f][^\x07\x1b\x9c\r\n\x90\x98\x9d\x9e\x9f]*(?:\x07|\x1b\\|\x9c)/,
    /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/,
    /\x1b[ -/]*[0-~]?/,
    /[\x90\x98\x9d\x9e\x9f]/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'g',
);

/** Overrides, embeddings and isolates reorder what is read (CVE-2021-42574). */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Takes no cell of its own and changes or joins its neighbours; skin tones and keycaps without their emoji, too. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Emoji_Modifier}|\u20e3|[\ufff9-\ufffb]/gu;

/** More marks on one letter than any language writes. */
const PILED_MARKS = /(?<=\p{M}{6})\p{M}/gu;

const REMAINING_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

const UTF8 = new TextDecoder('utf-8');

/** Text that is safe to show: bytes are read as UTF-8, broken ones become U+FFFD. */
export function sanitize(untrusted: string | Uint8Array, options: SanitizeOptions = {}): string {
  const { oneLine = false, tabWidth = 4, redact = redactKeys } = options;
  const text = typeof untrusted === 'string' ? untrusted : UTF8.decode(untrusted);
  const visible = SUSPECT.test(text) ? makeVisible(text) : text;
  // After the above: a key that escapes or invisible characters cut up is whole again here.
  const redacted = redact(visible);
  return expandTabs(oneLine ? joinLines(redacted) : redacted, tabWidth);
}

/** The same as one line, with keys of any form taken out; what is not there stays so. */
export function safeLine<Text extends string | null>(untrusted: Text): Text {
  return (untrusted === null ? null : sanitize(untrusted, { oneLine: true })) as Text;
}

function makeVisible(text: string): string {
  return text
    .toWellFormed()
    .replace(SEQUENCES, '')
    .replace(BIDI_CONTROLS, '\ufffd')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '')
    .replace(/\r\n?/g, '\n')
    .replace(REMAINING_CONTROLS, glyph);
}

/** One line; the first keeps its indentation, blank ones vanish. */
function joinLines(text: string): string {
  if (!text.includes('\n')) return text;
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? line.trimEnd() : line.trim()))
    .filter((line) => line !== '')
    .join(' ');
}

/** Control pictures for C0 and DEL, a line end's arrow for the Unicode ones, the replacement character for C1. */
function glyph(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return code < 0xa0 ? '\ufffd' : '\u21b5';
}

function expandTabs(text: string, tabWidth: number): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map((line) => (line.includes('\t') ? expandLine(line, tabWidth) : line))
    .join('\n');
}

function expandLine(line: string, tabWidth: number): string {
  const pieces = line.split('\t');
  const last = pieces.pop() ?? '';
  const expanded = pieces.map((piece) => piece + ' '.repeat(tabWidth - (displayWidth(piece) % tabWidth)));
  return expanded.join('') + last;
}
