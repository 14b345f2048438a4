// Reads Linux's table of processes, /proc (proc_pid_stat(5), proc_pid_environ(5), proc_pid_status(5)).
// Synchronous on purpose: the kernel answers from memory, and a table read in one go is consistent.
import { readdirSync, readFileSync } from 'node:fs';

/** Names one process for good: a pid alone is given to another process later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks between the machine's start and the process's, field 22 of /proc/PID/stat. */
  readonly startTicks: number;
}

export interface ProcessStat extends ProcessIdentity {
  readonly parentPid: number;
  /** `R`, `S`, `D`, `Z`, …: field 3. */
  readonly state: string;
  /** CPU time of it and of its children that it has waited for, in ticks. */
  readonly cpuTicks: number;
}

/** Ticks per second of /proc's times: USER_HZ, 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** Reads one line of /proc/PID/stat; null if it is none. The name in brackets may hold spaces and brackets itself. */
export function parseStat(line: string): ProcessStat | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const numberAt = (field: number) => Number(fields[field - 3]);
  const pid = Number.parseInt(line, 10);
  const startTicks = numberAt(22);
  if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(startTicks)) return null;
  return {
    pid,
    startTicks,
    parentPid: numberAt(4),
    state: fields[0] ?? '',
    cpuTicks: numberAt(14) + numberAt(15) + numberAt(16) + numberAt(17),
  };
}

/** Null when there is no such process. */
export function readStat(pid: number): ProcessStat | null {
  const line = readOrNull(`/proc/${pid}/stat`);
  return line === null ? null : parseStat(line);
}

/** Every process that is not dead already. */
export function listProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readStat(Number(pid)) ?? []).filter((process) => !isDead(process));
}

/** Whether that very process still runs; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readStat(identity.pid);
  return stat !== null && stat.startTicks === identity.startTicks && !isDead(stat);
}

/** Whether the process was started with exactly this `NAME=value`; false where its environment may not be read. */
export function wasStartedWith(pid: number, entry: string): boolean {
  const environment = readOrNull(`/proc/${pid}/environ`);
  return environment !== null && `\0${environment}`.includes(`\0${entry}\0`);
}

/** Anonymous memory in RAM (resident minus files and shared memory), bytes; 0 when the process is gone. */
export function anonymousBytes(pid: number): number {
  const status = readOrNull(`/proc/${pid}/status`) ?? '';
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A value that changes with every start of the machine; null where there is no /proc. */
export function readBootId(): string | null {
  return readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
}

/** It has ended, and nobody has collected it yet: it does nothing any more and holds nothing. */
export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

/**
 * Null instead of an error: processes end while one looks, and other people's may not be read. As UTF-8, which Node
 * reads in one go; as bytes it would take 64 KiB of memory for every file of /proc (Node 24, tried).
 */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
