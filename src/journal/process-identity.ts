// Tells whether a process that was written down is still that very process: pids are used again.
import { z } from 'zod';
import { isDead, readBootId, readStat } from '../system/processes/process-table.ts';
import { systemErrorCode } from '../system/system-error.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start: field 22 of /proc/PID/stat (proc_pid_stat(5)); null without /proc. */
  readonly startTicks: number | null;
  /** /proc/sys/kernel/random/boot_id; null without /proc. */
  readonly bootId: string | null;
}

export const processIdentitySchema = z.object({
  pid: z.int().min(1),
  startTicks: z.number().nullable(),
  bootId: z.string().nullable(),
});

/** Who the process is; null when it is not there (any more). Without an argument: this process. */
export function processIdentity(pid: number = process.pid): ProcessIdentity | null {
  const stat = readStat(pid);
  if (stat !== null) return isDead(stat) ? null : { pid, startTicks: stat.startTicks, bootId: readBootId() };
  // Without /proc the pid is all there is to know.
  return readBootId() === null && answersSignals(pid) ? { pid, startTicks: null, bootId: null } : null;
}

/** Whether that very process is still there. A zombie is gone: it does nothing any more and holds nothing. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = processIdentity(identity.pid);
  if (now === null) return false;
  if (identity.bootId !== null && now.bootId !== null && identity.bootId !== now.bootId) return false;
  return identity.startTicks === null || now.startTicks === null || identity.startTicks === now.startTicks;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process, too.
    return systemErrorCode(error) === 'EPERM';
  }
}
