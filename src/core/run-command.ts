// What a person can ask of a running loop.
import type { AttemptRef } from './attempt-ref.ts';
import type { InstructionFile } from './instructions.ts';
import type { AskedMode } from './mode.ts';
import type { PlanProgress } from './plan.ts';

export type RunCommand =
  /** Pause after the running iteration; at once when nothing runs. */
  | { readonly name: 'pause' }
  /** Go on: ends a pause or a wait, takes back a pause that has not come yet. `next` skips the iteration that was stopped. */
  | { readonly name: 'resume'; readonly next: boolean }
  /** End the run now, after the running iteration, or end the attempt only (the run is paused then). */
  | { readonly name: 'stop'; readonly when: 'now' | 'after_iteration' | 'attempt'; readonly attempt: AttemptRef | null }
  /** Kill every process of the attempt; the run is paused then. */
  | { readonly name: 'kill'; readonly attempt: AttemptRef | null }
  /** Stop the attempt if one runs, and start the next attempt of the same iteration. */
  | { readonly name: 'restart'; readonly attempt: AttemptRef | null }
  | { readonly name: 'set_max'; readonly max: number | null }
  /** A person has edited that file: what changed in it is not the agent's. */
  | { readonly name: 'note_edit'; readonly file: InstructionFile }
  /** A person has undone that iteration and all after it: the repository is as it was before. */
  | UndoNote
  /** Plan again, or build, from the next iteration on. */
  | { readonly name: 'set_mode'; readonly mode: AskedMode };

export interface UndoNote {
  readonly name: 'note_undo';
  readonly iteration: number;
  /** The commit that the branch is on now. */
  readonly head: string;
  /** The plan as it lies there now, null without one: what was done before the undo says nothing about it. */
  readonly plan: PlanProgress | null;
  /** A command that brings back what was thrown away. */
  readonly fetchCommand: string;
}
