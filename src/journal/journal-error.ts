// What can go wrong with the files of a run.
import { CodedError } from '../core/coded-error.ts';

export type JournalErrorCode =
  /** Written by a newer ralph-tui. */
  | 'newer_version'
  /** No space left, or a quota or file size limit reached; the file is as it was before. */
  | 'no_space'
  /** Somebody else wrote to the journal, or took it away. */
  | 'not_ours'
  | 'write_failed'
  /** A folder of ours belongs to somebody else or is no folder. */
  | 'unsafe_folder'
  | 'lock_failed';

export class JournalError extends CodedError<JournalErrorCode> {
  override readonly name = 'JournalError';
}
