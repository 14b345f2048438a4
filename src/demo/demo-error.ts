// Why a demo cannot begin.
import { CodedError } from '../core/coded-error.ts';
import { EXIT_CODES } from '../core/exit-code.ts';

export class DemoError extends CodedError<'no_folder' | 'no_sweeper'> {
  override readonly name = 'DemoError';
  readonly exitCode = EXIT_CODES.environment;
}
