// Where the kernel keeps a container's figures, and reading them: cgroup v1 and v2. Needs no privilege.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of one container, absolute. On v2 they are one and the same. */
export interface Cgroup {
  readonly version: 1 | 2;
  readonly memoryFolder: string;
  readonly cpuFolder: string;
  readonly pidsFolder: string;
}

export interface CgroupCounters {
  /** Without page cache that can go. */
  readonly memoryBytes: number;
  readonly limitBytes: number | null;
  /** CPU time used since the start. */
  readonly cpuMs: number;
  /** Tasks as the pids limit counts them: threads, too. */
  readonly tasks: number;
}

/** Where each controller's hierarchy is mounted; `unified` is v2. */
export type CgroupMounts = ReadonlyMap<string, string>;

/**
 * The cgroup of a container by its main process on this machine. Null where there is none: another machine's
 * engine, a virtual machine's, or a process that has ended.
 */
export async function locateCgroup(mainPid: number, containerId: string): Promise<Cgroup | null> {
  const [membership, mounts] = await Promise.all([
    readFile(`/proc/${mainPid}/cgroup`, 'utf8').catch(() => null),
    readFile('/proc/self/mounts', 'utf8').catch(() => null),
  ]);
  if (membership === null || mounts === null) return null;
  return cgroupFolders(membership, parseMounts(mounts), containerId);
}

/**
 * Pure part of `locateCgroup`. `membership` is the text of /proc/PID/cgroup (cgroups(7)): lines of
 * `hierarchy:controllers:path`. A path without the container's id is some other process that has this pid here.
 */
export function cgroupFolders(membership: string, mounts: CgroupMounts, containerId: string): Cgroup | null {
  const folders = new Map<string, string>();
  for (const line of membership.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (!match?.[2]?.includes(containerId)) continue;
    for (const controller of (match[1] || 'unified').split(',')) {
      const mount = mounts.get(controller);
      if (mount !== undefined) folders.set(controller, join(mount, match[2]));
    }
  }
  const [memory, cpu, pids] = [folders.get('memory'), folders.get('cpuacct'), folders.get('pids')];
  if (memory && cpu && pids) return { version: 1, memoryFolder: memory, cpuFolder: cpu, pidsFolder: pids };
  const unified = folders.get('unified');
  // On a hybrid machine the unified hierarchy is there as well, without controllers: then memory was found above.
  if (unified && !memory) return { version: 2, memoryFolder: unified, cpuFolder: unified, pidsFolder: unified };
  return null;
}

/** Reads /proc/self/mounts (proc(5)): `device folder type options …`. */
export function parseMounts(text: string): CgroupMounts {
  const mounts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, folder, type, options] = line.split(' ');
    if (folder === undefined) continue;
    if (type === 'cgroup2') mounts.set('unified', folder);
    if (type === 'cgroup') for (const option of options?.split(',') ?? []) mounts.set(option, folder);
  }
  return mounts;
}

/** Null when the cgroup is gone: that happens the moment the container ends. */
export async function readCounters(cgroup: Cgroup): Promise<CgroupCounters | null> {
  const read = (folder: string, file: string) => readFile(join(folder, file), 'utf8');
  const { memoryFolder, cpuFolder, pidsFolder } = cgroup;
  try {
    const [usage, stat, limit, cpu, tasks] = await Promise.all(
      cgroup.version === 1
        ? [
            read(memoryFolder, 'memory.usage_in_bytes'),
            read(memoryFolder, 'memory.stat'),
            read(memoryFolder, 'memory.limit_in_bytes'),
            read(cpuFolder, 'cpuacct.usage').then((nanoseconds) => Number(nanoseconds) / 1e6),
            read(pidsFolder, 'pids.current'),
          ]
        : [
            read(memoryFolder, 'memory.current'),
            read(memoryFolder, 'memory.stat'),
            read(memoryFolder, 'memory.max'),
            read(cpuFolder, 'cpu.stat').then((text) => (counterIn(text, 'usage_usec') ?? 0) / 1e3),
            read(pidsFolder, 'pids.current'),
          ],
    );
    const cache = counterIn(stat, cgroup.version === 1 ? 'total_inactive_file' : 'inactive_file') ?? 0;
    return {
      memoryBytes: Math.max(0, Number(usage) - cache),
      limitBytes: limitOf(limit),
      cpuMs: Number(cpu),
      tasks: Number(tasks),
    };
  } catch {
    return null;
  }
}

/**
 * Processes that the kernel killed in the cgroup so far; null when it is gone or the kernel does not say.
 * Synchronous: after a fatal kill there are some 30 ms until the folder is gone (facts/sandbox.md 1.1).
 */
export function readOomKillCount({ version, memoryFolder }: Cgroup): number | null {
  try {
    const text = readFileSync(join(memoryFolder, version === 1 ? 'memory.oom_control' : 'memory.events'), 'utf8');
    return counterIn(text, 'oom_kill');
  } catch {
    return null;
  }
}

/** The value of a `key value` line. */
export function counterIn(text: string, key: string): number | null {
  for (const line of text.split('\n')) {
    const [name, value] = line.split(' ');
    if (name === key && value !== undefined) return Number(value);
  }
  return null;
}

/** v2 says `max`, v1 a number near 2^63, where there is no limit. */
function limitOf(text: string): number | null {
  const bytes = Number(text);
  return Number.isSafeInteger(bytes) && bytes < 2 ** 53 ? bytes : null;
}
