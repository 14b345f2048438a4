// What a run was asked to do: resolved once from flags, environment and configuration, kept in the journal.
import type { Network } from './sandbox.ts';

export type Mode = 'build' | 'plan' | 'plan-work';

export const MODES: readonly Mode[] = ['build', 'plan', 'plan-work'];

export interface RunOptions {
  readonly mode: Mode;
  /** The work that plan-work plans for; null in the other modes. */
  readonly work: string | null;
  /** Counted iterations; null for no end. */
  readonly maxIterations: number | null;
  readonly sandbox: 'docker' | 'host';
  readonly image: string;
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly pids: number;
  readonly network: Network;
  readonly model: string;
  readonly maxTurns: number | null;
  /** Path of the prompt file, null for the repository's own or the embedded one. */
  readonly promptPath: string | null;
  /** Path of the plan inside the repository. */
  readonly planFile: string;
  readonly push: boolean;
  /** Pause after every iteration. */
  readonly step: boolean;
  /** Command that has to succeed in a fresh sandbox before “done” ends the run; null for none. */
  readonly until: string | null;
  /** A usage limit that lasts longer needs a person; null for the policy's. */
  readonly maxWaitMs: number | null;
  /** So long without output, and no tool running: hung; null for the policy's. */
  readonly idleLimitMs: number | null;
  /** Longest time of one attempt; null for no limit. */
  readonly iterationTimeoutMs: number | null;
  /** Names of variables that are handed to the agent; values never stand in the journal. */
  readonly environmentNames: readonly string[];
  readonly environmentFile: string | null;
  /** The agent's program: `claude`, or a path. */
  readonly agentCommand: readonly string[];
  /** What stood behind `--`. */
  readonly agentArguments: readonly string[];
}
