// One line of the agent log as the screen shows it, made of an entry of the stream: safe text, in as plain signs as
// possible, since a line of ASCII is drawn three times as fast (facts: Ink's cost of a frame).
import type { LogEntry, LogKind } from '../../agent/log/draft.ts';
import { formatTimeOfDay } from '../../text/clock.ts';
import { safeLine } from '../../text/sanitize.ts';

export interface LogRow extends Omit<LogEntry, 'at'> {
  /** In the order of the log, and the same whenever and from wherever the log is read. */
  readonly id: number;
  /** `23:41:02`, or dashes. */
  readonly time: string;
}

const LONGEST_TAG = 12;
/** Far more than a screen's width; a line that goes on is in the raw log. */
const LONGEST_TEXT = 4_000;

/** A message gives so many lines at most. */
const ROWS_A_LINE = 2 ** 16;

/** The id of the row with that number among those of the message that begins at that byte; safe up to 128 GiB. */
export function rowId(offset: number, index: number): number {
  return offset * ROWS_A_LINE + Math.min(index, ROWS_A_LINE - 1);
}

/** The byte of the log at which the row's message begins. */
export function rowOffset(id: number): number {
  return Math.floor(id / ROWS_A_LINE);
}

export function logRow(entry: LogEntry, id: number, timeZone?: string): LogRow {
  return {
    id,
    time: entry.at === null ? '--:--:--' : formatTimeOfDay(entry.at, timeZone),
    kind: entry.kind,
    indent: Math.min(entry.indent, 8),
    tag: safeLine(entry.tag.slice(0, LONGEST_TAG)),
    text: plainSigns(safeLine(entry.text.slice(0, LONGEST_TEXT)), entry.kind),
    isError: entry.isError,
    toolUseId: entry.toolUseId,
  };
}

/** Lines that this program words itself need no signs of their own; what the agent wrote stays as it is. */
function plainSigns(text: string, kind: LogKind): string {
  if (kind === 'text' || kind === 'tool') return text;
  const own = text.replace(/^… (\d+ more lines?)$/, '~ $1');
  return kind === 'output' || kind === 'thinking' ? own : own.replaceAll(' · ', ', ').replaceAll('→', '->');
}

/** A call with its one-line answer behind it (`src/a.ts +9 -3`, `src/a.ts (214 lines)`); null where it needs lines of its own. */
export function mergedAnswer(call: LogRow, answer: LogRow): LogRow | null {
  if (call.kind !== 'tool' || answer.kind !== 'output' || answer.isError || call.indent !== answer.indent) return null;
  // What a command prints is never our own count.
  if (call.tag === 'Bash') return null;
  if (/^\+\d+ -\d+$/.test(answer.text)) return { ...call, text: `${call.text} ${answer.text}` };
  if (/^\d+ lines?$/.test(answer.text)) return { ...call, text: `${call.text} (${answer.text})` };
  return null;
}
