// One entry of the agent's stream as a line of text, in the form of iteration-N.log.
import { formatTimeOfDay } from '../../text/clock.ts';
import { type Redactor, redactKeys } from '../../text/redact.ts';
import { sanitize } from '../../text/sanitize.ts';
import type { LogEntry } from './draft.ts';

const TAG_CELLS = 6;
const LONGEST_TAG = 12;

/** Safe to show, without a line end. */
export function logLine(entry: LogEntry, redact: Redactor = redactKeys): string {
  const time = entry.at === null ? '--:--:--' : formatTimeOfDay(entry.at);
  const tag = entry.tag.slice(0, LONGEST_TAG).padEnd(TAG_CELLS);
  return sanitize(`${time} ${'  '.repeat(entry.indent)}${tag} ${entry.text}`, { oneLine: true, redact });
}
