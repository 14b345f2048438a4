// One supervisor a repository: a file made with link(2), which is there whole or not at all, and only once.
// No age makes it stale (a stopped process still holds it; facts/sandbox.md 6 on proper-lockfile), only the end of its owner.
import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { cannot } from '../system/folder-error.ts';
import { isAbsent, messageOf, systemErrorCode } from '../system/system-error.ts';
import { JournalError } from './journal-error.ts';
import { isAlive, processIdentity, processIdentitySchema } from './process-identity.ts';

const lockRecordSchema = z.object({
  owner: processIdentitySchema,
  /** Id of the run that is supervised. */
  run: z.string(),
  /** Where its control socket is: another shell may have another environment. */
  socketPath: z.string().nullable(),
  /** Tells two locks of one process apart. */
  nonce: z.string(),
});

export type LockRecord = z.infer<typeof lockRecordSchema>;

export type LockResult =
  | {
      readonly ok: true;
      /** Gives the lock back; fine to call twice. */
      readonly release: () => Promise<void>;
    }
  | { readonly ok: false; readonly heldBy: LockRecord };

/** What the owner says about itself. */
export interface LockDetails {
  readonly run: string;
  readonly socketPath?: string | null;
}

const RETRY_MS = 5;

/**
 * Takes the lock for this process, also from an owner that is gone. Of several processes that try, one gets it.
 * @throws JournalError `lock_failed` when the folder cannot be written or knows no hard links
 */
export async function acquireLock(path: string, details: LockDetails): Promise<LockResult> {
  const owner = processIdentity();
  if (owner === null) throw new JournalError('lock_failed', 'cannot tell this process from others: no /proc entry');
  const record: LockRecord = { owner, run: details.run, socketPath: details.socketPath ?? null, nonce: randomUUID() };
  const text = `${JSON.stringify(record)}\n`;
  for (;;) {
    if (await createWhole(path, text)) return { ok: true, release: () => removeIfStill(path, text) };
    const found = await readText(path);
    if (found === null) continue;
    const holder = parseRecord(found);
    if (holder !== null && isAlive(holder.owner)) return { ok: false, heldBy: holder };
    if (!(await removeStale(path, found, details))) await sleep(RETRY_MS);
  }
}

/** Who holds the lock; null when nobody does, or somebody who is gone. */
export async function lockHolder(path: string): Promise<LockRecord | null> {
  const text = await readText(path);
  const record = text === null ? null : parseRecord(text);
  return record !== null && isAlive(record.owner) ? record : null;
}

/**
 * Takes away the lock of an owner that is gone. Two processes that both saw it stale must not both remove it: the
 * slower one would remove the faster one's new lock. So removing needs a lock of its own, and another look under it.
 * That one can be left behind by a crash, too; it is a lock like any other.
 * Returns false when another process is at it.
 */
async function removeStale(path: string, stale: string, details: LockDetails): Promise<boolean> {
  const guard = await acquireLock(`${path}.steal`, details);
  if (!guard.ok) return false;
  try {
    await removeIfStill(path, stale);
  } finally {
    await guard.release();
  }
  return true;
}

/** Makes the file with all of its text; false when there is one. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${randomUUID()}`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    const reason = messageOf(error);
    throw new JournalError('lock_failed', `cannot make the lock ${path}: ${reason}`, { cause: error });
  } finally {
    await removeFile(temporary);
  }
}

async function removeIfStill(path: string, text: string): Promise<void> {
  if ((await readText(path)) === text) await removeFile(path);
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  });
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw cannot('read', 'state', dirname(path), error);
  }
}

/** Null for what no ralph-tui wrote: nobody can hold a lock with that. */
function parseRecord(text: string): LockRecord | null {
  try {
    return lockRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
