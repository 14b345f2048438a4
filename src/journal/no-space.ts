// A disk that is full: how it shows, and how much is left.
import { realpath, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../system/system-error.ts';

const CODES: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'no_space']);
/** With less than this there is no use in beginning anything: facts about a few minutes of an attempt. */
const LEAST_BYTES = 256 * 1024;

/** Whether an error says that nothing more can be written: a system's, a journal's, or git's in words. */
export function isNoSpace(error: unknown): boolean {
  return (
    CODES.has(systemErrorCode(error)) || (error instanceof Error && /no space left on device/i.test(error.message))
  );
}

/**
 * Where the file system is mounted that a path is on, if it is full for users without privileges. Null where there is
 * space, and where the file system does not say.
 */
export async function fullDiskOf(path: string): Promise<string | null> {
  const found = await statfs(path).catch(() => null);
  // Some file systems know no size.
  const isFull = found !== null && found.blocks > 0 && found.bavail * found.bsize < LEAST_BYTES;
  return isFull ? mountPointOf(path).catch(() => path) : null;
}

/** The highest folder above a path that is on the same device: what people know a disk by. */
async function mountPointOf(path: string): Promise<string> {
  let folder = await realpath(path);
  const { dev } = await stat(folder);
  for (;;) {
    const above = dirname(folder);
    if (above === folder || (await stat(above)).dev !== dev) return folder;
    folder = above;
  }
}
