// The log of one attempt, as far as it is in memory: a window on a file that may be far larger. It opens at the end,
// a log of 100 MB as fast as a small one, and follows what is appended; it can be moved to any other place.
import { stat } from 'node:fs/promises';
import type { StreamReader } from '../../agent/stream/stream-reader.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { attemptFiles } from '../../journal/folders.ts';
import { type TailChunk, tailBytes } from '../../journal/tail.ts';
import { readVitals } from '../../viewer/vitals-file.ts';
import { breathe } from './breathe.ts';
import { LogBuffer } from './log-buffer.ts';
import { type LogPage, LogReader } from './log-reader.ts';
import type { LogRow } from './log-row.ts';
import { searchDown, searchUp } from './log-search.ts';
import type { LogWindow } from './log-window.ts';
import type { Clock } from './ports.ts';

export interface LogSourceOptions {
  readonly runFolder: string;
  readonly ref: AttemptRef;
  readonly sessionId: string | null;
  readonly clock: Clock;
  /** Answers, thoughts and commands in full. */
  readonly unfolded?: boolean;
  /** IANA name for the times on the lines; this machine's without one. */
  readonly timeZone?: string | undefined;
}

/** How somebody looks at the log: what may be forgotten depends on it. */
export interface LogLook {
  /** The end is on the screen. */
  readonly atEnd: boolean;
  /** Few of the lines are shown: more of them are kept. */
  readonly filtered: boolean;
}

/** A smaller log is read as a whole, so that every line knows all that was before it. */
const WHOLE_BYTES = 1024 * 1024;
/** While the end is followed: many screens to look back at once; what is before is read again. */
const FOLLOWED_ROWS = 5_000;
/** In any case. */
const MOST_ROWS = 20_000;
/** Forgetting a row with every new one is work for nothing. */
const SLACK = 1.1;

export class LogSource {
  readonly ref: AttemptRef;
  readonly #path: string;
  readonly #vitalsPath: string;
  readonly #clock: Clock;
  readonly #file: LogReader;
  readonly #buffer: LogBuffer;
  #look: LogLook = { atEnd: true, filtered: false };
  /** The first and the last byte of the window. */
  #start = 0;
  #end = 0;
  /** Knows the lines up to the window's end; null where the window was cut there. */
  #reader: StreamReader | null = null;
  /** The byte behind the last one that it was fed. */
  #fedTo = 0;
  /** The byte behind the last one of the file, as far as it was seen. */
  #known = 0;
  #loading: Promise<void> | null = null;
  #isOpening = true;
  #isFinished = false;
  #window: LogWindow | null = null;
  #changed: () => void = () => undefined;

  constructor(options: LogSourceOptions) {
    const { runFolder, ref, sessionId, unfolded = false } = options;
    this.ref = ref;
    this.#clock = options.clock;
    this.#path = attemptFiles(runFolder, ref).raw;
    this.#vitalsPath = attemptFiles(runFolder, ref).vitals;
    this.#file = new LogReader({ path: this.#path, sessionId, unfolded });
    this.#buffer = new LogBuffer(options.timeZone);
  }

  get window(): LogWindow {
    this.#window ??= {
      rows: [...this.#buffer.rows],
      hasOlder: this.#start > 0 && (!this.#look.atEnd || this.#buffer.rows.length < MOST_ROWS),
      hasNewer: this.#fedTo < this.#known,
      isLoading: this.#loading !== null,
      isOpening: this.#isOpening,
    };
    return this.#window;
  }

  /** How it is looked at now. */
  look(look: LogLook): void {
    this.#look = look;
    this.#window = null;
  }

  /** Reads the end, and what is appended, until the signal; only what is there when `finished` is aborted. */
  async follow(signal: AbortSignal, finished: AbortSignal, changed: () => void): Promise<void> {
    this.#changed = changed;
    const earlier = await stat(this.#path).catch(() => null);
    this.#file.samples = await readVitals(this.#vitalsPath);
    this.#file.writtenAt = earlier?.mtime.toISOString() ?? null;
    const size = earlier?.size ?? 0;
    if (size > WHOLE_BYTES) {
      this.#known = size;
      await this.#readEnd();
    } else this.#beginAt(0);
    this.#isOpening = false;
    this.#note();
    for await (const chunk of tailBytes(this.#path, { from: this.#known, signal, finished })) {
      const wasThere = chunk.offset + chunk.bytes.length <= size;
      this.#take(chunk, wasThere ? this.#file.writtenAt : new Date(this.#clock()).toISOString());
      if (!finished.aborted) await breathe(chunk.bytes, signal);
    }
    this.#isFinished = true;
    this.#takeRest();
    this.#note();
  }

  /** Reads the page before the window. */
  async loadOlder(): Promise<void> {
    if (!this.window.hasOlder || this.#loading !== null) return;
    await this.#load(async () => {
      const page = await this.#file.before(this.#start);
      this.#buffer.prepend(page.lines);
      this.#start = page.startOffset;
      this.#forgetNewest();
    });
  }

  /** Reads the page behind the window. */
  async loadNewer(): Promise<void> {
    if (!this.window.hasNewer || this.#loading !== null) return;
    await this.#load(async () => {
      await this.#readOn();
      this.#forgetOldest(MOST_ROWS);
    });
  }

