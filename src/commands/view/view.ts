// `ralph-tui` on a run: opens the viewer, where there is a terminal.
import type { Event } from '../../core/events.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import { isDemo } from '../../demo/mark.ts';
import { runFiles } from '../../journal/folders.ts';
import { lastLook, rememberLook } from '../../journal/last-look.ts';
import { lockHolder } from '../../journal/lock.ts';
import { readJournal } from '../../journal/read.ts';
import { whileAway } from '../../report/away.ts';
import { partingLines } from '../../report/parting-lines.ts';
import type { TuiOptions } from '../../tui/run-tui.ts';
import type { UndoPort } from '../../tui/store/ports.ts';
import { stateOf } from '../../viewer/find-run.ts';
import { type CommandContext, type RunPlace, say } from '../line/context.ts';
import { findRunPlace } from '../place.ts';
import { liveOutputPort, workspacePort } from './ports.ts';

export interface ViewOptions {
  /** Beginning of a run's id; null for the newest. */
  readonly run: string | null;
  /** One line a fact instead of a screen. */
  readonly plain: boolean;
}

/** How a run is shown: to a person in front of a screen, line by line, or as it stands now and no longer. */
export type Showing = 'screen' | 'lines' | 'once';

export function showingFor(context: CommandContext, plain: boolean): Showing {
  const isTerminal = context.stdout.isTTY && context.stdin.isTTY === true;
  if (plain || (isTerminal && context.environment.TERM === 'dumb')) return 'lines';
  return isTerminal ? 'screen' : 'once';
}

export async function viewCommand(context: CommandContext, options: ViewOptions): Promise<number> {
  switch (showingFor(context, options.plain)) {
    case 'once':
      return (await import('../status.ts')).statusCommand(context, { format: 'text', watchSeconds: null });
    case 'lines':
      return showLines(context, options.run);
    case 'screen':
      return showScreen(context, options.run);
  }
}

async function showLines(context: CommandContext, run: string | null): Promise<number> {
  const place = await findRunPlace(context, run);
  const { folder, journal } = runFiles(place.folders, place.run);
  const greeting = await greetingOf(folder, journal);
  if (greeting !== null) await say(context.stdout, greeting);
  const { viewLines } = await import('./lines.ts');
  const exitCode = await viewLines(context, place);
  // The end has been told as a line of its own.
  await sayGoodbye(context, place, { tellEnd: false });
  return exitCode;
}

async function showScreen(context: CommandContext, wanted: string | null): Promise<number> {
  const place = await findRunPlace(context, wanted);
  const { folders, run } = place;
  const planFile = (await stateOf(folders, run))?.options.planFile ?? null;
  const { folder, journal } = runFiles(folders, run);
  const greeting = await greetingOf(folder, journal);
  // Only who opens the viewer pays for loading it.
  const { runTui } = await import('../../tui/run-tui.ts');
  await runTui({
    folders,
    run,
    stdout: process.stdout,
    stdin: process.stdin,
    environment: context.environment,
    workspace: planFile === null ? null : workspacePort(place, planFile),
    liveOutput: liveOutputPort(folders, run),
    greeting,
    endsRun: isDemo(context.environment),
    ...portsOnDemand(context, place),
    recover: () => context.recoverRun(context, place),
    signal: context.signal,
  });
  await sayGoodbye(context, place, { tellEnd: true });
  return EXIT_CODES.finished;
}

/** How the run stands is told where no screen shows it any more; the demo ends it, and prints its receipts. */
async function sayGoodbye(
  context: CommandContext,
  { folders, run }: RunPlace,
  { tellEnd }: { readonly tellEnd: boolean },
): Promise<void> {
  await rememberLook(runFiles(folders, run).folder, new Date(context.now()).toISOString());
  if (isDemo(context.environment)) return;
  const state = await stateOf(folders, run);
  if (state === null || (state.phase.name === 'finished' && !tellEnd)) return;
  const { redactorFor } = await import('../known-secrets.ts');
  const isSupervised = (await lockHolder(folders.lock))?.run === run;
  const redact = await redactorFor(context.environment, folders, run);
  for (const line of partingLines(state, isSupervised)) await say(context.stdout, redact(line));
}

/** What keys lead to now and then is loaded then. */
function portsOnDemand(context: CommandContext, place: RunPlace): Pick<TuiOptions, 'programs' | 'diffs' | 'undo'> {
  let undo: Promise<UndoPort> | null = null;
  const undoPort = () => (undo ??= import('./undo.ts').then((loaded) => loaded.undoPort(context, place)));
  return {
    programs: {
      prepare: async (what) => (await import('./programs.ts')).programPort(context, place).prepare(what),
    },
    diffs: { read: async (what) => (await import('./diffs.ts')).diffPort(context, place).read(what) },
    undo: {
      plan: async (iteration) => (await undoPort()).plan(iteration),
      perform: async () => (await undoPort()).perform(),
    },
  };
}

/** What happened since the viewer was last open; null for a first look, and when nothing did. */
async function greetingOf(folder: string, journal: string): Promise<string | null> {
  const since = await lastLook(folder);
  return since === null ? null : whileAway((await readJournal<Event>(journal)).events, since);
}
