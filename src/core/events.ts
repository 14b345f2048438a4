// The facts of a run, in the order in which they happened: the journal's vocabulary.
// Everything that the loop decides on is one of these; state is their fold (state/).
import type { AttemptRef } from './attempt-ref.ts';
import type { FinishReason } from './exit-code.ts';
import type { InstructionChange } from './instructions.ts';
import type { Mode, RunOptions } from './options.ts';
import type { PlanProgress } from './plan.ts';
import type { CommitInfo, Receipt } from './receipt.ts';
import type { RunCommand } from './run-command.ts';
import type { Exit, SandboxErrorCode, SandboxId } from './sandbox.ts';
import type { Survey } from './survey.ts';

/** A remote of the repository, as it was before the agent could change it. */
export interface PushTarget {
  readonly remote: string;
  /** Without a password. */
  readonly url: string;
}

/** Why the supervisor itself ends an attempt. */
export type OverdueReason =
  /** No sign of life for longer than the idle limit. */
  | 'idle'
  /** Over the iteration's time. */
  | 'timeout'
  /** Over the limit of output. */
  | 'flood'
  /** The work was done, and background tasks held the process longer than the grace. */
  | 'background'
  /** The login was refused again and again. */
  | 'auth_retries';

/** Why a run stands still until somebody says how to go on. */
export interface PauseReason {
  readonly kind:
    | 'asked'
    | 'step'
    | 'after_stop'
    | 'branch_changed'
    | 'outcome'
    | 'no_secrets'
    | 'workspace'
    | 'disk_full'
    | 'limit_too_long'
    | 'no_progress';
  /** One line for people. */
  readonly message: string;
  /** The command that helps, null where none does. */
  readonly help: string | null;
  /** What helps before going on, without how to go on: a headless run has ended then. None in older journals. */
  readonly remedy?: string;
  /** Where the disk is mounted that is full: what the run waits for by itself. */
  readonly disk?: string;
  /** How a headless run ends here, since nobody is there to help; null where a person asked for the pause. */
  readonly headlessExit: FinishReason | null;
}

/** What a wait is for. */
export type WaitKind = 'usage_limit' | 'back_off' | 'after_oom' | 'engine';

interface Base {
  /** ISO 8601 in UTC. */
  readonly at: string;
}

export interface RunStarted extends Base {
  readonly type: 'run_started';
  readonly run: string;
  readonly repositoryPath: string;
  readonly repositoryKey: string;
  readonly options: RunOptions;
  /** The flags that were typed, each with its value, quoted for a shell: `--memory 2g`. */
  readonly typed: readonly string[];
  readonly headless: boolean;
  /** Of the program, Node, the engine and the agent's image, where known. */
  readonly versions: Readonly<Record<string, string>>;
  readonly prompt: { readonly source: string; readonly hash: string };
  readonly survey: Survey;
  /** Where `--push` pushes to, remembered before the agent ran. */
  readonly pushTarget: PushTarget | null;
  /** Whether the repository has anywhere to push to. Older journals do not say. */
  readonly hasRemote?: boolean;
  readonly whoPays: string;
}

export interface SupervisorStarted extends Base {
  readonly type: 'supervisor_started';
  readonly pid: number;
  /** The agent's credentials are in this supervisor's environment, or it needs none. */
  readonly hasSecrets: boolean;
  /** True when an earlier supervisor of this run died. */
  readonly recovered: boolean;
  /** What the sandbox of the journal's last attempt is doing; null when there is none. */
  readonly found: { readonly id: SandboxId; readonly state: 'created' | 'running' | 'paused' | 'exited' } | null;
  readonly survey: Survey;
}

export interface AttemptStarting extends Base, AttemptRef {
  readonly type: 'attempt_starting';
  readonly sandboxName: string;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  readonly promptHash: string;
  readonly argv: readonly string[];
  readonly survey: Survey;
  /** See `Receipt`. */
  readonly foundCommit?: string | null;
  readonly memoryLimitBytes: number | null;
}

export interface AttemptStarted extends Base, AttemptRef {
  readonly type: 'attempt_started';
  readonly sandboxId: SandboxId;
}

export interface AttemptStartFailed extends Base, AttemptRef {
  readonly type: 'attempt_start_failed';
  readonly code: SandboxErrorCode | 'workspace';
  readonly message: string;
}

