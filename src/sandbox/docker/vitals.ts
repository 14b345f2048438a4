// Memory, CPU and processes of a running container once a second: from the kernel's files on this machine
// (about 0.1 ms a sample), from the engine's stats elsewhere.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxHandle, SandboxId, Vitals } from '../../core/sandbox.ts';
import { type Cgroup, type CgroupCounters, locateCgroup, readCounters } from './cgroup.ts';
import { inspectContainer, isRunning, timeOrNull } from './container-state.ts';
import { type Engine, isEngineAway } from './engine.ts';
import { BrokenStream } from './json-lines.ts';
import { Outage, type OutagePolicy } from './outage.ts';
import { followStats } from './stats-stream.ts';

const PERIOD_MS = 1_000;

/**
 * Samples until the container has ended. Ends quietly when aborted, and when the container is gone.
 * @throws SandboxError `engine_away` when the engine stays away and the kernel's files cannot be read from here
 */
export async function* followVitals(
  engine: Engine,
  id: SandboxId,
  signal: AbortSignal,
  policy: OutagePolicy,
): AsyncGenerator<Vitals> {
  const outage = new Outage(policy);
  const closed = new AbortController();
  const both = AbortSignal.any([signal, closed.signal]);
  try {
    for (;;) {
      try {
        const container = await inspectContainer(engine, id, { signal: both });
        if (container === null || !isRunning(container)) return;
        outage.over();
        const cgroup = await locateCgroup(container.state.Pid, container.id);
        const startedAt = timeOrNull(container.state.StartedAt);
        if (cgroup !== null) yield* sampleCgroup(cgroup, startedAt, both);
        else yield* followStats(engine, id, both);
        await sleep(50, undefined, { signal: both });
      } catch (error) {
        if (!isEngineAway(error) && !(error instanceof BrokenStream)) throw error;
        await outage.pause(error, both);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    closed.abort();
  }
}

/** Where the kernel knows the container; both null when it has ended or runs on another machine. */
export async function handleOf(engine: Engine, id: SandboxId): Promise<SandboxHandle> {
  const container = await inspectContainer(engine, id);
  if (container === null || !isRunning(container)) return { cgroupPath: null, mainPid: null };
  const cgroup = await locateCgroup(container.state.Pid, container.id);
  if (cgroup === null) return { cgroupPath: null, mainPid: null };
  return { cgroupPath: cgroup.memoryFolder, mainPid: container.state.Pid };
}

/** Goes on while the engine is away; ends when the cgroup is gone. */
async function* sampleCgroup(cgroup: Cgroup, startedAt: string | null, signal: AbortSignal): AsyncGenerator<Vitals> {
  // The first sample has no sample before it: its CPU is the average since the start.
  const ageMs = startedAt === null ? 0 : Math.max(1, Date.now() - Date.parse(startedAt));
  let before: { counters: Pick<CgroupCounters, 'cpuMs'>; atMs: number } = {
    counters: { cpuMs: 0 },
    atMs: performance.now() - ageMs,
  };
  for (;;) {
    const counters = await readCounters(cgroup);
    if (counters === null) return;
    const atMs = performance.now();
    yield {
      at: new Date().toISOString(),
      memoryBytes: counters.memoryBytes,
      limitBytes: counters.limitBytes,
      cpuPercent: (100 * (counters.cpuMs - before.counters.cpuMs)) / Math.max(1, atMs - before.atMs),
      processes: counters.tasks,
    };
    before = { counters, atMs };
    await sleep(Math.max(0, PERIOD_MS - (performance.now() - atMs)), undefined, { signal });
  }
}
