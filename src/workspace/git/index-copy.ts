// Copies the repository's index for one look: git writes to it, and what it says is the agent's word.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInside } from '../safe-read.ts';
import type { Environment } from './environment.ts';
import type { Shadow } from './shadow.ts';

const INDEX_LIMIT_BYTES = 256 * 1024 * 1024;
const SHA1_BYTES = 20;

/** The index cannot be copied or is none that this git would read rightly. */
export class UnusableIndex extends Error {}

/**
 * Runs `look` with the variables that put git over the work tree with a copy of its index.
 *
 * @throws UnusableIndex what `look` throws passes through
 */
export async function withWorkTree<T>(shadow: Shadow, look: (environment: Environment) => Promise<T>): Promise<T> {
  const { top, gitDir } = shadow.repository;
  const index = await readInside(gitDir, 'index', INDEX_LIMIT_BYTES);
  if (index.state === 'unsafe') throw new UnusableIndex(`the index cannot be read: ${index.why}`);
  const folder = await mkdtemp(join(tmpdir(), 'ralph-tui-index-'));
  try {
    const copy = join(folder, 'index');
    if (index.state === 'read') {
      if (!isWholeSha1Index(index.bytes)) throw new UnusableIndex('the index is damaged, or not a SHA-1 one');
      await writeFile(copy, index.bytes, { mode: 0o600 });
      // Git compares the files' times with the index's own: a younger copy would hide changes made in
      // the same second as the index. Rounded down, because older is the safe side.
      const seconds = Math.floor(index.modifiedMs) / 1000;
      await utimes(copy, seconds, seconds);
    }
    return await look({ GIT_WORK_TREE: top, GIT_INDEX_FILE: copy });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Checks the checksum at the end (gitformat-index(5)); all zeros mean that git was told to write none. */
function isWholeSha1Index(bytes: Buffer): boolean {
  if (bytes.length < 12 + SHA1_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC') return false;
  const end = bytes.length - SHA1_BYTES;
  const checksum = bytes.subarray(end);
  if (checksum.every((byte) => byte === 0)) return true;
  return createHash('sha1').update(bytes.subarray(0, end)).digest().equals(checksum);
}
