// What can go wrong between a person's command and the supervisor.
import { CodedError } from '../core/coded-error.ts';

export type ControlErrorCode =
  /** There is no socket: no supervisor runs, or it runs for another user. */
  | 'no_socket'
  /** There is a socket and nobody behind it: the supervisor was killed. */
  | 'refused'
  | 'timeout'
  /** The supervisor hung up, or said what this program does not understand. */
  | 'bad_answer'
  /** Another supervisor listens there already. */
  | 'in_use'
  /** The socket cannot be made or reached: rights, or something else is in its place. */
  | 'unusable';

export class ControlError extends CodedError<ControlErrorCode> {
  override readonly name = 'ControlError';
}
