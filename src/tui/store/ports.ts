// What the store needs from the world beside the run's own folder. `commands/` fills these in: the repository and what
// a sandbox writes are read by workspace/ and sandbox/, which the screen does not know.
import type { FileHandle } from 'node:fs/promises';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { PlanSnapshot } from '../../core/plan.ts';
import type { DiffRequest, EditableFile, ProgramRequest } from '../ui/effects.ts';

export interface WorkspacePort {
  /** Null where there is no plan, or none that is safe to read. */
  readPlan(): Promise<PlanSnapshot | null>;
  /** Calls back when the plan may have changed, until it is closed. */
  watchPlan(changed: () => void): { close(): Promise<void> };
  /** Files that differ from the commit; hostile texts. */
  uncommitted(head: string | null): Promise<readonly PortFileChange[] | 'unknown'>;
}

export interface PortFileChange {
  readonly path: string;
  readonly added: number | null;
  readonly removed: number | null;
}

/** The copies of commands' output in an attempt's exchange folder: written inside the sandbox, hostile when read. */
export interface LiveOutputPort {
  /** The command that started last; null where there is none. */
  newest(ref: AttemptRef): Promise<{
    readonly name: string;
    readonly startedAtMs: number;
    readonly state: 'running' | 'ended';
  } | null>;
  /** Opens its copy, never through a link; null where that is not possible. */
  open(ref: AttemptRef, name: string): Promise<FileHandle | null>;
}

/** A program that gets the whole terminal, or why there is none, in one line. */
export type ProgramToRun =
  | {
      readonly argv: readonly string[];
      readonly cwd: string;
      readonly environment: Readonly<Record<string, string>>;
      /** For an editor: which file it has left changed; null for none. */
      readonly edited?: () => Promise<EditableFile | null>;
    }
  | { readonly why: string };

/** Finds what shows or edits something: the repository is read by workspace/. */
export interface ProgramPort {
  prepare(what: ProgramRequest): Promise<ProgramToRun>;
}

/** A diff to be read on a page, or why there is none, in one line. All of it is safe to show. */
export type DiffToShow =
  | {
      readonly title: string;
      readonly lines: readonly string[];
      /** Of the files in the work tree, which may have changed a moment later. */
      readonly ofFiles: boolean;
    }
  | { readonly why: string };

export interface DiffPort {
  read(what: DiffRequest): Promise<DiffToShow>;
}

/** Undoes iterations of a run that stands still. */
export interface UndoPort {
  plan(iteration: number | null): Promise<{ readonly lines: readonly string[] } | { readonly why: string }>;
  /** Carries out what was planned last; one line says what became of it. */
  perform(): Promise<{ readonly ok: boolean; readonly message: string }>;
}

/** Milliseconds since 1970. */
export type Clock = () => number;
