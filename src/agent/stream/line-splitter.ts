// Cuts the agent's output into lines and knows at which byte each one begins.
// Memory stays bounded by the longest line that is allowed, whatever the agent prints.

/** One complete line, without its line feed. */
export interface StreamLine {
  /** Byte offset of its first byte in the whole stream. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Lines of 1.1 MB were seen (facts/claude-code.md 1); what is far above is no message. */
export const DEFAULT_LINE_LIMIT_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

export class LineSplitter {
  private readonly lineLimitBytes: number;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private lineOffset: number;
  private tooLong = false;
  private skipped = 0;

  /** `startOffset` is the byte offset of the first chunk that will be pushed: the start of a line. */
  constructor(startOffset = 0, lineLimitBytes = DEFAULT_LINE_LIMIT_BYTES) {
    this.lineOffset = startOffset;
    this.lineLimitBytes = lineLimitBytes;
  }

  /** Offset behind the last complete line: where a later reader has to go on. */
  get offset(): number {
    return this.lineOffset;
  }

  /** Lines over the limit that were thrown away. */
  get skippedLines(): number {
    return this.skipped;
  }

  /** The lines that this chunk completes. The chunk may be reused by the caller afterwards only if the lines are done with. */
  push(chunk: Uint8Array): StreamLine[] {
    const lines: StreamLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = this.complete(chunk.subarray(start, end));
      if (line !== null) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.keep(chunk.subarray(start));
    return lines;
  }

  /** What stands behind the last line feed, when the stream has ended; null if nothing does. */
  end(): StreamLine | null {
    if (this.pendingBytes === 0) return null;
    return this.complete(new Uint8Array(0), 0);
  }

  private complete(rest: Uint8Array, feedBytes = 1): StreamLine | null {
    const offset = this.lineOffset;
    const length = this.pendingBytes + rest.length;
    const bytes = this.tooLong || length > this.lineLimitBytes ? null : this.join(rest, length);
    if (bytes === null) this.skipped += 1;
    this.lineOffset = offset + length + feedBytes;
    this.pending = [];
    this.pendingBytes = 0;
    this.tooLong = false;
    return bytes === null ? null : { offset, bytes };
  }

  private join(rest: Uint8Array, length: number): Uint8Array {
    if (this.pending.length === 0) return rest;
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of [...this.pending, rest]) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private keep(part: Uint8Array): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.lineLimitBytes) {
      this.tooLong = true;
      this.pending = [];
    }
    // A copy: the caller may fill the same buffer again.
    if (!this.tooLong) this.pending.push(new Uint8Array(part));
  }
}
