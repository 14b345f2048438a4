// Where notices of a run go. It may hold a secret, so it is kept beside the journal and not in it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunFiles } from '../journal/folders.ts';
import { writeAtomically } from '../system/write-atomically.ts';

const FILE = 'notify';

/** For a supervisor that takes the run up: the folder is 0700, never mounted. */
export async function keepNotifyTarget(files: RunFiles, target: string | null): Promise<void> {
  if (target !== null) await writeAtomically(join(files.folder, FILE), target);
}

/** Null when nobody is to be told. */
export async function keptNotifyTarget(files: RunFiles): Promise<string | null> {
  return readFile(join(files.folder, FILE), 'utf8').catch(() => null);
}
