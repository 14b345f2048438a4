// Kills processes and whatever they start meanwhile: SIGKILL to all that a look finds, until looks find nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity, ProcessStat } from './process-table.ts';
import { signalProcess } from './signal-process.ts';

const ROUND_MS = 10;
/** A process that survives SIGKILL for so long hangs in the kernel (state D). */
const DEADLINE_MS = 10_000;

/** Looks once, for descendants of `known`, too: a child whose parent was killed is nobody's descendant any more. */
export type FindProcesses = (known: readonly ProcessIdentity[]) => readonly ProcessStat[];

/**
 * @param quietLooks so many in a row have to find nothing
 * @returns those that do not end; processes of other users are left out
 */
export async function killAll(find: FindProcesses, quietLooks = 1): Promise<readonly ProcessStat[]> {
  const known: ProcessIdentity[] = [];
  const deadline = performance.now() + DEADLINE_MS;
  for (let quiet = 0; ; ) {
    const alive = find(known).filter(({ pid }) => signalProcess(pid, 'SIGKILL'));
    quiet = alive.length === 0 ? quiet + 1 : 0;
    if (quiet >= quietLooks) return [];
    if (performance.now() > deadline) return alive;
    known.push(...alive);
    await sleep(ROUND_MS);
  }
}
