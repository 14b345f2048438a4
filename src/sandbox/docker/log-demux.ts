// Takes the engine's log stream apart: frames of an 8-byte header (stream, three zeros, length as big-endian
// 32 bits; Docker Engine API, "ContainerAttach") and a payload, cut anywhere by the network.
import type { Offsets, OutputChunk } from '../../core/sandbox.ts';

const HEADER_BYTES = 8;

/** Reads one connection's stream from its beginning; bytes in front of the given offsets are left out. */
export class LogDemux {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #stream: 'stdout' | 'stderr' = 'stdout';
  #payloadLeft = 0;
  readonly #toSkip: { stdout: number; stderr: number };

  constructor(from: Offsets) {
    this.#toSkip = { ...from };
  }

  /** True in the middle of a frame: a stream that ends here was cut. */
  get isCut(): boolean {
    return this.#headerFilled > 0 || this.#payloadLeft > 0;
  }

  /**
   * Takes what came, gives what is new, without keeping any of it.
   * @throws Error when the engine reports a failure in the stream, or it is no log stream
   */
  push(bytes: Buffer): OutputChunk[] {
    const chunks: OutputChunk[] = [];
    let position = 0;
    while (position < bytes.length) {
      if (this.#payloadLeft === 0) {
        const taken = bytes.copy(
          this.#header,
          this.#headerFilled,
          position,
          position + HEADER_BYTES - this.#headerFilled,
        );
        position += taken;
        this.#headerFilled += taken;
        if (this.#headerFilled === HEADER_BYTES) this.#openFrame();
        continue;
      }
      const end = Math.min(bytes.length, position + this.#payloadLeft);
      const isNew = this.#skip(bytes.subarray(position, end));
      if (isNew.length > 0) chunks.push({ stream: this.#stream, bytes: isNew });
      this.#payloadLeft -= end - position;
      position = end;
    }
    return chunks;
  }

  #openFrame(): void {
    const kind = this.#header[0];
    // 3 is the engine's own voice: "error grabbing logs".
    if (kind !== 1 && kind !== 2) throw new Error(`the engine’s log stream broke off (frame of kind ${kind})`);
    this.#stream = kind === 1 ? 'stdout' : 'stderr';
    this.#payloadLeft = this.#header.readUInt32BE(4);
    this.#headerFilled = 0;
  }

  #skip(payload: Buffer): Buffer {
    const skipped = Math.min(payload.length, this.#toSkip[this.#stream]);
    this.#toSkip[this.#stream] -= skipped;
    return payload.subarray(skipped);
  }
}
