// Starts the supervisor of an unfinished run again; it takes up the run where the journal ends.
import { EXIT_CODES } from '../../core/exit-code.ts';
import type { CommandContext, RunPlace } from '../line/context.ts';
import { labelNamespace, launchSupervisor } from './launch.ts';
import { PreflightError } from './preflight.ts';

/** @throws PreflightError with the supervisor's own line when it cannot go on */
export async function recoverRun(context: CommandContext, { repository, folders, run }: RunPlace): Promise<void> {
  const request = { repository, folders, run, namespace: labelNamespace(folders), begin: null };
  const reply = await launchSupervisor(request, context.environment);
  if (reply.type === 'ready') return;
  throw new PreflightError(reply.line, reply.code === EXIT_CODES.finished ? EXIT_CODES.internalError : reply.code);
}
