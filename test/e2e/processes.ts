// What a test wants to know of a process by its pid.
import { readFile } from 'node:fs/promises';
import { waitFor } from '../harness/wait-for.ts';

/** Whether it lives; one that has ended and that nobody has collected does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+[ZX]/m.test(status);
}

/** Resolves when it has ended. */
export async function ended(pid: number | null): Promise<void> {
  if (pid === null) throw new Error('there is no such process: no pid');
  await waitFor(async () => !(await isAlive(pid)), { what: `process ${pid} to end` });
}

/** Kills it as a crash would, and resolves when it is gone. */
export async function crash(pid: number | null): Promise<void> {
  if (pid === null) throw new Error('there is no process to kill: no pid');
  process.kill(pid, 'SIGKILL');
  await ended(pid);
}
