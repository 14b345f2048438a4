// Puts lines together from chunks. A line may come in hundreds of chunks and be megabytes long.

export interface TextLine {
  /** Without its line end; broken UTF-8 becomes U+FFFD. */
  readonly text: string;
  /** Byte of the file at which the line begins. */
  readonly offset: number;
  /** Byte behind its line end. */
  readonly endOffset: number;
  /** The line was longer than the limit: only its beginning is here. */
  readonly cut: boolean;
}

/** Longest line that is kept whole: far above what an agent writes, far below what hurts. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;
  #cut = false;
  #lineOffset: number;
  #position: number;

  /** @param offset byte of the file at which the first chunk begins */
  constructor(offset = 0, maxLineBytes = MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
    this.#lineOffset = offset;
    this.#position = offset;
  }

  /** The lines that this chunk completes. */
  push(chunk: Buffer): TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      this.#hold(chunk.subarray(start, end));
      start = end + 1;
      lines.push(this.#take(this.#position + start));
    }
    this.#hold(chunk.subarray(start));
    this.#position += chunk.length;
    return lines;
  }

  #hold(part: Buffer): void {
    const room = this.#maxLineBytes - this.#heldBytes;
    if (part.length > room) this.#cut = true;
    if (part.length === 0 || room <= 0) return;
    this.#parts.push(part.subarray(0, room));
    this.#heldBytes += Math.min(part.length, room);
  }

  #take(endOffset: number): TextLine {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    const line: TextLine = { text: bytes.toString(), offset: this.#lineOffset, endOffset, cut: this.#cut };
    this.#parts = [];
    this.#heldBytes = 0;
    this.#cut = false;
    this.#lineOffset = endOffset;
    return line;
  }
}
