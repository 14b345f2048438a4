// How much of what the agent says and reads stands in its log.
import type { FoldLimits } from './fold-text.ts';

/** How many lines of what the agent says, of errors and of answers are shown. */
export interface LogFolding {
  readonly text: FoldLimits;
  readonly error: FoldLimits;
  readonly output: FoldLimits;
  /** Also what otherwise is told in a line: thoughts, long commands, files that were read, what a search found. */
  readonly whole: boolean;
}

/** For people who follow: the beginning and the end. */
export const FOLDED: LogFolding = {
  text: { first: 120, last: 40 },
  error: { first: 6, last: 14 },
  output: { first: 4, last: 6 },
  whole: false,
};

export const ALL_LINES: FoldLimits = { first: 4_000, last: 1_000 };

/** For people who look closer. The agent itself is shown no more lines than these of an answer. */
export const UNFOLDED: LogFolding = { text: ALL_LINES, error: ALL_LINES, output: ALL_LINES, whole: true };
