// `ralph-tui demo`: the main job on a scratch repository with a scripted agent: no key, no Docker, nothing left behind.
import { mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDemoFolder } from '../demo/demo-folder.ts';
import { demoMark } from '../demo/mark.ts';
import { makeScratchRepository } from '../demo/scratch-repository.ts';
import { lockHolder } from '../journal/lock.ts';
import { packageFile } from '../system/package-files.ts';
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
  // A terminal that is closed has nobody left to be told anything: the sweeper does what there is to do.
  process.once('SIGHUP', () => process.exit(0));
  const folder = await openDemoFolder();
  try {
    return await showDemo(await demoContext(outer, folder.path), options);
  } finally {
    await folder.close();
  }
}

/** Everything that the run makes is in the demo's folder, and every process of it carries the demo's mark. */
async function demoContext(outer: CommandContext, folder: string): Promise<CommandContext> {
  const own = {
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    TMPDIR: join(folder, 'tmp'),
  };
  for (const path of Object.values(own)) await mkdir(path, { mode: 0o700 });
  return {
    ...outer,
    cwd: await makeScratchRepository(folder),
    environment: { ...outer.environment, ...own, ...demoMark(folder) },
    personEnvironment: outer.environment,
  };
}

async function showDemo(context: CommandContext, { headless, plain }: DemoOptions): Promise<number> {
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
  // ^C stands on the line that the receipts would go on with.
  if (signal.aborted && stdout.isTTY) await say(stdout, '');
  await endRun(context);
  await receiptsCommand(context, { run: null, format: 'text' });
  return 0;
}

/** The scripted agent as a program of its own, from the sources or from the bundle. */
function agentProgram(): string {
  const fromSources = extname(process.argv[1] ?? '') === '.ts';
  return fromSources ? packageFile('src', 'demo', 'scripted-agent.ts') : packageFile('dist', 'scripted-agent.js');
}

/** In its own way, so that the receipts tell of the attempt that is ended, too. */
async function endRun(context: CommandContext): Promise<void> {
  const { lock } = (await findPlace(context)).folders;
  const holder = await lockHolder(lock);
  if (holder === null) return;
  await tellSupervisor(holder, { name: 'stop', when: 'now', attempt: null }).catch(() => undefined);
  const deadline = performance.now() + ENDED_DEADLINE_MS;
  while (performance.now() < deadline && (await lockHolder(lock)) !== null) await sleep(ENDED_POLL_MS);
}
