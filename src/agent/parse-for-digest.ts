// Reads a line as parseLine does, for those who want the digest only, at a fraction of the cost: nearly all bytes of a
// long log are results of tools, most of them twice on their line, and the digest wants none of their text.
import type { AgentMessage } from './message-types.ts';
import { parseLine, parseMessage } from './messages.ts';
import { isObject, LABEL_LIMIT } from './narrow.ts';

/** Short lines are parsed faster than looked through. */
const SHORTEST_LINE_BYTES = 4_096;
/** What is shorter stays whole. */
const LONG_STRING_BYTES = 2 * LABEL_LIMIT;
const USER_LINE = Buffer.from('{"type":"user"');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;

/**
 * The same as `parseLine` but for the long texts of a tool's result: of those only the beginning is there, and as many
 * line feeds as they have (Write's result is counted in lines). What makes a line broken for one of them makes it
 * broken for the other.
 */
export function parseForDigest(bytes: Uint8Array): AgentMessage | null {
  if (bytes.length < SHORTEST_LINE_BYTES || USER_LINE.compare(bytes, 0, USER_LINE.length) !== 0) {
    return parseLine(bytes);
  }
  const text = shortened(bytes);
  const value = text === null ? null : parse(text);
  // A second `type` may follow, and other kinds of lines need all of their texts.
  return isObject(value) && value.type === 'user' ? parseMessage(value) : parseLine(bytes);
}

/** The line with its long strings cut; null when it is broken. */
function shortened(bytes: Uint8Array): string | null {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  let copied = 0;
  let last: JsonString | null = null;
  for (let open = bytes.indexOf(QUOTE); open !== -1; ) {
    const string: JsonString | null = sameAgain(line, last, open + 1) ?? readString(bytes, open + 1);
    if (string === null) return null;
    if (string.cut < string.end) {
      last = string;
      text += line.toString('utf8', copied, string.cut) + string.rest;
      copied = string.end;
    }
    open = bytes.indexOf(QUOTE, string.end + 1);
  }
  return text + line.toString('utf8', copied);
}

/** A string's bytes, without its quotes. */
interface JsonString {
  readonly start: number;
  readonly end: number;
  /** Behind so many characters that a label, which is all that is read of it, stays the same. */
  readonly cut: number;
  /** Stands for what was cut away. */
  readonly rest: string;
}

/** The structured result repeats the one for the model: what is the same needs no second look. */
function sameAgain(line: Buffer, last: JsonString | null, start: number): JsonString | null {
  if (last === null) return null;
  const moved = start - last.start;
  const end = last.end + moved;
  if (line[end] !== QUOTE || line.compare(line, last.start, last.end, start, end) !== 0) return null;
  return { start, end, cut: last.cut + moved, rest: last.rest };
}

/** Null where JSON.parse would refuse it (RFC 8259, section 7). */
function readString(bytes: Uint8Array, start: number): JsonString | null {
  const whole = scan(bytes, start, bytes.length);
  if (whole === null || bytes[whole.at] !== QUOTE) return null;
  const end = whole.at;
  const cut = end - start > LONG_STRING_BYTES ? endOfLabel(bytes, start, end) : end;
  const kept = cut < end ? scan(bytes, start, cut) : whole;
  if (kept === null || kept === whole) return { start, end, cut: end, rest: '' };
  const lastCharacter = whole.endsWithLineFeed ? '' : '.';
  return { start, end, cut, rest: `${'\\n'.repeat(whole.lineFeeds - kept.lineFeeds)}${lastCharacter}` };
}

interface Scanned {
  /** Of the closing quote, or the limit. */
  readonly at: number;
  readonly lineFeeds: number;
  readonly endsWithLineFeed: boolean;
}

/** Goes over a string's characters up to its end or `limit`, which no escape may reach over; null where it is broken. */
function scan(bytes: Uint8Array, start: number, limit: number): Scanned | null {
  let lineFeeds = 0;
  let afterLineFeed = -1;
  let at = start;
  while (at < limit) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) break;
    if (byte < 0x20) return null;
    at += 1;
    if (byte !== BACKSLASH) continue;
    const letter = bytes[at] ?? 0;
    at += 1;
    if (letter === LETTER_N) {
      lineFeeds += 1;
      afterLineFeed = at;
    } else if (letter === LETTER_U) {
      for (const digits = at + 4; at < digits; at++) if (HEX[bytes[at] ?? 0] === 0) return null;
      if (isLineFeed(bytes, at - 4)) {
        lineFeeds += 1;
        afterLineFeed = at;
      }
    } else if (MAY_BE_ESCAPED[letter] === 0) return null;
  }
  return { at, lineFeeds, endsWithLineFeed: afterLineFeed === at };
}

/** Behind so many characters of a sound string that a label stays the same. */
function endOfLabel(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let characters = 0; characters < LABEL_LIMIT && at < end; characters++) {
    if (bytes[at] === BACKSLASH) at += bytes[at + 1] === LETTER_U ? 6 : 2;
    else
      do at += 1;
      while (
        // The other bytes of a UTF-8 sequence.
        ((bytes[at] ?? 0) & 0xc0) ===
        0x80
      );
  }
  return at;
}

/** Whether four digits are those of U+000A. */
function isLineFeed(bytes: Uint8Array, digits: number): boolean {
  const [a, b, c, d] = bytes.subarray(digits, digits + 4);
  return a === 0x30 && b === 0x30 && c === 0x30 && (d === 0x61 || d === 0x41);
}

/** What may stand behind a backslash beside n and u, by byte. */
const MAY_BE_ESCAPED = new Uint8Array(256);
for (const letter of '"\\/bfrt') MAY_BE_ESCAPED[letter.charCodeAt(0)] = 1;
const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = 1;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
