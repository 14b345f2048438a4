// Opens the viewer on a run: takes the terminal, shows, and gives it back on every way out. The run does not notice.
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from 'ink';
import type { RepositoryFolders } from '../journal/folders.ts';
import { hasUnicode } from '../text/glyphs.ts';
import type { SuspendTerminal } from './app.ts';
import { Controller } from './controller.ts';
import { ScreenWriter } from './screen-writer.ts';
import { steer } from './steering.ts';
import type {
  Clock,
  DiffPort,
  LiveOutputPort,
  ProgramPort,
  ProgramToRun,
  UndoPort,
  WorkspacePort,
} from './store/ports.ts';
import { RunStore } from './store/run-store.ts';
import { SupervisorCare } from './supervisor-care.ts';
import { withDeadlyHangup } from './terminal/deadly-hangup.ts';
import { sizeOf } from './terminal/size.ts';
import { TerminalModes } from './terminal/terminal-modes.ts';
import { colourMode } from './theme.ts';
import type { ProgramRequest } from './ui/effects.ts';

export interface TuiOptions {
  readonly folders: RepositoryFolders;
  readonly run: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workspace: WorkspacePort | null;
  readonly liveOutput: LiveOutputPort | null;
  /** Starts the supervisor of the run again; rejects with a line that says why it cannot. */
  readonly recover: () => Promise<void>;
  /** Ends the viewer, as signals to this process and a terminal that is closed do. */
  readonly signal: AbortSignal;
  /** Null where nothing can be shown or edited beside it. */
  readonly programs?: ProgramPort | null;
  readonly diffs?: DiffPort | null;
  readonly undo?: UndoPort | null;
  /** Said when it opens; null for nothing. */
  readonly greeting?: string | null;
  /** The run goes when the viewer goes: that of a demo. */
  readonly endsRun?: boolean;
  readonly clock?: Clock;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
  readonly publishEveryMs?: number;
}

/**
 * Resolves when the viewer is closed and the terminal is as it was.
 * @throws the system's error (`ENOENT`) for a run that does not exist, Error for a journal that tells nothing
 */
export async function runTui(options: TuiOptions): Promise<void> {
  const { folders, run, stdout, stdin, environment, clock = Date.now } = options;
  const store = await RunStore.open({ ...options, clock });
  const modes = new TerminalModes(stdout);
  const closed = Promise.withResolvers<void>();
  let instance: Instance | null = null;
  let suspendTerminal: SuspendTerminal | null = null;
  const care = new SupervisorCare({
    recover: options.recover,
    isAlive: () => store.checkSupervisor(),
    say: (text, tone) => controller.say(text, tone),
    clock,
  });
  const writer = new ScreenWriter(stdout);
  const controller: Controller = new Controller({
    source: store,
    colours: colourMode(environment),
    unicode: hasUnicode(environment),
    timeZone: options.timeZone,
    endsRun: options.endsRun ?? false,
    ports: {
      size: () => sizeOf(stdout),
      send: (command) => steer(folders, run, command, () => care.revive()),
      copy: async (text) => (await import('./terminal/clipboard.ts')).copyText(text, stdout, environment),
      redraw: () => writer.drawAnew(controller.frames.getFrame()),
      openProgram: (what) => void openProgram(what).catch((error: Error) => controller.say(error.message, 'bad')),
      readDiff: async (what) => (await options.diffs?.read(what)) ?? { why: 'no diff can be read here' },
      planUndo: async (iteration) => (await options.undo?.plan(iteration)) ?? { why: 'nothing can be undone here' },
      undo: async () => (await options.undo?.perform()) ?? { ok: false, message: 'nothing can be undone here' },
      suspend: () => void suspend().catch(() => undefined),
      title: (text) => modes.title(text),
      bell: () => modes.bell(),
      supervisorDied: () => care.noticeDeath(),
      quit: closed.resolve,
    },
  });
  const onReady = (given: SuspendTerminal) => {
    suspendTerminal = given;
  };
  const handOver = async (act: () => Promise<void>) => {
    if (suspendTerminal === null) return;
    writer.pause();
    await suspendTerminal(act);
    controller.onResize();
    writer.resume(controller.frames.getFrame());
    // Another program's title may stand there now.
    controller.begin();
  };
  const suspend = () => handOver(() => stopProcess(modes));
  const openProgram = async (what: ProgramRequest) => {
    const program = (await options.programs?.prepare(what)) ?? { why: 'nothing can be opened here' };
    if ('why' in program) return controller.say(program.why, 'bad');
    await handOver(() => runProgram(program, modes, options.endsRun ?? false));
    const file = (await program.edited?.()) ?? null;
    if (file !== null) await controller.tell({ name: 'note_edit', file });
  };
  const onResize = () => {
    controller.onResize();
    // The terminal may have moved rows.
    writer.drawAnew(controller.frames.getFrame());
  };
  const onSignal = () => closed.resolve();
  options.signal.addEventListener('abort', onSignal, { once: true });
  // Listeners of our own that stay: else Ink would end the process in the middle of giving the terminal back.
  for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  try {
    modes.set();
    modes.enterScreen();
    stdout.on('resize', onResize);
    controller.frames.subscribe(() => writer.draw(controller.frames.getFrame()));
    writer.drawAnew(controller.frames.getFrame());
    controller.begin();
    if (options.greeting != null) controller.say(options.greeting, 'plain');
    // The screen is there while Ink, most of what there is to load, is still being read.
    const { mountApp } = await import('./mount-app.ts');
    instance = mountApp({ stdout, stdin, onKeys: controller.onKeys, onPaste: controller.onPaste, onReady });
    writer.drawAnew(controller.frames.getFrame());
    if (!options.signal.aborted) await Promise.race([closed.promise, instance.waitUntilExit()]);
  } finally {
    for (const name of ENDING_SIGNALS) process.off(name, onSignal);
    stdout.off('resize', onResize);
    writer.pause();
    controller.close();
    store.close();
    instance?.unmount();
    await instance?.waitUntilExit().catch(() => undefined);
    // What is typed from here on is for the shell.
    stdin.pause();
    modes.leaveScreen();
    modes.restore();
  }
}

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The program has the terminal to itself until it ends; how it ended is its own business. Synchronous, so that nobody
 * here reads a key that is meant for it: two readers of one terminal wait for each other for ever.
 */
async function runProgram(
  program: Exclude<ProgramToRun, { why: string }>,
  modes: TerminalModes,
  endsRun: boolean,
): Promise<void> {
  const [command = '', ...args] = program.argv;
  const run = () => spawnSync(command, args, { cwd: program.cwd, env: program.environment, stdio: 'inherit' });
  modes.restore();
  // A viewer that leaves the run alone waits for the editor all the same: what was written is put back to its place.
  const { error } = endsRun ? withDeadlyHangup(run) : run();
  modes.set();
  if (error !== undefined) throw error;
}

/** ^Z as the terminal itself would do it: the whole group of processes stops, and goes on with `fg`. */
async function stopProcess(modes: TerminalModes): Promise<void> {
  modes.restore();
  process.kill(0, 'SIGTSTP');
  // The signal may come a moment later; time stands still while we are stopped.
  await sleep(100);
  modes.set();
}