  /** Moves the window to the beginning of the log. */
  async toBeginning(): Promise<void> {
    if (this.#start === 0) return;
    await this.#load(async () => {
      this.#beginAt(0);
      await this.#readOn();
    });
  }

  /** Moves the window back to the end, and follows it. */
  async toEnd(): Promise<void> {
    if (this.#fedTo === this.#known || this.#loading !== null) return;
    await this.#load(() => this.#readEnd());
  }

  /**
   * Looks for a row outside of the window, up (-1) or down, and moves the window there.
   * @returns its id; null when there is none, and when the signal ended the search
   */
  async search(matches: (row: LogRow) => boolean, direction: 1 | -1, signal: AbortSignal): Promise<number | null> {
    let id: number | null = null;
    await this.#load(async () => {
      const search = { file: this.#file, matches, signal };
      const found = await (direction === -1
        ? searchUp(search, this.#start)
        : searchDown(search, this.#end, this.#known));
      if (found === null) return;
      this.#show(found.page);
      id = found.id;
    });
    return id;
  }

  #take({ bytes, offset, restarted }: TailChunk, at: string | null): void {
    if (restarted) this.#beginAt(0);
    const { atEnd, filtered } = this.#look;
    const isNext = this.#fedTo === offset && (atEnd || this.#buffer.rows.length < MOST_ROWS);
    this.#known = offset + bytes.length;
    if (isNext && this.#reader !== null) {
      this.#buffer.append(this.#file.feed(this.#reader, bytes, offset, at));
      this.#end = this.#reader.offset;
      this.#fedTo = this.#known;
      if (atEnd) this.#forgetOldest(filtered ? MOST_ROWS : FOLLOWED_ROWS);
    }
    this.#note();
  }

  /** An empty window there. */
  #beginAt(offset: number): void {
    this.#buffer.clear();
    this.#reader = this.#file.streamFrom(offset);
    this.#start = offset;
    this.#end = offset;
    this.#fedTo = offset;
  }

  /** That page and nothing else. */
  #show({ lines, startOffset, endOffset }: LogPage): void {
    this.#beginAt(startOffset);
    this.#buffer.append(lines);
    this.#end = endOffset;
    this.#fedTo = endOffset;
    this.#reader = null;
  }

  async #readEnd(): Promise<void> {
    this.#show(await this.#file.before(this.#known));
    while (this.#fedTo < this.#known) await this.#readOn();
  }

  async #readOn(): Promise<void> {
    if (this.#reader === null) {
      this.#reader = this.#file.streamFrom(this.#end);
      this.#fedTo = this.#end;
    }
    const { lines, fedTo } = await this.#file.behind(this.#reader, this.#fedTo, this.#known);
    this.#buffer.append(lines);
    this.#end = this.#reader.offset;
    this.#fedTo = fedTo;
    this.#takeRest();
  }

  /** A last line that a kill has cut has no line end. */
  #takeRest(): void {
    if (!this.#isFinished || this.#fedTo < this.#known) return;
    this.#buffer.append(this.#reader?.endLines(this.#file.writtenAt) ?? []);
  }

  #forgetOldest(most: number): void {
    if (this.#buffer.rows.length > most * SLACK) this.#start = this.#buffer.keepLast(most) ?? this.#start;
  }

  #forgetNewest(): void {
    if (this.#buffer.rows.length <= MOST_ROWS * SLACK) return;
    this.#end = this.#buffer.keepFirst(MOST_ROWS) ?? this.#end;
    this.#fedTo = this.#end;
    this.#reader = null;
  }

  /** One at a time, in turn. */
  async #load(work: () => Promise<void>): Promise<void> {
    const before = this.#loading;
    const loading = (async () => {
      await before;
      this.#note();
      await work();
    })();
    const over = loading
      .catch(() => undefined)
      .then(() => {
        if (this.#loading === over) this.#loading = null;
        this.#note();
      });
    this.#loading = over;
    this.#note();
    await loading;
    await over;
  }

  #note(): void {
    this.#window = null;
    this.#changed();
  }
}
