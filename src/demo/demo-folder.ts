// The folder in which a demo has everything, and the sweeper that takes it away when the demo ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SWEEP_ARGUMENT } from '../system/own-processes.ts';
import { DemoError } from './demo-error.ts';
import { sweep } from './sweep.ts';
import type { SweeperReply } from './sweeper.ts';

/** Longer than the sweeper ever takes. */
const SWEPT_DEADLINE_MS = 20_000;

export interface DemoFolder {
  /** Real path. */
  readonly path: string;
  /** Ends what still runs of the demo, and resolves when the folder is gone. */
  close(): Promise<void>;
}

/** @throws DemoError when there is no place for it */
export async function openDemoFolder(): Promise<DemoFolder> {
  const [, program = ''] = process.argv;
  const sweeper = spawn(process.execPath, [program, SWEEP_ARGUMENT], {
    detached: true,
    // It must not hold a disk that is to be unmounted.
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const reply = await firstReply(sweeper);
  if (reply.type === 'refused') throw new DemoError('no_folder', reply.line);
  // Nobody waits for it but `close`.
  sweeper.unref();
  sweeper.channel?.unref();
  return { path: reply.folder, close: () => close(sweeper, reply.folder) };
}

function firstReply(sweeper: ChildProcess): Promise<SweeperReply> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new DemoError('no_sweeper', `the process that cleans up after the demo ${why}; try it again`));
    sweeper.once('message', (message) => resolve(message as SweeperReply));
    sweeper.once('error', (error) => fail(`cannot be started: ${error.message}`));
    sweeper.once('exit', (code, signal) => fail(`ended at once (${signal ?? code})`));
  });
}

async function close(sweeper: ChildProcess, folder: string): Promise<void> {
  const hasEnded = () => sweeper.exitCode !== null || sweeper.signalCode !== null;
  if (!hasEnded()) {
    sweeper.ref();
    const ended = new Promise<void>((resolve) => sweeper.once('exit', () => resolve()));
    if (sweeper.connected) sweeper.disconnect();
    await Promise.race([ended, sleep(SWEPT_DEADLINE_MS, undefined, { ref: false })]);
  }
  // Somebody may have ended the sweeper itself.
  if (existsSync(folder)) await sweep(folder);
}
