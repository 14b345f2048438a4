// Takes a demo away: ends every process of its run, and only those, and removes its folder.
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, withDescendants } from '../sandbox/host/descendants.ts';
import { listProcesses, type ProcessIdentity, readBootId, wasStartedWith } from '../sandbox/host/process-table.ts';
import { demoMarkEntry } from './mark.ts';

const ROUND_MS = 20;
/** A process that is just being started shows its environment a moment later: one look at which there is none is not enough. */
const QUIET_ROUNDS = 5;
/** A process that survives SIGKILL for so long hangs in the kernel; what it holds goes all the same. */
const DEADLINE_MS = 10_000;

/** Fine to call twice, and beside another one that does the same. */
export async function sweep(folder: string): Promise<void> {
  // Without /proc no run has begun: the host sandbox refuses.
  if (readBootId() !== null) await endRun(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: ROUND_MS });
}

/**
 * SIGKILL at once: nobody reads any more what a run would write down at its end. An editor or a pager that the person
 * has opened carries no mark, and is no descendant of what does.
 */
async function endRun(folder: string): Promise<void> {
  const entry = demoMarkEntry(folder);
  // Remembered, because a child whose parent was killed is nobody's descendant any more.
  const roots: ProcessIdentity[] = [];
  const deadline = performance.now() + DEADLINE_MS;
  for (let quietRounds = 0; quietRounds < QUIET_ROUNDS && performance.now() < deadline; ) {
    const alive = withDescendants(
      listProcesses(),
      (process) => roots.some((root) => isSameProcess(root, process)) || wasStartedWith(process.pid, entry),
    );
    for (const { pid } of alive) kill(pid);
    roots.push(...alive);
    quietRounds = alive.length === 0 ? quietRounds + 1 : 0;
    await sleep(ROUND_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
