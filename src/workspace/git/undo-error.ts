// Why an undo is refused, or was not carried out to its end.
import { CodedError } from '../../core/coded-error.ts';

export type UndoErrorCode =
  /** It is as it was before that iteration. */
  | 'nothing'
  /** HEAD is detached, unborn or cannot be read, or the run worked on another branch. */
  | 'head'
  | 'history_changed'
  /** A merge, rebase or other git command is in the middle of its work. */
  | 'under_way'
  /** Git cannot tell what has changed. */
  | 'unknown'
  | 'in_the_way'
  /** Something moved since the plan was made. */
  | 'changed_meanwhile'
  | 'failed';

/** One line that says why, and what to do. */
export class UndoError extends CodedError<UndoErrorCode> {
  override readonly name = 'UndoError';
}
