// What runs and attempts there are, by looking into the folders.
import { readdir } from 'node:fs/promises';
import type { AttemptRef } from '../core/attempt-ref.ts';
import { cannot } from '../system/folder-error.ts';
import { isAbsent } from '../system/system-error.ts';
import { type AttemptFileKind, parseAttemptFile } from './folders.ts';
import { isRunId } from './run-id.ts';

/** Ids of all runs in a `runs` folder, oldest first; none where there is no folder. */
export async function listRuns(runsFolder: string): Promise<string[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch(noneWhereAbsent(runsFolder));
  return entries
    .filter((entry) => entry.isDirectory() && isRunId(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** The id of the run that was started last, null where none was. */
export async function newestRun(runsFolder: string): Promise<string | null> {
  return (await listRuns(runsFolder)).at(-1) ?? null;
}

export interface FoundAttempt extends AttemptRef {
  readonly kinds: ReadonlySet<AttemptFileKind>;
}

/** Attempts that have files in a run's folder, in order of iteration and attempt. */
export async function listAttempts(runFolder: string): Promise<FoundAttempt[]> {
  const entries = await readdir(runFolder, { withFileTypes: true }).catch(noneWhereAbsent(runFolder));
  const attempts = new Map<string, AttemptRef & { kinds: Set<AttemptFileKind> }>();
  for (const entry of entries) {
    const file = entry.isFile() ? parseAttemptFile(entry.name) : null;
    if (file === null) continue;
    const { iteration, attempt, kind } = file;
    const name = `${iteration}.${attempt}`;
    const found = attempts.get(name) ?? { iteration, attempt, kinds: new Set() };
    found.kinds.add(kind);
    attempts.set(name, found);
  }
  return [...attempts.values()].sort((a, b) => a.iteration - b.iteration || a.attempt - b.attempt);
}

/** @throws FolderError for one that is there and cannot be read */
function noneWhereAbsent(folder: string): (error: unknown) => [] {
  return (error) => {
    if (isAbsent(error)) return [];
    throw cannot('read', 'state', folder, error);
  };
}
