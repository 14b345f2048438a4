// What the agent's output tells so far: the digest of a raw log, taken up where the cache beside it ends.
import type { AgentDigest } from '../agent/digest/digest.ts';
import { asSnapshot, type DigestSnapshot, StreamReader } from '../agent/stream/stream-reader.ts';
import type { AttemptRef } from '../core/attempt-ref.ts';
import { readDigest } from '../journal/digest-cache.ts';
import { attemptFiles } from '../journal/folders.ts';
import { openRegular, readAt } from '../journal/regular-file.ts';
import { arrivalSlices } from './arrival-times.ts';
import { readVitals, type VitalsSample } from './vitals-file.ts';

export interface AttemptReading {
  readonly digest: AgentDigest;
  /** Bytes of output; the digest covers those of whole lines. */
  readonly outputBytes: number;
  /** When the newest byte came, ISO 8601; null before the first. */
  readonly lastOutputAt: string | null;
  readonly samples: readonly VitalsSample[];
}

const BLOCK_BYTES = 1024 * 1024;

/** @param sessionId the session that the attempt was started with; messages of others are left out. */
export async function readAttempt(
  runFolder: string,
  ref: AttemptRef,
  sessionId: string | null,
): Promise<AttemptReading> {
  const files = attemptFiles(runFolder, ref);
  const [samples, cached] = await Promise.all([readVitals(files.vitals), readCache(files.digest)]);
  const file = await openRegular(files.raw);
  if (file === null) {
    return { digest: new StreamReader({ sessionId }).digest, outputBytes: 0, lastOutputAt: null, samples };
  }
  try {
    const { size, mtime } = await file.stat();
    // A cache of more than there is belongs to another file.
    const from = cached !== null && cached.offset <= size ? cached : undefined;
    const reader = new StreamReader({ sessionId, wantEntries: false, ...(from === undefined ? {} : { from }) });
    let offset = reader.offset;
    for (const { end, at } of arrivalSlices(samples, offset, size, mtime.toISOString())) {
      while (offset < end) {
        const bytes = await readAt(file, offset, Math.min(BLOCK_BYTES, end - offset));
        if (bytes.length === 0) break;
        reader.feed(bytes, at);
        offset += bytes.length;
      }
    }
    return { digest: reader.digest, outputBytes: size, lastOutputAt: size === 0 ? null : mtime.toISOString(), samples };
  } finally {
    await file.close();
  }
}

/** Null without a cache that this version understands. */
export async function readCache(path: string): Promise<DigestSnapshot | null> {
  return readDigest(path, (digest) => {
    const snapshot = asSnapshot({ offset: 0, digest });
    if (snapshot === null) throw new Error('a digest of another version');
    return snapshot.digest;
  });
}
