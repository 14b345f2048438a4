// What the program's own errors have in common: a code from a closed list for the caller, a line for the person.

export abstract class CodedError<Code extends string> extends Error {
  abstract override readonly name: string;
  readonly code: Code;

  /** @param message one line; where a person can help it, also what to do */
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
