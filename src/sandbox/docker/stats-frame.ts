// One frame of the engine's stats as vitals (Docker Engine API, "ContainerStats"). Pure.
import type { Vitals } from '../../core/sandbox.ts';

interface CpuStats {
  readonly cpu_usage?: { readonly total_usage?: number };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** What is read of a frame. Everything may be missing: the frames of a container that has ended are empty. */
export interface StatsFrame {
  readonly read?: string;
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
  };
  readonly cpu_stats?: CpuStats;
  readonly precpu_stats?: CpuStats;
  readonly pids_stats?: { readonly current?: number };
}

/** Null for the frame of a container that has ended. */
export function vitalsOfFrame(frame: StatsFrame): Vitals | null {
  const { usage, limit, stats } = frame.memory_stats ?? {};
  if (usage === undefined || frame.read === undefined || frame.read.startsWith('0001-')) return null;
  const cache = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return {
    at: new Date(frame.read).toISOString(),
    memoryBytes: Math.max(0, usage - cache),
    limitBytes: limit ?? null,
    cpuPercent: cpuPercent(frame.cpu_stats, frame.precpu_stats),
    processes: frame.pids_stats?.current ?? 0,
  };
}

/** The container's part of the machine's CPU time between two frames, times the number of CPUs. */
function cpuPercent(now: CpuStats | undefined, before: CpuStats | undefined): number {
  const used = (now?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0);
  const passed = (now?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
  return passed > 0 && used > 0 ? (100 * used * (now?.online_cpus ?? 1)) / passed : 0;
}
