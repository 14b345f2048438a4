// Measures a running host sandbox once a second.
import { basename } from 'node:path';
import type { Vitals } from '../../core/sandbox.ts';
import type { ProcessIdentity } from '../../system/processes/process-table.ts';
import { anonymousBytes, TICKS_PER_SECOND } from '../../system/processes/process-table.ts';
import { AttemptProcesses } from './attempt-processes.ts';
import { watchFolder } from './folder-watch.ts';
import { readExitCode, readIdentity, readState, writtenAt } from './sandbox-folder.ts';
import { SHIM_FILES } from './shim-script.ts';

const PERIOD_MS = 1_000;

/**
 * Samples until the sandbox has ended or `signal` is aborted. Memory is the sum of what each process has for itself
 * (anonymous pages in RAM): pages shared after a fork count once for each sharer, files and shared memory not at
 * all. The exact figure (PSS) costs the kernel a walk through every page. The shim is not counted. The first sample's
 * CPU is the average since the start.
 */
export async function* sampleVitals(folder: string, signal: AbortSignal): AsyncGenerator<Vitals> {
  const processes = new AttemptProcesses(basename(folder), readIdentity(folder, SHIM_FILES.agentStat));
  const watch = watchFolder(folder, SHIM_FILES.exit);
  let before = { ticks: 0, atMs: Date.parse(writtenAt(folder, SHIM_FILES.agentStat) ?? '') };
  try {
    while (!signal.aborted && readState(folder) === 'running') {
      const agent = readIdentity(folder, SHIM_FILES.agentStat);
      const roots: ProcessIdentity[] = agent === null ? [] : [agent];
      const alive = processes.list(roots);
      const now = { ticks: alive.reduce((sum, process) => sum + process.cpuTicks, 0), atMs: Date.now() };
      if (alive.length > 0) {
        yield {
          at: new Date(now.atMs).toISOString(),
          memoryBytes: alive.reduce((sum, process) => sum + anonymousBytes(process.pid), 0),
          limitBytes: null,
          cpuPercent: cpuPercent(before, now),
          processes: alive.length,
        };
      }
      before = now;
      const dueMs = performance.now() + PERIOD_MS;
      while (performance.now() < dueMs && !signal.aborted && readExitCode(folder) === null) {
        await watch.next(signal, dueMs - performance.now());
      }
    }
  } finally {
    watch.close();
  }
}

/** Percent of one CPU between two looks; a process that ended unseen takes its time along, so never below 0. */
function cpuPercent(before: { ticks: number; atMs: number }, now: { ticks: number; atMs: number }): number {
  const elapsedMs = now.atMs - before.atMs;
  if (!(elapsedMs > 0)) return 0;
  const busyMs = ((now.ticks - before.ticks) * 1_000) / TICKS_PER_SECOND;
  return Math.max(0, (busyMs / elapsedMs) * 100);
}
