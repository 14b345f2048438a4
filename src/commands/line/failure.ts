// Turns whatever a command throws into one clear line and an exit code (design, section 4).
import { ControlError } from '../../control/control-error.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import { SandboxError } from '../../core/sandbox.ts';
import { isNoSpace } from '../../journal/no-space.ts';
import { messageOf } from '../../system/system-error.ts';
import { sanitize } from '../../text/sanitize.ts';
import { FindRunError } from '../../viewer/find-run-error.ts';
import { RepositoryError } from '../../workspace/locate.ts';

export interface Failure {
  readonly line: string;
  readonly exitCode: number;
}

export function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  const exitCode = exitCodeFor(error);
  // What nobody has foreseen is told in full: a report of it needs the place.
  const unforeseen = error instanceof Error && !('code' in error) && exitCode === EXIT_CODES.internalError;
  return { line: sanitize(unforeseen ? (error.stack ?? message) : message), exitCode };
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  if (error instanceof RepositoryError || error instanceof FindRunError || error instanceof ControlError) {
    return EXIT_CODES.usage;
  }
  if (error instanceof SandboxError || isNoSpace(error) || isImageBuildError(error)) return EXIT_CODES.environment;
  return EXIT_CODES.internalError;
}

/** By its code: its class would load the whole Docker client for every command. */
function isImageBuildError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'image_build_failed';
}
