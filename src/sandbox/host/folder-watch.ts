// Wakes up when a folder changes: fs.watch (0.2 ms), with a slow look as a safety net.
import { watch } from 'node:fs';

const POLL_MS = 1_000;
/** Where nothing can be watched (too many watches on the machine). */
const POLL_WITHOUT_WATCH_MS = 100;

export interface FolderWatch {
  /** Resolves at the next change, at a change since the last call, when aborted, or at the latest after `limitMs`. */
  next(signal: AbortSignal, limitMs?: number): Promise<void>;
  /** Makes `next` resolve, as a change does. */
  wake(): void;
  close(): void;
}

/** @param only the one file name whose changes count; every file's when left out */
export function watchFolder(folder: string, only?: string): FolderWatch {
  let changed = false;
  let resolveNext: (() => void) | null = null;
  let pollMs = POLL_MS;

  const wake = () => {
    changed = true;
    resolveNext?.();
  };
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(folder, { persistent: false }, (_, name) => {
      if (only === undefined || name === only) wake();
    });
    watcher.on('error', () => {
      pollMs = POLL_WITHOUT_WATCH_MS;
    });
  } catch {
    pollMs = POLL_WITHOUT_WATCH_MS;
  }

  return {
    async next(signal, limitMs = POLL_MS) {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolveNext = null;
            resolve();
          };
          // A deadline that has passed already is none to wait for, and a timer takes no negative time.
          const timer = setTimeout(done, Math.max(0, Math.min(limitMs, pollMs)));
          signal.addEventListener('abort', done, { once: true });
          resolveNext = done;
        });
      }
      changed = false;
    },
    wake,
    close() {
      watcher?.close();
    },
  };
}
