// Reads a line as parseLine does, for those who want the digest only, at a fraction of the cost: nearly all bytes of a
// long log are results of tools, twice on each line, and the digest wants none of their text.
import type { AgentMessage } from './message-types.ts';
import { parseLine, parseMessage } from './messages.ts';
import { isObject, LABEL_LIMIT } from './narrow.ts';

/** Short lines are parsed faster than looked through. */
const SHORTEST_LINE_BYTES = 4_096;
const SHORTEST_STRING_BYTES = 2_048;
const USER_LINE = Buffer.from('{"type":"user"');
/** What Write and Edit report is counted line by line. */
const NEEDED_WHOLE = Buffer.from('structuredPatch');
/** No spelling of that key is longer: every character may be written as six. */
const LONGEST_SPELLING_BYTES = NEEDED_WHOLE.length * 6;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/**
 * The same as `parseLine` but for texts of tool results, of which only the beginning is there. What makes a line
 * broken for one of them makes it broken for the other.
 */
export function parseForDigest(bytes: Uint8Array): AgentMessage | null {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (line.length < SHORTEST_LINE_BYTES || USER_LINE.compare(line, 0, USER_LINE.length) !== 0) return parseLine(bytes);
  const text = shortened(line);
  const value = text === null ? null : parse(text);
  // A second `type` may follow, and other kinds of lines need all of their texts.
  return isObject(value) && value.type === 'user' ? parseMessage(value) : parseLine(bytes);
}

/** The line with its long strings cut; null when it is broken or has to be read whole. */
function shortened(line: Buffer): string | null {
  let text = '';
  let copied = 0;
  for (let open = line.indexOf(QUOTE); open !== -1; ) {
    const close = closingQuote(line, open + 1);
    if (close === -1) return null;
    const length = close - open - 1;
    if (length > SHORTEST_STRING_BYTES) {
      const cut = endOfLabel(line, open + 1, close);
      text += line.toString('utf8', copied, cut);
      copied = close;
    } else if (length <= LONGEST_SPELLING_BYTES && length >= NEEDED_WHOLE.length) {
      if (isNeededWhole(line, open + 1, close)) return null;
    }
    open = line.indexOf(QUOTE, close + 1);
  }
  return text + line.toString('utf8', copied);
}

/** Index of the quote that ends a string, -1 where JSON.parse would refuse it. */
function closingQuote(line: Buffer, start: number): number {
  const end = line.length;
  for (let at = start; at < end; at++) {
    const byte = line[at] as number;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) {
      at += 1;
      const escape = ESCAPES[line[at] ?? 0] as number;
      if (escape === 0) return -1;
      if (escape === LETTER_U) {
        for (let digit = 1; digit <= 4; digit++) if (HEX[line[at + digit] ?? 0] === 0) return -1;
        at += 4;
      }
    } else if (byte < 0x20) return -1;
  }
  return -1;
}

/** Behind so many characters of a string that a label, which is all that is read of it, stays the same. */
function endOfLabel(line: Buffer, start: number, close: number): number {
  let at = start;
  for (let characters = 0; characters < LABEL_LIMIT && at < close; characters++) {
    if (line[at] === BACKSLASH) at += line[at + 1] === LETTER_U ? 6 : 2;
    else {
      at += 1;
      // The other bytes of a UTF-8 sequence.
      while (((line[at] ?? 0) & 0xc0) === 0x80 && at < close) at += 1;
    }
  }
  return Math.min(at, close);
}

/** The key itself, or any spelling with escapes that could be it. */
function isNeededWhole(line: Buffer, start: number, close: number): boolean {
  const escape = line.indexOf(BACKSLASH, start);
  if (escape !== -1 && escape < close) return line.subarray(start, close).includes('\\u');
  return (
    close - start === NEEDED_WHOLE.length && line.compare(NEEDED_WHOLE, 0, NEEDED_WHOLE.length, start, close) === 0
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What may stand behind a backslash (RFC 8259, section 7), by byte. */
const ESCAPES = new Uint8Array(256);
for (const letter of '"\\/bfnrtu') ESCAPES[letter.charCodeAt(0)] = letter.charCodeAt(0);
const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = 1;
