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
 * is waited for; one that shrinks or is replaced is read again from its beginning. What cannot be read now may be
 * readable in a moment: it is tried again.
 * @throws the system's error only where nothing is waited for any more, after `finished`
 */
export async function* tailBytes(path: string, options: TailOptions = {}): AsyncGenerator<TailChunk, void, void> {
  const { signal, finished, blockBytes = DEFAULT_BLOCK_BYTES, open = openRegular } = options;
  const alarm = new FileAlarm(path, options.pollMs ?? DEFAULT_POLL_MS, [signal, finished]);
  let file: OpenFile | null = null;
  let offset = options.from ?? 0;
  let restarted = false;
  try {
    while (!signal?.aborted) {
      // Asked before reading: what is written before `finished` is read after it.
      const last = finished?.aborted ?? false;
      try {
        file ??= await openFile(path, open);
        while (file !== null) {
          const { size, isReplaced } = await look(path, file);
          if (size < offset) {
            offset = 0;
            restarted = true;
          }
          const bytes =
            size === offset ? NOTHING : await readAt(file.handle, offset, Math.min(blockBytes, size - offset));
          if (signal?.aborted) return;
          if (bytes.length > 0) {
            yield { bytes, offset, restarted };
            if (signal?.aborted) return;
            offset += bytes.length;
            restarted = false;
            continue;
          }
          if (!isReplaced) break;
          await file.handle.close();
          file = await openFile(path, open);
          offset = 0;
          restarted = true;
        }
      } catch (error) {
        if (last) throw error;
        await file?.handle.close().catch(() => undefined);
        file = null;
      }
      if (last) return;
      await alarm.next();
    }
  } finally {
    alarm.close();
    await file?.handle.close();
  }
}

const NOTHING = Buffer.alloc(0);

interface OpenFile {
  readonly handle: FileHandle;
  readonly ino: number;
  readonly dev: number;
}

async function openFile(path: string, open: NonNullable<TailOptions['open']>): Promise<OpenFile | null> {
  const handle = await open(path);
  if (handle === null) return null;
  const { ino, dev } = await handle.stat();
  return { handle, ino, dev };
}

/**
 * Asks the name first, which mostly is all there is to ask. Another file that has the name now replaces the open one;
 * one that was only taken away is followed until there is another.
 */
async function look(path: string, { handle, ino, dev }: OpenFile): Promise<{ size: number; isReplaced: boolean }> {
  const named = await lstat(path).catch(() => null);
  if (named?.ino === ino && named.dev === dev) return { size: named.size, isReplaced: false };
  const { size } = await handle.stat();
  return { size, isReplaced: named?.isFile() === true };
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
