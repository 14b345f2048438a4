// Reads parts of an attempt's log from the file: the page before a byte, and what comes behind one.
import { emptyDigest } from '../../agent/digest/digest.ts';
import { type LogFolding, UNFOLDED } from '../../agent/log/folding.ts';
import { type ReadLine, StreamReader } from '../../agent/stream/stream-reader.ts';
import { lastLines } from '../../journal/last-lines.ts';
import { openRegular, readAt } from '../../journal/regular-file.ts';
import { arrivalSlices, arrivedAt } from '../../viewer/arrival-times.ts';
import type { VitalsSample } from '../../viewer/vitals-file.ts';

/** Raw lines a page; one gives about two lines on the screen. */
const PAGE_LINES = 500;
const PAGE_BYTES = 2 * 1024 * 1024;

export interface LogReaderOptions {
  readonly path: string;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  /** Answers, thoughts and commands in full. */
  readonly unfolded: boolean;
}

export interface LogPage {
  readonly lines: readonly ReadLine[];
  /** Where the first of its raw lines begins, and the last one ends. */
  readonly startOffset: number;
  readonly endOffset: number;
}

export class LogReader {
  readonly #options: LogReaderOptions;
  /** When bytes came: older agents put no time on their lines. */
  samples: readonly VitalsSample[] = [];
  /** When the file was written last, as it was found. */
  writtenAt: string | null = null;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  /** A reader of the stream that begins at a line. What was before it is not known to it. */
  streamFrom(offset: number): StreamReader {
    const { sessionId, unfolded } = this.#options;
    const fold: LogFolding | undefined = unfolded ? UNFOLDED : undefined;
    return new StreamReader({
      from: { offset, digest: emptyDigest(sessionId) },
      ...(fold === undefined ? {} : { fold }),
    });
  }

  /** The page before a byte at which a line begins; before the end of the file without one. */
  async before(offset?: number): Promise<LogPage> {
    const limits = { maxBytes: PAGE_BYTES, ...(offset === undefined ? {} : { before: offset }) };
    const { lines, startOffset, endOffset } = await lastLines(this.#options.path, PAGE_LINES, limits);
    const reader = this.streamFrom(startOffset);
    return {
      lines: lines.flatMap((line) =>
        reader.feedLines(Buffer.from(`${line.text}\n`), arrivedAt(this.samples, line.offset) ?? this.writtenAt),
      ),
      startOffset,
      endOffset,
    };
  }

  /**
   * Feeds the bytes from `from` up to `to` to a reader, a page of them at most.
   * @returns the lines, and the byte behind the last that was fed
   */
  async behind(reader: StreamReader, from: number, to: number): Promise<{ lines: readonly ReadLine[]; fedTo: number }> {
    const file = await openRegular(this.#options.path);
    if (file === null) return { lines: [], fedTo: to };
    try {
      const bytes = await readAt(file, from, Math.min(PAGE_BYTES, to - from));
      return { lines: this.feed(reader, bytes, from, this.writtenAt), fedTo: from + bytes.length };
    } finally {
      await file.close();
    }
  }

  /** @param lastAt when the last of the bytes came; samples know of those before */
  feed(reader: StreamReader, bytes: Uint8Array, offset: number, lastAt: string | null): ReadLine[] {
    const lines: ReadLine[] = [];
    let fed = 0;
    for (const slice of arrivalSlices(this.samples, offset, offset + bytes.length, lastAt)) {
      lines.push(...reader.feedLines(bytes.subarray(fed, slice.end - offset), slice.at));
      fed = slice.end - offset;
    }
    return lines;
  }
}
