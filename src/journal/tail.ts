// Follows one growing file. fs.watch tells within a millisecond (facts/sandbox.md 6: chokidar took 25–48 ms); a slow
// poll catches what it misses (other file systems, folders that come later).
import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openRegular, readAt } from './regular-file.ts';

export interface TailChunk {
  readonly bytes: Buffer;
  /** Where the chunk begins in the file. */
  readonly offset: number;
  /** The file was cut or replaced: this is its beginning, and what was known of it is void. */
  readonly restarted: boolean;
}

export interface TailOptions {
  /** Byte to begin at; default 0. */
  readonly from?: number;
  /** Ends the tail at once. */
  readonly signal?: AbortSignal;
  /** Ends the tail when it has read what is there: nothing is written any more. */
  readonly finished?: AbortSignal;
  readonly pollMs?: number;
  readonly blockBytes?: number;
  /** Opens the file, null while there is none. Default: no links, regular files only. */
  readonly open?: (path: string) => Promise<FileHandle | null>;
}

const DEFAULT_POLL_MS = 1_000;
const DEFAULT_BLOCK_BYTES = 256 * 1024;

/**
 * Yields what the file holds from a byte on and what is appended, until a signal ends it. A file that is not there yet
 * is waited for; one that shrinks or is replaced is read again from its beginning.
 */
export async function* tailBytes(path: string, options: TailOptions = {}): AsyncGenerator<TailChunk, void, void> {
  const { signal, finished, blockBytes = DEFAULT_BLOCK_BYTES, open = openRegular } = options;
  const alarm = new FileAlarm(path, options.pollMs ?? DEFAULT_POLL_MS, [signal, finished]);
  let file: FileHandle | null = null;
  let offset = options.from ?? 0;
  let restarted = false;
  try {
    while (!signal?.aborted) {
      // Asked before reading: what is written before `finished` is read after it.
      const last = finished?.aborted ?? false;
      file ??= await open(path);
      if (file !== null) {
        for (;;) {
          const { size } = await file.stat();
          if (size < offset) {
            offset = 0;
            restarted = true;
          }
          const bytes = await readAt(file, offset, Math.min(blockBytes, size - offset));
          if (bytes.length === 0) break;
          if (signal?.aborted) return;
          yield { bytes, offset, restarted };
          if (signal?.aborted) return;
          offset += bytes.length;
          restarted = false;
        }
        if (await isReplaced(path, file)) {
          await file.close();
          file = null;
          offset = 0;
          restarted = true;
          continue;
        }
      }
      if (last) return;
      await alarm.next();
    }
  } finally {
    alarm.close();
    await file?.close();
  }
}

/** Whether another file has this name now. One that was only taken away is followed until there is. */
async function isReplaced(path: string, file: FileHandle): Promise<boolean> {
  const [named, opened] = await Promise.all([lstat(path).catch(() => null), file.stat()]);
  return named?.isFile() === true && (named.ino !== opened.ino || named.dev !== opened.dev);
}

/** Rings when the file may have changed: on a notice of the system, every `pollMs`, and when a signal fires. */
class FileAlarm {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  readonly #signals: readonly (AbortSignal | undefined)[];
  #watcher: FSWatcher | null = null;
  #rung = false;
  #wake: () => void = () => {};

  constructor(path: string, pollMs: number, signals: readonly (AbortSignal | undefined)[]) {
    this.#path = path;
    this.#signals = signals;
    for (const signal of signals) signal?.addEventListener('abort', this.#ring);
    this.#timer = setInterval(() => {
      if (this.#watcher === null) this.#watch();
      this.#ring();
    }, pollMs);
    this.#watch();
  }

  /** Resolves at the next ring; at once when it rang since the last call. */
  async next(): Promise<void> {
    if (!this.#rung) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#rung = false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
    for (const signal of this.#signals) signal?.removeEventListener('abort', this.#ring);
  }

  readonly #ring = (): void => {
    this.#rung = true;
    this.#wake();
  };

  /** Watches the folder: that tells of a file that comes, goes and is replaced, too. */
  #watch(): void {
    const name = basename(this.#path);
    try {
      const watcher = watch(dirname(this.#path), (_event, changed) => {
        if (changed === null || changed === name) this.#ring();
      });
      watcher.on('error', () => this.#unwatch());
      this.#watcher = watcher;
    } catch {
      // No folder yet, or no watches left: the poll goes on and tries again.
      this.#watcher = null;
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }
}
