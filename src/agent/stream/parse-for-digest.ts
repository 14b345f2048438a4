// Reads a line as parseLine does, for those who want the digest only: nearly all bytes of a long log are results of
// tools, and the digest wants none of their text, so that nobody has to turn their UTF-8 into UTF-16.
import type { AgentMessage, UserMessage } from './message-types.ts';
import { parseLine, parseMessage } from './messages.ts';
import { isObject } from './narrow.ts';
import { withoutRepeatedOutput } from './repeated-output.ts';

const USER_LINE = Buffer.from('{"type":"user"');

/**
 * The same as `parseLine`, except that texts of a user's line may be missing, or Latin-1 where they are UTF-8. What
 * makes a line broken for one of them makes it broken for the other: JSON's own characters are ASCII.
 */
export function parseForDigest(bytes: Uint8Array): AgentMessage | null {
  if (bytes.length < USER_LINE.length || USER_LINE.compare(bytes, 0, USER_LINE.length) !== 0) return parseLine(bytes);
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = parse(withoutRepeatedOutput(line) ?? line.toString('latin1'));
  // A second `type` may follow, and other kinds of lines need all of their texts.
  const message = isObject(value) && value.type === 'user' ? parseMessage(value) : null;
  return message?.kind === 'user' && hasPlainLabels(message) ? message : parseLine(bytes);
}

function hasPlainLabels({ sessionId, parentToolUseId, fileChange, results }: UserMessage): boolean {
  return (
    isPlain(sessionId) &&
    isPlain(parentToolUseId) &&
    (fileChange === null || isPlain(fileChange.path)) &&
    results.every(({ toolUseId }) => isPlain(toolUseId))
  );
}

function isPlain(label: string | null): boolean {
  return label === null || !NOT_ASCII.test(label);
}

const NOT_ASCII = /[^\x00-\x7f]/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
