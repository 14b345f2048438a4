// Finds runs of a repository: the newest, one by the beginning of its id, or all of them with how they ended.
import { stat } from 'node:fs/promises';
import type { Event } from '../core/events.ts';
import { replay } from '../core/state/apply.ts';
import type { RunState } from '../core/state/run-state.ts';
import { type RepositoryFolders, runFiles } from '../journal/folders.ts';
import { listRuns } from '../journal/list-runs.ts';
import { readJournal } from '../journal/read.ts';
import { FindRunError } from './find-run-error.ts';

/**
 * The id of the run that is meant: the newest, or the only one whose id begins like that.
 * @throws FindRunError
 */
export async function findRun(folders: RepositoryFolders, idPrefix: string | null): Promise<string> {
  const runs = await begunRuns(folders);
  const newest = runs.at(-1);
  if (newest === undefined) {
    throw new FindRunError('no_run', 'there is no run of this repository yet; start one with: ralph-tui build');
  }
  if (idPrefix === null) return newest;
  const meant = runs.filter((run) => run.startsWith(idPrefix));
  const [first] = meant;
  if (first === undefined) {
    throw new FindRunError('unknown_run', `there is no run ${JSON.stringify(idPrefix)}; the newest is ${newest}`);
  }
  if (meant.length > 1 && first !== idPrefix) {
    throw new FindRunError(
      'ambiguous_run',
      `${meant.length} runs begin with ${idPrefix}, such as ${meant.slice(-2).join(' and ')}`,
    );
  }
  return first;
}

/**
 * The newest run that has an attempt: one that found nothing to do hides no other. The newest of all where none has.
 * @throws FindRunError where there is none
 */
export async function newestWithAttempt(folders: RepositoryFolders): Promise<string> {
  for (const run of (await begunRuns(folders)).reverse()) {
    const state = await stateOf(folders, run);
    if (state !== null && (state.current !== null || state.receipts.length > 0)) return run;
  }
  return findRun(folders, null);
}

/** Runs with a journal; a start that failed early leaves an empty one, or none. */
async function begunRuns(folders: RepositoryFolders): Promise<string[]> {
  const runs = await listRuns(folders.runs);
  const sizes = await Promise.all(
    runs.map((run) =>
      stat(runFiles(folders, run).journal).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return runs.filter((_, index) => (sizes[index] ?? 0) > 0);
}

export interface FoundRun {
  readonly run: string;
  readonly folder: string;
  readonly state: RunState;
}

/** Every run whose journal tells something, oldest first. */
export async function allRuns(folders: RepositoryFolders): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  for (const run of await listRuns(folders.runs)) {
    const state = await stateOf(folders, run);
    if (state !== null) found.push({ run, folder: runFiles(folders, run).folder, state });
  }
  return found;
}

/** Null for a run that never got as far as its first event. */
export async function stateOf(folders: RepositoryFolders, run: string): Promise<RunState | null> {
  const content = await readJournal<Event>(runFiles(folders, run).journal).catch(() => null);
  return content === null || content.events.length === 0 ? null : replay(content.events);
}
