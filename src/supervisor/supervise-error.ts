// Why a run cannot be supervised.
import { EXIT_CODES } from '../core/exit-code.ts';

/** The run cannot be supervised here and now; the message says what to do. */
export class SuperviseError extends Error {
  override readonly name = 'SuperviseError';
  readonly code: 'run_is_live' | 'sandbox_is_live';
  readonly exitCode = EXIT_CODES.usage;

  constructor(code: 'run_is_live' | 'sandbox_is_live', message: string) {
    super(message);
    this.code = code;
  }
}
