// The journal's only writer: one event a line, one write a line, numbered without holes (facts/sandbox.md, State rules).
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../system/system-error.ts';
import { JOURNAL_VERSION, type JournalEvent, type Journaled } from './envelope.ts';
import { JournalError } from './journal-error.ts';
import { isNoSpace } from './no-space.ts';
import { type JournalContent, parseJournal } from './read.ts';

export interface AppendOptions {
  /** Wait until it is on the disk: for every change of phase, every intent and every result. */
  readonly durable?: boolean;
}

export interface JournalWriter<E extends JournalEvent> {
  /** What stood in the file when it was opened. */
  readonly content: JournalContent<E>;
  /**
   * Writes one event behind the others and returns it as it stands in the file.
   * @throws JournalError `no_space` (the file is as it was; try again later), `not_ours`, `write_failed`
   */
  append(event: E, options?: AppendOptions): Journaled<E>;
  close(): void;
}

/**
 * Opens a journal, or makes an empty one (0600). A torn last line is cut off; numbers go on behind the last event.
 * Synchronous, so that no two writes can cross. The caller holds the repository's lock.
 * @throws JournalError `newer_version` when a newer ralph-tui wrote into it
 */
export function openJournal<E extends JournalEvent>(path: string): JournalWriter<E> {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    const content = parseJournal<E>(readFileSync(file));
    const newer = content.problems.find((problem) => problem.kind === 'newer_version');
    if (newer !== undefined) {
      throw new JournalError('newer_version', `${path}: ${newer.message}; update ralph-tui to go on with this run`);
    }
    ftruncateSync(file, content.wholeBytes);
    syncFolder(dirname(path));
    return new FileJournal<E>(path, file, content);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

class FileJournal<E extends JournalEvent> implements JournalWriter<E> {
  readonly content: JournalContent<E>;
  readonly #path: string;
  readonly #file: number;
  /** Bytes that are whole lines: everything behind them is ours to cut off. */
  #wholeBytes: number;
  #lastSeq: number;
  /** A failed write may have left part of a line. */
  #torn = false;

  constructor(path: string, file: number, content: JournalContent<E>) {
    this.#path = path;
    this.#file = file;
    this.content = content;
    this.#wholeBytes = content.wholeBytes;
    this.#lastSeq = content.events.reduce((last, event) => Math.max(last, event.seq), 0);
  }

  append(event: E, options: AppendOptions = {}): Journaled<E> {
    this.#checkOurs();
    // First for people who read the file, and last so that no event can bring a number of its own.
    const envelope = { v: JOURNAL_VERSION, seq: this.#lastSeq + 1 };
    const journaled: Journaled<E> = { ...envelope, ...event, ...envelope };
    const line = Buffer.from(`${JSON.stringify(journaled)}\n`);
    try {
      if (this.#torn) this.#cutBack();
      this.#torn = true;
      this.#writeWhole(line);
      if (options.durable) fsyncSync(this.#file);
      this.#torn = false;
    } catch (error) {
      this.#tryCutBack();
      throw asJournalError(this.#path, error);
    }
    this.#wholeBytes += line.length;
    this.#lastSeq += 1;
    return journaled;
  }

  close(): void {
    closeSync(this.#file);
  }

  #writeWhole(line: Buffer): void {
    // A disk that is nearly full takes a part without an error; the error comes with the rest.
    for (let written = 0; written < line.length; ) {
      written += writeSync(this.#file, line, written, line.length - written, this.#wholeBytes + written);
    }
  }

  /** Two writers would write over each other, and an unlinked file would take the events into nowhere. */
  #checkOurs(): void {
    const { size, nlink } = fstatSync(this.#file);
    if (nlink === 0) throw new JournalError('not_ours', `${this.#path} was taken away while the run was using it`);
    if (size !== this.#wholeBytes && !this.#torn) {
      throw new JournalError('not_ours', `${this.#path} was changed by somebody else; only one supervisor may run`);
    }
  }

  #cutBack(): void {
    ftruncateSync(this.#file, this.#wholeBytes);
    this.#torn = false;
  }

  /** Where even this fails, the next append or the next opening cuts. */
  #tryCutBack(): void {
    try {
      this.#cutBack();
    } catch {
      this.#torn = true;
    }
  }
}

function asJournalError(path: string, error: unknown): JournalError {
  if (isNoSpace(error)) {
    return new JournalError('no_space', `no space left for ${path}`, { cause: error });
  }
  const reason = messageOf(error);
  return new JournalError('write_failed', `cannot write ${path}: ${reason}`, { cause: error });
}

/** A new file survives a power cut only when its folder is on the disk, too. */
function syncFolder(path: string): void {
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
