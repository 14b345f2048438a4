// What the loop wants done to the world: plain data, carried out by supervisor/.
import type { AttemptRef } from './attempt-ref.ts';
import type { Event } from './events.ts';
import type { SandboxId } from './sandbox.ts';

/** An event whose time the interpreter fills in. */
export type UndatedEvent = Event extends infer One ? (One extends Event ? Omit<One, 'at'> : never) : never;

export type Effect =
  /** Put a decision into the journal. */
  | { readonly type: 'record'; readonly event: UndatedEvent }
  /** Look at branch, head and plan; answers with `surveyed`. */
  | { readonly type: 'survey' }
  /**
   * Take plan and head as they are now for the beginning, whatever was known of them. Answers with nothing: a second
   * survey beside that of a resume would begin a second attempt.
   */
  | { readonly type: 'look_anew' }
  /** Prepare and start an attempt; answers with `attempt_starting`, then `attempt_started` or `attempt_start_failed`. */
  | { readonly type: 'begin'; readonly ref: AttemptRef }
  /** Take over output, vitals and end of a started sandbox; answers with `attempt_exited`. */
  | { readonly type: 'follow'; readonly ref: AttemptRef; readonly sandboxId: SandboxId }
  | { readonly type: 'stop'; readonly sandboxId: SandboxId; readonly graceMs: number }
  | { readonly type: 'kill'; readonly sandboxId: SandboxId }
  /** Write the receipt of the attempt that ended; answers with `attempt_sealed`. */
  | { readonly type: 'seal'; readonly ref: AttemptRef }
  | { readonly type: 'remove'; readonly ref: AttemptRef; readonly sandboxId: SandboxId }
  /** Answers with `pushed`. */
  | { readonly type: 'push'; readonly branch: string; readonly head: string }
  /** Answers with `woke` at that time. */
  | { readonly type: 'wake'; readonly until: string }
  /** Asks the engine until it answers or the time is over; answers with `engine_seen`. */
  | { readonly type: 'await_engine'; readonly until: string }
  /** Looks until the disk has space again or the pause for it is over; answers with `space_seen`. */
  | { readonly type: 'await_space' }
  /** Run the command of --until in a fresh sandbox; answers with `check_started` and `check_ended`. */
  | { readonly type: 'check'; readonly command: string }
  /** End the command of --until, if it runs. */
  | { readonly type: 'end_check' }
  /** Tell a person, by the means that they chose. */
  | {
      readonly type: 'notify';
      readonly what: 'needs_you' | 'finished';
      readonly message: string;
      readonly help: string | null;
    }
  /** Answers with `reminder_due` at that time, if the pause is still the same. */
  | { readonly type: 'remind'; readonly at: string; readonly since: string }
  /** End this process, when everything else is done. */
  | { readonly type: 'exit' };
