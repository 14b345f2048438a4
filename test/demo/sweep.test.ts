// What a demo leaves behind when somebody ends it: real processes, one of them the person's.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoMark } from '../../src/demo/mark.ts';
import { sweep } from '../../src/demo/sweep.ts';
import { isAlive } from '../e2e/processes.ts';
import { FOLDER_VARIABLE } from '../harness/leftovers.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

function start(shell: string, env: Readonly<Record<string, string>>, cwd: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', shell], { env: { PATH: process.env.PATH, ...env }, cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('ends the processes of the run with all of their descendants, nobody else, and removes the folder', async () => {
  const parent = await temporaryFolder();
  const folder = join(parent, 'demo');
  await mkdir(join(folder, 'coffee-ledger'), { recursive: true });
  await writeFile(join(folder, 'coffee-ledger', 'file'), 'text');
  const all = { [FOLDER_VARIABLE]: parent };
  // One has lost its parent, one the mark; one is held fast.
  const script = `setsid sleep 4321 & env -i ${FOLDER_VARIABLE}=${parent} sleep 4322 & echo $! >${parent}/bare; wait`;
  const run = start(script, { ...all, ...demoMark(folder) }, folder);
  const held = start('kill -STOP $$; sleep 4323', { ...all, ...demoMark(folder) }, parent);
  const editor = start('exec sleep 4324', all, folder);
  const other = start('exec sleep 4325', { ...all, ...demoMark(`${folder}-2`) }, parent);
  const bare = Number(
    await waitFor(() => readFile(join(parent, 'bare'), 'utf8'), { what: 'a process without the mark' }),
  );
  await waitFor(async () => (await readFile(`/proc/${held.pid}/status`, 'utf8')).includes('State:\tT'), {
    what: 'a stopped process',
  });
  await sweep(folder);
  const alive = await Promise.all([run.pid, held.pid, bare, editor.pid, other.pid].map((pid) => isAlive(pid ?? -1)));
  expect(alive).toEqual([false, false, false, true, true]);
  expect(existsSync(folder)).toBe(false);
  // As the second of two.
  await sweep(folder);
});
