// A folder of ours that cannot be read or written: what the person has to change is the machine, not the command.
import { CodedError } from '../core/coded-error.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { systemReason } from './system-error.ts';

/** Whose folders, and the variable that puts them elsewhere. */
const VARIABLES = { state: 'XDG_STATE_HOME', configuration: 'XDG_CONFIG_HOME' } as const;

export class FolderError extends CodedError<'cannot_read' | 'cannot_write'> {
  override readonly name = 'FolderError';
  readonly exitCode = EXIT_CODES.environment;
}

/** @param cause the system's error */
export function cannot(
  what: 'read' | 'write',
  kind: keyof typeof VARIABLES,
  path: string,
  cause: unknown,
): FolderError {
  const line = `cannot ${what} the ${kind} folder ${path}: ${systemReason(cause)}; set ${VARIABLES[kind]}`;
  return new FolderError(`cannot_${what}`, line, { cause });
}
