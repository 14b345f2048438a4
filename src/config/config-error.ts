// What is wrong with the command line, a variable, or the person's file: always one line that says what is allowed.
import { EXIT_CODES } from '../core/exit-code.ts';

/** Something a person gave us that cannot be used. The message is one line and names where the value came from. */
export class ConfigError extends Error {
  readonly code = 'bad_configuration';
  readonly exitCode = EXIT_CODES.usage;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}
