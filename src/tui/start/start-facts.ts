// What the start screen tells before anything starts. Everything in it is safe to show.
import type { Mode } from '../../core/options.ts';

export interface LastRun {
  readonly run: string;
  readonly mode: Mode;
  /** How it ended, in one line. */
  readonly ended: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface StartFacts {
  readonly repository: string;
  /** Null where nothing ran yet. */
  readonly lastRun: LastRun | null;
  /** Null for a detached HEAD. */
  readonly branch: string | null;
  /** Null when git could not tell. */
  readonly uncommittedFiles: number | null;
  /** Null without a plan. */
  readonly tasks: { readonly open: number; readonly done: number; readonly next: string | null } | null;
  readonly planFile: string;
  /** Sandbox, image and limits, as words. */
  readonly sandbox: string;
  readonly model: string;
  /** Null for no end. */
  readonly maxIterations: number | null;
  readonly whoPays: string;
  /** A usage limit that the account is known to be at; `until` is ISO 8601. */
  readonly limit: { readonly until: string; readonly message: string } | null;
  /** Why a build cannot start, a line each in the order in which to mend it; empty when it can. */
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}
