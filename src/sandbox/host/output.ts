// Follows the two files into which an agent writes.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Offsets, OutputChunk } from '../../core/sandbox.ts';
import { systemErrorCode } from '../../system/system-error.ts';
import { waitForEnd } from './end.ts';
import { watchFolder } from './folder-watch.ts';
import { SHIM_FILES } from './shim-script.ts';

const CHUNK_BYTES = 256 * 1024;

interface Follower {
  readonly stream: 'stdout' | 'stderr';
  readonly file: FileHandle;
  offset: number;
}

/**
 * Both streams from the given offsets until the sandbox has ended and all is read; ends quietly when aborted, and at
 * once when the sandbox is gone. The order between the two streams is not kept.
 */
export async function* followOutput(folder: string, from: Offsets, signal: AbortSignal): AsyncGenerator<OutputChunk> {
  const followers = await openBoth(folder, from);
  if (followers === null) return;
  const watch = watchFolder(folder);
  const closed = new AbortController();
  let ended = false;
  let failure: unknown = null;
  waitForEnd(folder, AbortSignal.any([signal, closed.signal])).then(
    () => {
      ended = true;
      watch.wake();
    },
    (error: unknown) => {
      failure = error;
      watch.wake();
    },
  );
  try {
    while (!signal.aborted) {
      if (failure !== null) throw failure;
      // Looked at before reading: what was written before the end is read after it.
      const wasEnded = ended;
      let readSomething = false;
      for (const follower of followers) {
        for await (const bytes of readOn(follower)) {
          if (signal.aborted) return;
          readSomething = true;
          yield { stream: follower.stream, bytes };
        }
      }
      if (!readSomething && wasEnded) return;
      if (!readSomething) await watch.next(signal);
    }
  } finally {
    closed.abort();
    watch.close();
    for (const { file } of followers) await file.close();
  }
}

async function openBoth(folder: string, from: Offsets): Promise<Follower[] | null> {
  const followers: Follower[] = [];
  try {
    for (const stream of ['stdout', 'stderr'] as const) {
      followers.push({ stream, file: await open(join(folder, SHIM_FILES[stream]), 'r'), offset: from[stream] });
    }
    return followers;
  } catch (error) {
    for (const { file } of followers) await file.close();
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** What the file has beyond the offset now, in pieces: whole files take turns, so neither stream starves. */
async function* readOn(follower: Follower): AsyncGenerator<Uint8Array> {
  const { size } = await follower.file.stat();
  // A tool that opens /dev/stderr anew may have cut the file off: go on at its new end.
  follower.offset = Math.min(follower.offset, size);
  while (follower.offset < size) {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - follower.offset));
    const { bytesRead } = await follower.file.read(bytes, 0, bytes.length, follower.offset);
    if (bytesRead === 0) return;
    follower.offset += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}
