// A disk that is full: how it shows, and how much is left.
import { statfs } from 'node:fs/promises';
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

/** Whether the file system that a path is on is full, for users without privileges; false where it does not say. */
export async function isFull(path: string): Promise<boolean> {
  const found = await statfs(path).catch(() => null);
  // Some file systems know no size.
  return found !== null && found.blocks > 0 && found.bavail * found.bsize < LEAST_BYTES;
}
