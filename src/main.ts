// What the program does with its arguments: it is a supervisor, a demo's sweeper, or it runs a command.
import { SUPERVISE_ARGUMENT } from './supervise-argument.ts';
import { SWEEP_ARGUMENT } from './sweep-argument.ts';

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  // Each is loaded alone: `status --line` runs every few seconds, and a supervisor stays for days.
  if (argv[0] === SUPERVISE_ARGUMENT) {
    const code = await (await import('./supervisor/child.ts')).superviseAsChild();
    // After a failure connections to the engine may still be open; nobody may find half a supervisor.
    process.exit(code);
  }
  if (argv[0] === SWEEP_ARGUMENT) {
    await (await import('./demo/sweeper.ts')).sweepAsChild();
    process.exit(0);
  }
  return (await import('./commands/line/run-command-line.ts')).runCommandLine(argv);
}
