// Writes the files of a running attempt: the agent's bytes as they are, the same for people, and the vitals.
import { appendFileSync, closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { AgentDigest } from '../../agent/digest/digest.ts';
import type { LogEntry } from '../../agent/log/draft.ts';
import { logLine } from '../../agent/log/log-line.ts';
import { type DigestSnapshot, StreamReader } from '../../agent/stream/stream-reader.ts';
import type { Offsets, OutputChunk, Vitals } from '../../core/sandbox.ts';
import type { AttemptFiles } from '../../journal/folders.ts';
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

  write(chunk: OutputChunk, at: string): void {
    this.#lastOutputAt = at;
    if (chunk.stream === 'stderr') {
      writeWhole(this.#stderr, chunk.bytes);
      this.#offsets = { ...this.#offsets, stderr: this.#offsets.stderr + chunk.bytes.length };
      return;
    }
    writeWhole(this.#raw, chunk.bytes);
    this.#offsets = { ...this.#offsets, stdout: this.#offsets.stdout + chunk.bytes.length };
    this.#writeLog(this.#reader.feed(chunk.bytes, at));
  }

  sample(vitals: Vitals): void {
    const record: VitalsRecord = { ...vitals, outputBytes: this.#offsets.stdout };
    appendFileSync(this.#files.vitals, `${JSON.stringify(record)}\n`, { mode: 0o600 });
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
    if (entries.length === 0) return;
    writeWhole(this.#log, Buffer.from(entries.map((entry) => `${logLine(entry, this.#redact)}\n`).join('')));
  }
}

/** Whether an attempt's output was ever recorded: after a recovery the sandbox may be gone, and the files are all there is. */
export function hasRecord(files: AttemptFiles): boolean {
  return existsSync(files.raw);
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
