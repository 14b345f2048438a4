// What a key leads to in the world: plain data, carried out by carry-out.ts.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { InstructionFile } from '../../core/instructions.ts';
import type { RunCommand } from '../../core/run-command.ts';

/** Work that can be looked at. */
export type DiffRequest =
  /** From the attempt's base commit to its last one, or to the files as they are while it runs. */
  { readonly kind: 'attempt'; readonly attempt: AttemptRef } | { readonly kind: 'commit'; readonly sha: string };

/** What a person wants to read or edit in a program of their own. */
export type ProgramRequest =
  | { readonly kind: 'raw_log'; readonly attempt: AttemptRef }
  | { readonly kind: 'diff'; readonly request: DiffRequest }
  | { readonly kind: 'edit'; readonly file: EditableFile };

export type EditableFile = InstructionFile;

export type UiEffect =
  /** Tell the supervisor; its answer becomes the message. */
  | { readonly type: 'send'; readonly command: RunCommand; readonly thenQuit?: boolean }
  | { readonly type: 'show'; readonly attempt: AttemptRef | null }
  /** Show answers, thoughts and commands in the log in full, or no longer. */
  | { readonly type: 'unfold'; readonly unfolded: boolean }
  | { readonly type: 'log_beginning' }
  /** Look for a line of the log that is not in memory; the screen goes there. */
  | { readonly type: 'search_log'; readonly direction: 1 | -1; readonly search: string; readonly filter: string }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  /** Opens a page with the diff when it has been read. */
  | { readonly type: 'read_diff'; readonly request: DiffRequest }
  /** Gives the terminal to another program for a while: the pager, or the editor. */
  | { readonly type: 'open_program'; readonly what: ProgramRequest }
  /** Find out what an undo would throw away; a dialog lists it then. Null for the last iteration. */
  | { readonly type: 'plan_undo'; readonly iteration: number | null }
  /** Carry out the undo that the dialog listed. */
  | { readonly type: 'undo' }
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  /** The viewer goes; the run goes on. */
  | { readonly type: 'quit' };
