// A value that a person typed and that does not parse; the message says what would.

export class InvalidValueError extends Error {
  readonly code = 'invalid_value';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidValueError';
  }
}
