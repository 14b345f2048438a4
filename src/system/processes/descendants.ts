// Follows processes to their children and children's children.
import type { ProcessIdentity, ProcessStat } from './process-table.ts';

/** Those of `all` for which `isRoot` holds, and all of their descendants. */
export function withDescendants(all: readonly ProcessStat[], isRoot: (process: ProcessStat) => boolean): ProcessStat[] {
  const members = new Set(all.filter(isRoot));
  const pids = new Set([...members].map(({ pid }) => pid));
  let grew = true;
  while (grew) {
    grew = false;
    for (const process of all) {
      if (members.has(process) || !pids.has(process.parentPid)) continue;
      members.add(process);
      pids.add(process.pid);
      grew = true;
    }
  }
  return [...members];
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks;
}
