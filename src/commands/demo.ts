// `ralph-tui demo`: the main job on a scratch repository with a scripted agent: no key, no Docker, nothing left behind.
import { mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDemoFolder } from '../demo/demo-folder.ts';
import { demoMark } from '../demo/mark.ts';
import { makeScratchRepository } from '../demo/scratch-repository.ts';
import { lockHolder } from '../journal/lock.ts';
import { packageFile } from '../package-files.ts';
import { type CommandContext, say } from './line/context.ts';
import { logsCommand } from './logs.ts';
import { findPlace } from './place.ts';
import { tellSupervisor } from './reach.ts';
import { receiptsCommand } from './receipts.ts';
import { startCommand } from './start/start.ts';
import { showingFor } from './view/view.ts';

const ENDED_POLL_MS = 50;
/** An attempt gets 10 s to end; a supervisor that takes longer hangs, and the sweeper ends it. */
const ENDED_DEADLINE_MS = 15_000;

export interface DemoOptions {
  /** Runs to the end without a terminal, and prints the receipts. */
  readonly headless: boolean;
  /** One line a fact instead of a screen. */
  readonly plain: boolean;
}

/** Leaving it, in whatever way, ends the run and takes the scratch repository away. */
export async function demoCommand(outer: CommandContext, options: DemoOptions): Promise<number> {
  const hungUp = hangUp();
  const folder = await openDemoFolder();
  try {
    const left = AbortSignal.any([outer.signal, hungUp]);
    return await showDemo(await demoContext(outer, folder.path, left), options, hungUp);
  } finally {
    await folder.close();
  }
}

/** Everything that the run makes is in the demo's folder, and every process of it carries the demo's mark. */
async function demoContext(outer: CommandContext, folder: string, signal: AbortSignal): Promise<CommandContext> {
  const [state, runtime, temporary] = ['state', 'run', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [state, runtime, temporary]) await mkdir(path, { mode: 0o700 });
  const own = { XDG_STATE_HOME: state, XDG_RUNTIME_DIR: runtime, TMPDIR: temporary };
  return {
    ...outer,
    cwd: await makeScratchRepository(folder),
    signal,
    environment: { ...outer.environment, ...own, ...demoMark(folder) },
    personEnvironment: outer.environment,
  };
}

async function showDemo(
  context: CommandContext,
  { headless, plain }: DemoOptions,
  hungUp: AbortSignal,
): Promise<number> {
  const { stdout, signal } = context;
  if (signal.aborted) return 0;
  await say(stdout, `a scratch repository with a plan: ${context.cwd}`);
  const code = await startCommand(context, {
    mode: 'build',
    bare: false,
    work: null,
    flags: { sandbox: 'host', agent: `"${process.execPath}" "${agentProgram()}"`, headless, plain },
  });
  if (code !== 0 || headless) return code;
  // With a terminal the viewer was open until now.
  if (showingFor(context, plain) === 'once')
    await logsCommand(context, { attempt: null, run: null, follow: true, raw: false, tool: null });
  // Where nobody looks any more, nothing is worth an orderly end.
  if (hungUp.aborted) return 0;
  // ^C stands on the line that the receipts would go on with.
  if (signal.aborted && stdout.isTTY) await say(stdout, '');
  await endRun(context, hungUp);
  await receiptsCommand(context, { run: null, format: 'text' });
  return 0;
}

/** A terminal that is closed has nobody left to watch. */
function hangUp(): AbortSignal {
  const ending = new AbortController();
  process.once('SIGHUP', () => ending.abort());
  return ending.signal;
}

/** The scripted agent as a program of its own, from the sources or from the bundle. */
function agentProgram(): string {
  const fromSources = extname(process.argv[1] ?? '') === '.ts';
  return fromSources ? packageFile('src', 'demo', 'scripted-agent.ts') : packageFile('dist', 'scripted-agent.js');
}

/** In its own way, so that the receipts tell of the attempt that is ended, too. */
async function endRun(context: CommandContext, hungUp: AbortSignal): Promise<void> {
  const { lock } = (await findPlace(context)).folders;
  const holder = await lockHolder(lock);
  if (holder === null) return;
  await tellSupervisor(holder, { name: 'stop', when: 'now', attempt: null }).catch(() => undefined);
  const deadline = performance.now() + ENDED_DEADLINE_MS;
  while (!hungUp.aborted && performance.now() < deadline && (await lockHolder(lock)) !== null)
    await sleep(ENDED_POLL_MS);
}
