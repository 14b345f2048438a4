// Writes the files of a running attempt: the agent's bytes as they are, the same for people, and the vitals.
import { appendFileSync, closeSync, existsSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { AgentDigest } from '../../agent/digest/digest.ts';
import type { LogEntry } from '../../agent/log/draft.ts';
import { logLine } from '../../agent/log/log-line.ts';
import { type DigestSnapshot, StreamReader } from '../../agent/stream/stream-reader.ts';
import type { Offsets, OutputChunk, Vitals } from '../../core/sandbox.ts';
import type { AttemptFiles } from '../../journal/folders.ts';
import { isNoSpace } from '../../journal/no-space.ts';
import type { Redactor } from '../../text/redact.ts';

const READ_BLOCK_BYTES = 1024 * 1024;

/** A sample as it stands in vitals-N.ndjson: with the size of the raw log, so that every byte has a time of arrival. */
export interface VitalsRecord extends Vitals {
  readonly outputBytes: number;
}

export interface RecorderOptions {
  readonly files: AttemptFiles;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  readonly redact: Redactor;
}

export class AttemptRecorder {
  readonly #files: AttemptFiles;
  readonly #redact: Redactor;
  readonly #reader: StreamReader;
  readonly #raw: number;
  readonly #log: number;
  readonly #stderr: number;
  #offsets: Offsets;
  #lastOutputAt: string | null = null;
  #loggedBytes = 0;
  /** Lines for people that there was no space for. */
  #unlogged = '';

  /** Goes on behind what is in the files; the log for people is written again from the raw one. */
  constructor({ files, sessionId, redact }: RecorderOptions) {
    this.#files = files;
    this.#redact = redact;
    this.#reader = new StreamReader({ sessionId });
    this.#raw = openSync(files.raw, 'a', 0o600);
    this.#stderr = openSync(files.stderr, 'a', 0o600);
    this.#log = openSync(files.log, 'w', 0o600);
    this.#offsets = { stdout: statSync(files.raw).size, stderr: statSync(files.stderr).size };
    this.#readAgain();
  }

  /** Bytes of each stream that are on disk. */
  get offsets(): Offsets {
    return this.#offsets;
  }

  get digest(): AgentDigest {
    return this.#reader.digest;
  }

  get lastOutputAt(): string | null {
    return this.#lastOutputAt;
  }

  /** @throws the system's error when there is no space: then nothing of it was written */
  write(chunk: OutputChunk, at: string): void {
    this.#lastOutputAt = at;
    if (chunk.stream === 'stderr') {
      appendWhole(this.#stderr, chunk.bytes, this.#offsets.stderr);
      this.#offsets = { ...this.#offsets, stderr: this.#offsets.stderr + chunk.bytes.length };
      return;
    }
    appendWhole(this.#raw, chunk.bytes, this.#offsets.stdout);
    this.#offsets = { ...this.#offsets, stdout: this.#offsets.stdout + chunk.bytes.length };
    this.#writeLog(this.#reader.feed(chunk.bytes, at));
  }

  /** One that there is no space for is left out. */
  sample(vitals: Vitals): void {
    const record: VitalsRecord = { ...vitals, outputBytes: this.#offsets.stdout };
    try {
      appendFileSync(this.#files.vitals, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    } catch (error) {
      if (!isNoSpace(error)) throw error;
    }
  }

  /** The stream has ended: what stands behind its last line feed counts, too. */
  end(at: string): void {
    this.#writeLog(this.#reader.end(at));
    for (const file of [this.#raw, this.#stderr, this.#log]) closeSync(file);
  }

  /** What the whole lines on disk tell, for the cache beside the raw log. */
  snapshot(): DigestSnapshot {
    return this.#reader.snapshot();
  }

  #readAgain(): void {
    if (this.#offsets.stdout === 0) return;
    const file = openSync(this.#files.raw, 'r');
    const block = new Uint8Array(READ_BLOCK_BYTES);
    try {
      for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
        this.#writeLog(this.#reader.feed(block.slice(0, read), null));
      }
    } finally {
      closeSync(file);
    }
  }

  #writeLog(entries: readonly LogEntry[]): void {
    this.#unlogged += entries.map((entry) => `${logLine(entry, this.#redact)}\n`).join('');
    if (this.#unlogged === '') return;
    const bytes = Buffer.from(this.#unlogged);
    try {
      appendWhole(this.#log, bytes, this.#loggedBytes);
    } catch (error) {
      // The raw log has it all; these lines come with the next ones.
      if (!isNoSpace(error)) throw error;
      return;
    }
    this.#loggedBytes += bytes.length;
    this.#unlogged = '';
  }
}

/** Whether an attempt's output was ever recorded: after a recovery the sandbox may be gone, and the files are all there is. */
export function hasRecord(files: AttemptFiles): boolean {
  return existsSync(files.raw);
}

/** All of it behind the first `size` bytes, or nothing: a disk that is nearly full takes a part without an error. */
function appendWhole(file: number, bytes: Uint8Array, size: number): void {
  try {
    // Each at its own place: what was cut off again has moved the file's position all the same.
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written, bytes.length - written, size + written);
    }
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}
