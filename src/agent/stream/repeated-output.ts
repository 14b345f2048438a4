// What a command prints stands twice on its line, for the model and for programs. Where both are the same bytes, they
// are looked at once.

const HEAD_BYTES = 256;
const RESULT_FOR_MODEL =
  /^\{"type":"user","message":\{"role":"user","content":\[\{"tool_use_id":"[\w-]{1,100}","type":"tool_result","content":"/;
const STDOUT = Buffer.from('"tool_use_result":{"stdout":"');
const STDERR = Buffer.from('","stderr":"');
const QUOTE = 0x22;
/** Shorter ones are read faster than looked for. */
const SHORTEST_BYTES = 1_024;

/**
 * The line without that output in both places, as Latin-1; null where it does not stand twice. It is as sound, or as
 * broken, as the whole one: what was left out is a sound string by itself, and it stands where a string has begun.
 */
export function withoutRepeatedOutput(line: Buffer): string | null {
  if (line.length < 2 * SHORTEST_BYTES) return null;
  const first = RESULT_FOR_MODEL.exec(line.toString('latin1', 0, HEAD_BYTES))?.[0].length;
  const end = line.lastIndexOf(STDERR);
  if (first === undefined || end < first) return null;
  // What stands between the two is shorter than they are: the second begins soon behind the middle.
  const second = line.indexOf(STDOUT, Math.floor((first + end) / 2) - STDOUT.length) + STDOUT.length;
  const length = end - second;
  const firstEnd = first + length;
  if (second < STDOUT.length || length < SHORTEST_BYTES || firstEnd >= second) return null;
  if (line[firstEnd] !== QUOTE || line.compare(line, second, end, first, firstEnd) !== 0) return null;
  if (!isString(line.toString('latin1', first - 1, firstEnd + 1))) return null;
  const parts = [line.toString('latin1', 0, first), line.toString('latin1', firstEnd, second)];
  return `${parts.join('')}${line.toString('latin1', end)}`;
}

function isString(json: string): boolean {
  try {
    return typeof JSON.parse(json) === 'string';
  } catch {
    return false;
  }
}
