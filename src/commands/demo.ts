// `ralph-tui demo`: the main job on a scratch repository with a scripted agent: no key, no Docker, nothing left behind.
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratchRepository } from '../demo/scratch-repository.ts';
import { lockHolder } from '../journal/lock.ts';
import { packageFile } from '../package-files.ts';
import { type CommandContext, say } from './line/context.ts';
import { logsCommand } from './logs.ts';
import { findPlace } from './place.ts';
import { reachSupervisor, tellSupervisor } from './reach.ts';
import { receiptsCommand } from './receipts.ts';
import { startCommand } from './start/start.ts';
import { DEMO_VARIABLE, showingFor } from './view/view.ts';

const ENDED_POLL_MS = 50;

export interface DemoOptions {
  /** Runs to the end without a terminal, and prints the receipts. */
  readonly headless: boolean;
  /** One line a fact instead of a screen. */
  readonly plain: boolean;
}

/** Leaving it (^C, a closed terminal) ends the run and takes the scratch repository away. */
export async function demoCommand(outer: CommandContext, { headless, plain }: DemoOptions): Promise<number> {
  const scratch = await makeScratchRepository();
  const left = AbortSignal.any([outer.signal, hangUp()]);
  const context: CommandContext = {
    ...outer,
    cwd: scratch.path,
    signal: left,
    // Runs of the demo are no runs of the person's.
    environment: { ...outer.environment, [DEMO_VARIABLE]: '1', XDG_STATE_HOME: join(scratch.path, '..', 'state') },
  };
  try {
    await say(context.stdout, `a scratch repository with a plan: ${scratch.path}`);
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
    if (left.aborted && context.stdout.isTTY) await say(context.stdout, '');
    await endRun(context);
    await receiptsCommand(context, { run: null, format: 'text' });
    return 0;
  } finally {
    await endRun(context);
    await scratch.remove();
  }
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

async function endRun(context: CommandContext): Promise<void> {
  const place = await findPlace(context);
  const holder = await reachSupervisor(
    { ...context, stderr: { ...context.stderr, write: async () => undefined } },
    place,
  );
  if (holder === null) return;
  await tellSupervisor(holder, { name: 'stop', when: 'now', attempt: null }).catch(() => undefined);
  while ((await lockHolder(place.folders.lock)) !== null) await sleep(ENDED_POLL_MS);
}
