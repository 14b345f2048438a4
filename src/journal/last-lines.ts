// Reads a file from its end in blocks, so that a log of 100 MB opens at its end at once.
import type { FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES, type TextLine } from './line-splitter.ts';
import { openRegular, readAt } from './regular-file.ts';

export interface LastLinesOptions {
  /** Read backwards from this byte (the beginning of a line) instead of from the end: the page before a page. */
  readonly before?: number;
  /** Count a last line that has no line end (yet), too. Default: it is left to the tail that goes on. */
  readonly unfinished?: boolean;
  /** So much text at most, and at least one line: a thousand lines may be a thousand megabytes. */
  readonly maxBytes?: number;
  readonly maxLineBytes?: number;
  readonly blockBytes?: number;
  readonly open?: (path: string) => Promise<FileHandle | null>;
}

export interface LastLines {
  /** In the order of the file. */
  readonly lines: readonly TextLine[];
  /** Where the first of them begins: `before` for the page before this one. 0 at the beginning of the file. */
  readonly startOffset: number;
  /** Where the last of them ends: `from` for the tail that goes on. */
  readonly endOffset: number;
}

const DEFAULT_BLOCK_BYTES = 64 * 1024;
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

/** The last `count` lines; none of a file that is not there. */
export async function lastLines(path: string, count: number, options: LastLinesOptions = {}): Promise<LastLines> {
  const { maxBytes = DEFAULT_MAX_BYTES, open = openRegular } = options;
  const file = await open(path);
  if (file === null) return { lines: [], startOffset: 0, endOffset: 0 };
  try {
    const endOffset = await findEnd(file, options);
    const lines: TextLine[] = [];
    let keptBytes = 0;
    if (count > 0) {
      for await (const line of linesBackwards(file, endOffset, options)) {
        keptBytes += line.text.length;
        if (lines.length > 0 && keptBytes > maxBytes) break;
        lines.push(line);
        if (lines.length >= count) break;
      }
    }
    return { lines: lines.reverse(), startOffset: lines[0]?.offset ?? endOffset, endOffset };
  } finally {
    await file.close();
  }
}

/** Behind the last line end, or the end of the file where an unfinished line counts. */
async function findEnd(file: FileHandle, options: LastLinesOptions): Promise<number> {
  const { blockBytes = DEFAULT_BLOCK_BYTES } = options;
  const { size } = await file.stat();
  const end = Math.min(size, options.before ?? size);
  if (options.unfinished) return end;
  for (let position = end; position > 0; ) {
    const start = Math.max(0, position - blockBytes);
    const block = await readAt(file, start, position - start);
    const lineEnd = block.lastIndexOf(0x0a);
    if (lineEnd !== -1) return start + lineEnd + 1;
    position = start;
  }
  return 0;
}

/** The lines before `end`, last one first. */
async function* linesBackwards(
  file: FileHandle,
  end: number,
  options: LastLinesOptions,
): AsyncGenerator<TextLine, void, void> {
  if (end === 0) return;
  const { blockBytes = DEFAULT_BLOCK_BYTES, maxLineBytes = MAX_LINE_BYTES } = options;
  const endsWithLineEnd = (await readAt(file, end - 1, 1))[0] === 0x0a;
  let endOffset = end;
  let parts: Buffer[] = [];
  let lineBytes = 0;
  const hold = (part: Buffer): void => {
    lineBytes += part.length;
    if (lineBytes <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const take = async (offset: number): Promise<TextLine> => {
    const cut = lineBytes > maxLineBytes;
    // Of a line that is too long the end came first, but its beginning is wanted.
    const bytes = cut ? await readAt(file, offset, maxLineBytes) : Buffer.concat(parts.reverse());
    const line: TextLine = { text: bytes.toString(), offset, endOffset, cut };
    parts = [];
    lineBytes = 0;
    endOffset = offset;
    return line;
  };
  for (let position = endsWithLineEnd ? end - 1 : end; position > 0; ) {
    const start = Math.max(0, position - blockBytes);
    let block = await readAt(file, start, position - start);
    for (let lineEnd = block.lastIndexOf(0x0a); lineEnd !== -1; lineEnd = block.lastIndexOf(0x0a)) {
      hold(block.subarray(lineEnd + 1));
      yield await take(start + lineEnd + 1);
      block = block.subarray(0, lineEnd);
    }
    hold(block);
    position = start;
  }
  yield await take(0);
}
