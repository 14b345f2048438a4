// What is known of a run: the fold of its journal (apply.ts).
import type { AttemptRef } from '../attempt-ref.ts';
import type { AttemptSealed, CheckEnded, OverdueReason, PauseReason, PushTarget, WaitKind } from '../events.ts';
import type { FinishReason } from '../exit-code.ts';
import type { InstructionFile, Instructions } from '../instructions.ts';
import type { Mode, RunOptions } from '../options.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { PlanProgress } from '../plan.ts';
import type { Receipt } from '../receipt.ts';
import type { Exit, SandboxErrorCode, SandboxId } from '../sandbox.ts';
import type { Survey } from '../survey.ts';

export type Phase =
  | { readonly name: 'starting' }
  /** An attempt exists: it is being started, runs, or has ended and is not sealed yet. */
  | { readonly name: 'running' }
  /** Nothing runs, and the next thing is decided. */
  | { readonly name: 'between' }
  /** Everything seems done, and the command of --until has the last word. */
  | { readonly name: 'checking'; readonly since: string }
  | {
      readonly name: 'waiting';
      readonly kind: WaitKind;
      readonly until: string;
      readonly why: string;
      readonly since: string;
    }
  | { readonly name: 'paused'; readonly reason: PauseReason; readonly since: string }
  | {
      readonly name: 'finished';
      readonly reason: FinishReason;
      readonly message: string;
      readonly nextCommand: string | null;
      readonly at: string;
    };

/** What we did to the running attempt, and what follows when it has ended. */
export interface StopAsked {
  readonly kind: 'stop' | 'kill';
  readonly next: 'pause' | 'finish' | 'restart';
}

export interface CurrentAttempt extends AttemptRef {
  readonly startingAt: string;
  readonly startedAt: string | null;
  readonly sandboxName: string;
  readonly sandboxId: SandboxId | null;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  readonly promptHash: string;
  readonly argv: readonly string[];
  readonly memoryLimitBytes: number | null;
  /** The workspace before the attempt. */
  readonly before: Survey;
  /** See `Receipt`; null in older journals. */
  readonly foundCommit: string | null;
  /** Texts of the tasks that were ticked or removed since, and how many were added. */
  readonly tasksFinished: readonly string[];
  readonly tasksAdded: number;
  readonly stopAsked: StopAsked | null;
  /** Why the supervisor ends it by itself; null while it does not. */
  readonly overdue: { readonly why: OverdueReason; readonly limit: string | null } | null;
  readonly startFailed: { readonly code: SandboxErrorCode | 'workspace'; readonly message: string } | null;
  readonly exit: Exit | null;
}

/** How often the same trouble came in a row, without anything else between. */
export interface Streak {
  readonly kind: OutcomeKind;
  readonly count: number;
}

export interface RunState {
  readonly run: string;
  readonly repositoryPath: string;
  readonly repositoryKey: string;
  readonly options: RunOptions;
  /** The flags that were typed, each with its value, quoted for a shell. */
  readonly typed: readonly string[];
  /** What the options were at the start; `mode_changed` changes them. */
  readonly begunAs: Pick<RunOptions, 'mode' | 'promptPath'>;
  /** From the next iteration on; null while nobody asked. */
  readonly modeAsked: Mode | null;
  /** The plan is made again in the middle of a build, which goes on then. */
  readonly planningAgain: boolean;
  /** Since when the run has its mode: attempts from before say nothing about it. */
  readonly modeSince: string;
  readonly headless: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly promptSource: string;
  readonly instructions: Instructions;
  /** Files that a person says to have edited while the attempt runs. */
  readonly edited: readonly InstructionFile[];
  readonly pushTarget: PushTarget | null;
  /** As the run began; true where its journal does not say. */
  readonly hasRemote: boolean;
  readonly whoPays: string;
  readonly startedAt: string;
  readonly phase: Phase;
  /** The iteration that runs or comes next, from 1. */
  readonly iteration: number;
  readonly attempt: number;
  readonly current: CurrentAttempt | null;
  readonly receipts: readonly Receipt[];
  readonly lastSealed: AttemptSealed | null;
  readonly stopAskedOfLast: StopAsked | null;
  /** The sandbox of the last sealed attempt, until it is removed. */
  readonly leftSandbox: (AttemptRef & { readonly sandboxId: SandboxId }) | null;
  /** The last attempt is sealed, and what follows from it has not been decided yet. */
  readonly undecided: boolean;
  readonly pauseAsked: boolean;
  /** When a person last said to go on: limits and standstills from before are not held against the run. */
  readonly resumedAt: string | null;
  /** The last words of the command of --until; null before its first run. */
  readonly check: CheckEnded | null;
  /** While an attempt runs that cannot be followed; null where the engine answers. */
  readonly engineAway: { readonly since: string; readonly why: string } | null;
  readonly stopAfterAsked: boolean;
  /** Whether an iteration has been counted since the run last went on: `--step` pauses on it. */
  readonly stepped: boolean;
  /** The branch that the run works on; null when the next survey's is accepted. */
  readonly branch: string | null;
  readonly head: string | null;
  readonly plan: PlanProgress | null;
  readonly lastCommitAt: string | null;
  readonly lastTickAt: string | null;
  /** How many commits were seen, by the iteration that ran then, or last; 0 before the first. */
  readonly seenCommits: readonly { readonly iteration: number; readonly count: number }[];
  readonly streak: Streak | null;
  readonly lastPush: {
    readonly ok: boolean;
    readonly head: string;
    readonly at: string;
    readonly message: string;
  } | null;
  readonly warnings: readonly string[];
  readonly supervisor: {
    readonly pid: number;
    readonly since: string;
    readonly hasSecrets: boolean;
    readonly restarts: readonly string[];
  } | null;
  /** Time of the newest event. */
  readonly at: string;
}
