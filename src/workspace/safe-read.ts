// The only way in which a file is read that the agent can write, or put a link in the place of.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { systemErrorCode } from '../system/system-error.ts';

const MEBIBYTE = 1024 * 1024;

/** Enough for every text file that the program reads. */
export const TEXT_LIMIT_BYTES = 4 * MEBIBYTE;

export type SafeRead =
  | { readonly state: 'read'; readonly bytes: Buffer; readonly modifiedMs: number; readonly mode: number }
  | { readonly state: 'missing' }
  /** Something is there, and it is not a plain readable file inside the root. `why` is one line without the path. */
  | { readonly state: 'unsafe'; readonly why: string };

/**
 * Reads the regular file `path` below `root` (facts/sandbox.md 2.4): never through a link in the last
 * part, never blocking on a FIFO, never more than `limitBytes`, and only if the opened file really
 * lies inside the root.
 *
 * @param root a real path, as `realpath` answered it before the agent ran; it is not resolved again,
 *   because the agent may have put a link in its place since
 * @param path relative to the root
 */
export async function readInside(root: string, path: string, limitBytes = TEXT_LIMIT_BYTES): Promise<SafeRead> {
  if (!isInnerPath(path)) return unsafe('its path leads out of its folder');
  const full = join(root, path);
  let handle: FileHandle;
  try {
    // Opening a device can have effects of its own, so what is no file is not even opened.
    const reason = whyNotPlain(await lstat(full), limitBytes);
    if (reason !== null) return unsafe(reason);
    handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return readFailure(error);
  }
  try {
    const stats = await handle.stat();
    const reason = whyNotPlain(stats, limitBytes);
    if (reason !== null) return unsafe(reason);
    if (!(await liesInside(handle, stats, root, full))) return unsafe('it lies outside of its folder, behind a link');
    const bytes = await readUpTo(handle, limitBytes);
    if (bytes === null) return unsafe(tooLarge(limitBytes));
    return { state: 'read', bytes, modifiedMs: stats.mtimeMs, mode: stats.mode & 0o777 };
  } catch (error) {
    return readFailure(error);
  } finally {
    await handle.close();
  }
}

/** The file as text, null where there is none or none that is safe to read. */
export async function readTextInside(
  root: string,
  path: string,
  limitBytes = TEXT_LIMIT_BYTES,
): Promise<string | null> {
  const answer = await readInside(root, path, limitBytes);
  return answer.state === 'read' ? answer.bytes.toString('utf8') : null;
}

/** Whether `path` is relative and has no part that leads upwards. */
export function isInnerPath(path: string): boolean {
  return path !== '' && !isAbsolute(path) && !path.includes('\0') && !path.split(/[/\\]/).includes('..');
}

/** Whether the real path `path` is `root` or lies below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function whyNotPlain(stats: Stats, limitBytes: number): string | null {
  if (stats.isSymbolicLink()) return 'it is a symbolic link';
  if (!stats.isFile()) return 'it is no regular file';
  return stats.size > limitBytes ? tooLarge(limitBytes) : null;
}

function tooLarge(limitBytes: number): string {
  return `it is larger than ${Math.round(limitBytes / 1024)} KiB`;
}

function unsafe(why: string): SafeRead {
  return { state: 'unsafe', why };
}

function readFailure(error: unknown): SafeRead {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'missing' };
  if (code === 'ELOOP') return unsafe('it is a symbolic link');
  return unsafe(`it cannot be read (${code ?? String(error)})`);
}

/** Asks the kernel where the opened file is; without /proc, whether the path still leads to that very file. */
async function liesInside(handle: FileHandle, stats: Stats, root: string, full: string): Promise<boolean> {
  try {
    return isInside(root, await readlink(`/proc/self/fd/${handle.fd}`));
  } catch {
    const real = await realpath(full);
    const there = await lstat(real);
    return isInside(root, real) && there.ino === stats.ino && there.dev === stats.dev;
  }
}

/** At most `limitBytes`; null if there is more. A file that grows while it is read is cut there, too. */
async function readUpTo(handle: FileHandle, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(256 * 1024, limitBytes + 1 - length));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
    if (length > limitBytes) return null;
  }
}