/** The attempt gives no sign of life, takes too long, or says too much: it is ended and judged by what it did. */
export interface AttemptOverdue extends Base, AttemptRef {
  readonly type: 'attempt_overdue';
  readonly why: OverdueReason;
  /** The limit that was hit, in words; null where there is none. */
  readonly limit: string | null;
}

export interface AttemptExited extends Base, AttemptRef {
  readonly type: 'attempt_exited';
  readonly exit: Exit;
}

export interface AttemptSealed extends Base, AttemptRef {
  readonly type: 'attempt_sealed';
  readonly receipt: Receipt;
  /** The workspace before the attempt, and after it. */
  readonly before: Survey;
  readonly survey: Survey;
}

export interface SandboxRemoved extends Base, AttemptRef {
  readonly type: 'sandbox_removed';
}

export interface Pushed extends Base {
  readonly type: 'pushed';
  readonly ok: boolean;
  readonly branch: string;
  readonly head: string;
  readonly message: string;
}

/** A file that tells the agent what to do is not what it was. */
export interface InstructionsChanged extends Base, InstructionChange {
  readonly type: 'instructions_changed';
}

/** From here on the run's iterations have another mode. */
export interface ModeChanged extends Base {
  readonly type: 'mode_changed';
  readonly mode: Mode;
  /** A person asked for it, or planning again is done. */
  readonly why: 'asked' | 'planned';
}

/** The command of --until begins to run. */
export interface CheckStarted extends Base {
  readonly type: 'check_started';
  readonly command: string;
}

export interface CheckEnded extends Base {
  readonly type: 'check_ended';
  readonly ok: boolean;
  /** Null when it was ended by us, or could not run. */
  readonly exitCode: number | null;
  /** Its last lines, sanitized, or why it could not run. */
  readonly tail: string;
  /** The workspace that it looked at. */
  readonly head: string | null;
  readonly planHash: string | null;
}

/** A person who is needed has not come yet. */
export interface ReminderDue extends Base {
  readonly type: 'reminder_due';
  /** When the pause began that the reminder is about. */
  readonly since: string;
}

export interface Surveyed extends Base {
  readonly type: 'surveyed';
  readonly survey: Survey;
  /** The agent's credentials are there now, or it needs none. */
  readonly hasSecrets: boolean;
}

export interface PlanChanged extends Base {
  readonly type: 'plan_changed';
  readonly progress: PlanProgress;
  readonly finished: readonly string[];
  readonly added: readonly string[];
}

export interface CommitsSeen extends Base {
  readonly type: 'commits_seen';
  readonly head: string;
  readonly commits: readonly CommitInfo[];
}

export interface CommandReceived extends Base {
  readonly type: 'command_received';
  readonly command: RunCommand;
}

/** The wait that was to last until then is over. */
export interface Woke extends Base {
  readonly type: 'woke';
  readonly until: string;
}

/** Nobody can tell how the running attempt's sandbox is. */
export interface EngineAway extends Base {
  readonly type: 'engine_away';
  /** One line for people. */
  readonly why: string;
}

export interface EngineSeen extends Base {
  readonly type: 'engine_seen';
  readonly answers: boolean;
}

/** The disk that the run was paused for has space again. */
export interface SpaceSeen extends Base {
  readonly type: 'space_seen';
}

/** Waits for reset, back-off or the engine; in the journal, so that it survives restarts. */
export interface Waiting extends Base {
  readonly type: 'waiting';
  readonly kind: WaitKind;
  readonly until: string;
  readonly why: string;
}

export interface Paused extends Base {
  readonly type: 'paused';
  readonly reason: PauseReason;
}

export interface Warned extends Base {
  readonly type: 'warned';
  readonly message: string;
}

export interface Finished extends Base {
  readonly type: 'finished';
  readonly reason: FinishReason;
  readonly message: string;
  /** What a person would run next, null where nothing follows. */
  readonly nextCommand: string | null;
}

export type Event =
  | RunStarted
  | SupervisorStarted
  | AttemptStarting
  | AttemptStarted
  | AttemptStartFailed
  | AttemptOverdue
  | AttemptExited
  | AttemptSealed
  | SandboxRemoved
  | Pushed
  | ModeChanged
  | InstructionsChanged
  | CheckStarted
  | CheckEnded
  | ReminderDue
  | Surveyed
  | PlanChanged
  | CommitsSeen
  | CommandReceived
  | Woke
  | EngineAway
  | EngineSeen
  | SpaceSeen
  | Waiting
  | Paused
  | Warned
  | Finished;

export type EventType = Event['type'];
