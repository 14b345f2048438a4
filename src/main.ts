// What the program does with its arguments: it is a supervisor, a demo's sweeper, or it runs a command.
import { SUPERVISE_ARGUMENT, SWEEP_ARGUMENT } from './system/own-processes.ts';

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  // Each is loaded alone: `status --line` runs every few seconds, and a supervisor stays for days.
  switch (argv[0]) {
    case SUPERVISE_ARGUMENT:
      return (await import('./supervisor/child.ts')).superviseAsChild();
    case SWEEP_ARGUMENT:
      return (await import('./demo/sweeper.ts')).sweepAsChild();
    default:
      return (await import('./commands/line/run-command-line.ts')).runCommandLine(argv);
  }
}
