// What the screen knows of a log: the part of it that is in memory.
import type { LogRow } from './log-row.ts';

/** Immutable. */
export interface LogWindow {
  /** In the order of the log; their ids go up, with holes. */
  readonly rows: readonly LogRow[];
  /** There are lines before the first row that can be read. */
  readonly hasOlder: boolean;
  /** There are lines behind the last row that are not read: what comes does not come in here. */
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** Nothing has been read yet. */
  readonly isOpening: boolean;
}
