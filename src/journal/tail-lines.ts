// Follows a growing file line by line; a line is there when its line end is.
import { LineSplitter, MAX_LINE_BYTES, type TextLine } from './line-splitter.ts';
import { type TailOptions, tailBytes } from './tail.ts';

export interface LineBatch {
  /** What came in one go; empty only when `restarted`. */
  readonly lines: readonly TextLine[];
  /** The file was cut or replaced: these are its first lines, and all earlier ones are void. */
  readonly restarted: boolean;
}

export interface TailLinesOptions extends TailOptions {
  readonly maxLineBytes?: number;
}

/** Whole lines from a byte on (the beginning of a line), in batches, until a signal ends it. */
export async function* tailLines(path: string, options: TailLinesOptions = {}): AsyncGenerator<LineBatch, void, void> {
  const { from = 0, maxLineBytes = MAX_LINE_BYTES } = options;
  let splitter = new LineSplitter(from, maxLineBytes);
  for await (const { bytes, offset, restarted } of tailBytes(path, options)) {
    if (restarted) splitter = new LineSplitter(offset, maxLineBytes);
    const lines = splitter.push(bytes);
    if (lines.length > 0 || restarted) yield { lines, restarted };
  }
}
