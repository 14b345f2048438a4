// The sweeper, a process beside the demo: makes the demo's folder, waits for the demo's end, however it comes, and
// takes everything away. It has a session of its own and nothing of the terminal.
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES } from '../core/exit-code.ts';
import { systemReason } from '../system/system-error.ts';
import { sweep } from './sweep.ts';

/** What the demo gets from it, once. */
export type SweeperReply =
  | { readonly type: 'ready'; readonly folder: string }
  | { readonly type: 'refused'; readonly line: string };

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** The channel to the demo closes when the demo closes it, and when it ends: after kill -9, too. Resolves with the exit code. */
export async function sweepAsChild(): Promise<number> {
  // Whoever ends a whole group of processes ends the demo with it: that is when there is something to do.
  for (const name of SIGNALS) process.on(name, () => undefined);
  process.title = 'ralph-tui demo sweeper';
  // Listened to before the folder is there: there is no moment at which it would stay.
  const left = new Promise<void>((resolve) => process.once('disconnect', resolve));
  // Of a demo that had gone before, nothing tells any more.
  if (!process.connected) return EXIT_CODES.finished;
  const folder = await makeFolder();
  if (folder === null) return EXIT_CODES.environment;
  reply({ type: 'ready', folder });
  await left;
  await sweep(folder);
  return EXIT_CODES.finished;
}

async function makeFolder(): Promise<string | null> {
  try {
    return await realpath(await mkdtemp(join(tmpdir(), 'ralph-tui-demo-')));
  } catch (error) {
    const line = `no folder for the demo can be made in ${tmpdir()}: ${systemReason(error)}; set TMPDIR`;
    reply({ type: 'refused', line });
    return null;
  }
}

function reply(message: SweeperReply): void {
  // A demo that has gone meanwhile gets none.
  if (process.connected) process.send?.(message, () => undefined);
}
