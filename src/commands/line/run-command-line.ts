// Ties the command line to the real commands and this very process.
import { READER_COMMANDS } from './commands.ts';
import { processContext } from './process-context.ts';
import { runProgram } from './program.ts';

/** @returns the exit code */
export function runCommandLine(argv: readonly string[]): Promise<number> {
  const context = processContext(async (...args) => (await import('../start/recover.ts')).recoverRun(...args));
  return runProgram(argv, context, {
    ...READER_COMMANDS,
    start: async (context, request) =>
      request.bare
        ? (await import('../view/open.ts')).openCommand(context, request)
        : (await import('../start/start.ts')).startCommand(context, request),
  });
}
