// `ralph-tui` on a run: opens the viewer, where there is a terminal.
import { EXIT_CODES } from '../core/exit-code.ts';
import { stateOf } from '../viewer/find-run.ts';
import { type CommandContext, say } from './context.ts';
import { findRunPlace } from './place.ts';
import { statusCommand } from './status.ts';
import { liveOutputPort, workspacePort } from './view-ports.ts';

export interface ViewOptions {
  /** Beginning of a run's id; null for the newest. */
  readonly run: string | null;
}

/** Whether there is a person in front of a screen. */
export function canView(context: CommandContext): boolean {
  return context.stdout.isTTY && context.stdin.isTTY === true;
}

export async function viewCommand(context: CommandContext, options: ViewOptions): Promise<number> {
  if (!canView(context)) return statusCommand(context, { format: 'text', watchSeconds: null });
  const place = await findRunPlace(context, options.run);
  const { folders, run } = place;
  const planFile = (await stateOf(folders, run))?.options.planFile ?? null;
  // Only who opens the viewer pays for loading it.
  const { runTui } = await import('../tui/run-tui.ts');
  await runTui({
    folders,
    run,
    stdout: process.stdout,
    stdin: process.stdin,
    environment: context.environment,
    workspace: planFile === null ? null : workspacePort(place, planFile),
    liveOutput: liveOutputPort(folders, run),
    recover: () => context.recoverRun(context, place),
    signal: AbortSignal.any([context.signal, hangUp()]),
  });
  const phase = (await stateOf(folders, run))?.phase.name;
  if (phase !== 'finished') await say(context.stdout, `run ${run} goes on; ralph-tui opens it again`);
  return EXIT_CODES.finished;
}

/** A terminal that is closed has nobody left to watch; the run goes on. */
function hangUp(): AbortSignal {
  const ending = new AbortController();
  process.once('SIGHUP', () => ending.abort());
  return ending.signal;
}
