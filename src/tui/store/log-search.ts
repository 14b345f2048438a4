// Looks for a line in the parts of a log that are not in memory, page by page, and keeps none but the one with it.
import type { ReadLine } from '../../agent/stream/stream-reader.ts';
import { LogBuffer } from './log-buffer.ts';
import type { LogPage, LogReader } from './log-reader.ts';
import type { LogRow } from './log-row.ts';

export interface LogSearch {
  readonly file: LogReader;
  readonly matches: (row: LogRow) => boolean;
  /** Its abort ends the search with nothing found. */
  readonly signal: AbortSignal;
}

export interface FoundRow {
  readonly id: number;
  readonly page: LogPage;
}

/** The last match before a byte at which a line begins. */
export async function searchUp({ file, matches, signal }: LogSearch, before: number): Promise<FoundRow | null> {
  for (let start = before; start > 0 && !signal.aborted; ) {
    const page = await file.before(start);
    const row = rowsOf(page.lines).findLast(matches);
    if (row !== undefined) return { id: row.id, page };
    start = page.startOffset;
  }
  return null;
}

/** The first match from a byte on at which a line begins, and before another byte. */
export async function searchDown(
  { file, matches, signal }: LogSearch,
  from: number,
  to: number,
): Promise<FoundRow | null> {
  const reader = file.streamFrom(from);
  for (let fedTo = from; fedTo < to && !signal.aborted; ) {
    const startOffset = reader.offset;
    const read = await file.behind(reader, fedTo, to);
    const row = rowsOf(read.lines).find(matches);
    if (row !== undefined) return { id: row.id, page: { lines: read.lines, startOffset, endOffset: reader.offset } };
    if (read.fedTo === fedTo) return null;
    fedTo = read.fedTo;
  }
  return null;
}

function rowsOf(lines: readonly ReadLine[]): readonly LogRow[] {
  const buffer = new LogBuffer();
  buffer.append(lines);
  return buffer.rows;
}
