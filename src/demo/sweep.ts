// Takes a demo away: ends every process of its run, and only those, and removes its folder.
import { rm } from 'node:fs/promises';
import { isSameProcess, withDescendants } from '../system/processes/descendants.ts';
import { killAll } from '../system/processes/kill-all.ts';
import { listProcesses, readBootId, wasStartedWith } from '../system/processes/process-table.ts';
import { demoMarkEntry } from './mark.ts';

/** A process that is just being started shows its environment a moment later: one look at which there is none is not enough. */
const QUIET_LOOKS = 10;
const REMOVAL_RETRY_MS = 20;

/** Fine to call twice, and beside another one that does the same. */
export async function sweep(folder: string): Promise<void> {
  // Without /proc no run has begun: the host sandbox refuses.
  if (readBootId() !== null) await endRun(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: REMOVAL_RETRY_MS });
}

/**
 * SIGKILL at once: nobody reads any more what a run would write down at its end. An editor or a pager that the person
 * has opened carries no mark, and is no descendant of what does. What does not end keeps nothing from being removed.
 */
async function endRun(folder: string): Promise<void> {
  const entry = demoMarkEntry(folder);
  await killAll(
    (known) =>
      withDescendants(
        listProcesses(),
        (process) => known.some((root) => isSameProcess(root, process)) || wasStartedWith(process.pid, entry),
      ),
    QUIET_LOOKS,
  );
}
