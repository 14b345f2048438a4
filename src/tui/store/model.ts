// Everything that the screen is made of, as one immutable value: what the files of a run tell at a moment.
// All texts in here but those of `state` are safe to show.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { RunState } from '../../core/state/run-state.ts';
import type { StatusReport } from '../../report/status.ts';
import type { VitalsSample } from '../../viewer/vitals-file.ts';
import type { History } from './history.ts';
import type { LogWindow } from './log-window.ts';

export interface PlanItem {
  readonly text: string;
  readonly done: boolean;
  /** 0 for a top-level item. */
  readonly depth: number;
  /** 1-based line in the file. */
  readonly line: number;
}

export interface ChangedFile {
  readonly path: string;
  /** Lines; null where git counts none. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The output so far of the command that the agent runs now. */
export interface LiveOutput {
  readonly attempt: AttemptRef;
  readonly startedAtMs: number;
  /** The last lines, oldest first. */
  readonly lines: readonly string[];
  readonly ended: boolean;
}

/** The attempt whose log and vitals are on the screen: the newest one, or the one that a person opened. */
export interface ShownAttempt {
  readonly ref: AttemptRef;
  readonly isRunning: boolean;
  readonly log: LogWindow;
  readonly samples: readonly VitalsSample[];
  readonly memoryLimitBytes: number | null;
}

export interface Model {
  /** Milliseconds since 1970, whole seconds: ages on the screen change once a second. */
  readonly now: number;
  /** For decisions (what a key may do), not for showing: its texts are as the agent wrote them. */
  readonly state: RunState;
  readonly report: StatusReport;
  readonly history: History;
  /** Null without a plan that can be read, and before it was. */
  readonly plan: readonly PlanItem[] | null;
  /** Against the last commit; `unknown` where git cannot tell, null before it was asked. */
  readonly uncommitted: readonly ChangedFile[] | 'unknown' | null;
  /** Null before the first attempt. */
  readonly shown: ShownAttempt | null;
  readonly liveOutput: LiveOutput | null;
}
