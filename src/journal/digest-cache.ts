// Remembers what was read of an agent's stream, so that an old attempt opens without reading it all again.
// Only a cache: it may be deleted, and what is broken or unknown counts as not there.
import { z } from 'zod';
import { writeAtomically } from '../system/write-atomically.ts';
import { openRegular } from './regular-file.ts';

export interface CachedDigest<D> {
  /** Bytes of the stream that the digest covers; reading goes on there. */
  readonly offset: number;
  readonly digest: D;
}

const cacheSchema = z.object({ offset: z.int().min(0), digest: z.unknown() });

/**
 * The cached digest; null when there is none that this program understands.
 * @param parse checks the digest; it may throw
 */
export async function readDigest<D>(path: string, parse: (digest: unknown) => D): Promise<CachedDigest<D> | null> {
  const file = await openRegular(path).catch(() => null);
  if (file === null) return null;
  try {
    const { offset, digest } = cacheSchema.parse(JSON.parse(await file.readFile('utf8')));
    return { offset, digest: parse(digest) };
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** @throws the system's error (`ENOSPC`); the old cache is untouched then. */
export async function writeDigest(path: string, cached: CachedDigest<unknown>): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(cached)}\n`);
}
