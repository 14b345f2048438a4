// What can go wrong when a run is looked for. Apart from the search itself: every command knows this error, and few
// need what reads journals.
import { CodedError } from '../core/coded-error.ts';

export type FindRunErrorCode = 'no_run' | 'unknown_run' | 'ambiguous_run';

/** No run is meant, or several; the message says what to do. */
export class FindRunError extends CodedError<FindRunErrorCode> {
  override readonly name = 'FindRunError';
}
