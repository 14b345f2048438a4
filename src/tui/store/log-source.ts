// The log of one attempt, as far as it is in memory: its end first, earlier pages when they are asked for, and what is
// appended as it comes. A log of 100 MB opens as fast as a small one.
import { stat } from 'node:fs/promises';
import type { LogEntry } from '../../agent/log-lines.ts';
import { StreamReader } from '../../agent/stream-reader.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { attemptFiles } from '../../journal/folders.ts';
import { lastLines } from '../../journal/last-lines.ts';
import { tailBytes } from '../../journal/tail.ts';
import { arrivalSlices, arrivedAt } from '../../viewer/arrival-times.ts';
import { readVitals, type VitalsSample } from '../../viewer/vitals-file.ts';
import { breathe } from './breathe.ts';
import { LogBuffer, type LogWindow } from './log-buffer.ts';
import type { Clock } from './ports.ts';

export interface LogSourceOptions {
  readonly runFolder: string;
  readonly ref: AttemptRef;
  readonly sessionId: string | null;
  readonly clock: Clock;
  /** IANA name for the times on the lines; this machine's without one. */
  readonly timeZone?: string | undefined;
}

/** A smaller log is read as a whole, so that every line knows all that was before it. */
const WHOLE_BYTES = 1024 * 1024;
/** Raw lines a page; one gives about two lines on the screen. */
const PAGE_LINES = 500;
const PAGE_BYTES = 2 * 1024 * 1024;

/** While the end is followed: many screens to look back at once; what is before is loaded again. */
const FOLLOWED_ROWS = 5_000;
/** While somebody reads further up: nothing may slip away under their eyes, but memory has an end. */
const HELD_ROWS = 40_000;

/** The row with this id is the first that was made of the bytes from this offset on: the beginning of a line. */
interface Mark {
  readonly id: number;
  readonly offset: number;
}

export class LogSource {
  readonly ref: AttemptRef;
  readonly #options: LogSourceOptions;
  readonly #path: string;
  readonly #buffer: LogBuffer;
  #samples: readonly VitalsSample[] = [];
  /** In the order of the file; the first is where the first line in memory begins. */
  #marks: Mark[] = [];
  #held = false;
  #loadingOlder = false;
  #opening = true;
  #window: LogWindow | null = null;

  constructor(options: LogSourceOptions) {
    this.ref = options.ref;
    this.#options = options;
    this.#path = attemptFiles(options.runFolder, options.ref).raw;
    this.#buffer = new LogBuffer(options.timeZone);
  }

  get #startOffset(): number {
    return this.#marks[0]?.offset ?? 0;
  }

  get window(): LogWindow {
    this.#window ??= {
      rows: [...this.#buffer.rows],
      hasOlder: this.#startOffset > 0 && this.#buffer.rows.length < HELD_ROWS,
      isLoadingOlder: this.#loadingOlder,
      isOpening: this.#opening,
    };
    return this.#window;
  }

  /** While somebody reads further up, no line slips away. */
  hold(held: boolean): void {
    this.#held = held;
  }

  /** Reads the end, and what is appended, until the signal; only what is there when `finished` is aborted. */
  async follow(signal: AbortSignal, finished: AbortSignal, changed: () => void): Promise<void> {
    const { clock, sessionId, runFolder } = this.#options;
    const note = () => {
      this.#window = null;
      changed();
    };
    const earlier = await stat(this.#path).catch(() => null);
    this.#samples = await readVitals(attemptFiles(runFolder, this.ref).vitals);
    const writtenAt = earlier?.mtime.toISOString() ?? null;
    let reader = new StreamReader({ sessionId });
    let from = 0;
    if (earlier !== null && earlier.size > WHOLE_BYTES) {
      const page = await lastLines(this.#path, PAGE_LINES, { maxBytes: PAGE_BYTES });
      this.#take(page.startOffset, this.#entriesOf(reader, page.lines, writtenAt));
      from = page.endOffset;
    }
    // The reader counts from where it was begun.
    let readFrom = from - reader.offset;
    this.#opening = false;
    note();
    for await (const { bytes, offset, restarted } of tailBytes(this.#path, { from, signal, finished })) {
      if (restarted) {
        reader = new StreamReader({ sessionId });
        this.#buffer.clear();
        this.#marks = [];
        readFrom = 0;
      }
      const end = offset + bytes.length;
      const wasThere = earlier !== null && end <= earlier.size;
      const lastAt = wasThere ? writtenAt : new Date(clock()).toISOString();
      const lineOffset = readFrom + reader.offset;
      const entries: LogEntry[] = [];
      let fed = 0;
      for (const slice of arrivalSlices(wasThere ? this.#samples : [], offset, end, lastAt)) {
        entries.push(...reader.feed(bytes.subarray(fed, slice.end - offset), slice.at));
        fed = slice.end - offset;
      }
      if (entries.length > 0) {
        this.#take(lineOffset, entries);
        note();
      }
      if (!finished.aborted) await breathe(bytes, signal);
    }
    this.#take(readFrom + reader.offset, reader.end(writtenAt));
    note();
  }

  /** Loads the page before the first line in memory. */
  async loadOlder(changed: () => void): Promise<void> {
    if (this.#loadingOlder || this.#startOffset === 0 || this.#buffer.rows.length >= HELD_ROWS) return;
    this.#loadingOlder = true;
    this.#window = null;
    changed();
    try {
      const page = await lastLines(this.#path, PAGE_LINES, { before: this.#startOffset, maxBytes: PAGE_BYTES });
      const reader = new StreamReader({ sessionId: this.#options.sessionId });
      this.#buffer.prepend(this.#entriesOf(reader, page.lines, null));
      this.#marks.unshift({ id: this.#buffer.rows[0]?.id ?? this.#buffer.nextId, offset: page.startOffset });
    } finally {
      this.#loadingOlder = false;
      this.#window = null;
      changed();
    }
  }

  #take(offset: number, entries: readonly LogEntry[]): void {
    this.#marks.push({ id: this.#buffer.nextId, offset });
    this.#buffer.append(entries);
    const keep = this.#held ? HELD_ROWS : FOLLOWED_ROWS;
    // Not with every line: moving thousands of rows by one is work for nothing.
    if (this.#buffer.rows.length <= keep * 1.1) return;
    const oldest = this.#buffer.nextId - keep;
    const kept = this.#marks.findIndex(({ id }) => id >= oldest);
    if (kept <= 0) return;
    this.#marks = this.#marks.slice(kept);
    this.#buffer.dropBefore(this.#marks[0]?.id ?? oldest);
  }

  #entriesOf(
    reader: StreamReader,
    lines: readonly { readonly text: string; readonly offset: number }[],
    writtenAt: string | null,
  ): LogEntry[] {
    return lines.flatMap(({ text, offset }) =>
      reader.feed(Buffer.from(`${text}\n`), arrivedAt(this.#samples, offset) ?? writtenAt),
    );
  }
}
