// What the program does with its arguments: it is a supervisor, or it runs a command.
import { SUPERVISE_ARGUMENT, superviseAsChild } from './supervisor/child.ts';

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === SUPERVISE_ARGUMENT) return superviseAsChild();
  const { runCommandLine } = await import('./commands/run-command-line.ts');
  return runCommandLine(argv);
}
