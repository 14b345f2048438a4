// A demo that is ended in every way and at every moment: afterwards there is no process and no file of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SWEEP_ARGUMENT } from '../../src/system/own-processes.ts';
import { isolatedEnvironment } from '../harness/environment.ts';
import { processesIn } from '../harness/leftovers.ts';
import { cliCommand, type RunningProgram, spawnRalph } from '../harness/process.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

class Demo {
  readonly #folder: string;
  readonly program: RunningProgram;

  private constructor(folder: string, program: RunningProgram) {
    this.#folder = folder;
    this.program = program;
  }

  /** Inside a test. */
  static async start(...flags: string[]): Promise<Demo> {
    const folder = await temporaryFolder();
    const env = await isolatedEnvironment(folder, { TMPDIR: folder });
    return new Demo(folder, spawnRalph(['demo', ...flags], { cwd: folder, env }));
  }

  /** Every path below the demo's own folder. */
  async #files(): Promise<string[]> {
    const [own] = await this.#ownFolders();
    return own === undefined ? [] : readdir(join(this.#folder, own), { recursive: true });
  }

  async #ownFolders(): Promise<string[]> {
    return (await readdir(this.#folder)).filter((name) => name.startsWith('ralph-'));
  }

  /** Resolves when it has come so far. */
  async has(stage: Stage): Promise<void> {
    const look = async () => {
      if (STAGES[stage] === null) return (await this.#ownFolders()).length > 0;
      return (await this.#files()).some((path) => STAGES[stage]?.test(path));
    };
    await waitFor(look, { what: stage, intervalMs: 2, detail: () => this.program.stderr() });
  }

  /** Pid of the process beside it. */
  async sweeper(): Promise<number> {
    const children = await readFile(`/proc/${this.program.pid}/task/${this.program.pid}/children`, 'utf8');
    const pids = children.trim().split(' ').map(Number);
    const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    const index = names.findIndex((name) => name.startsWith('ralph-tui demo sweeper'));
    return pids[index] ?? -1;
  }

  /** Resolves when there is nothing left: no supervisor, no agent, no sweeper, no file outside of the person's home. */
  async isGone(): Promise<void> {
    const look = async () => (await processesIn(this.#folder)).length === 0;
    await waitFor(look, { what: 'its processes to end', detail: async () => `${await processesIn(this.#folder)}` });
    expect(await this.#ownFolders()).toEqual([]);
    expect(await readdir(join(this.#folder, 'run'))).toEqual([]);
    expect(await readdir(join(this.#folder, 'state'))).toEqual([]);
  }
}

/** How far a demo has come, by a file of its own folder; null for the folder itself. */
const STAGES = {
  'its folder': null,
  'its repository': /^coffee-ledger\/\.git$/,
  'a folder of the run': /^state\/ralph-tui\/[^/]+\/runs\/[^/]+$/,
  'the lock of a supervisor': /\/lock$/,
  'an attempt that begins': /\/host\/[^/]+\/shim\.stat$/,
  'output of the agent': /iteration-1\.log\.raw$/,
} as const;
type Stage = keyof typeof STAGES;

test.each(Object.keys(STAGES) as Stage[])('kill -9 when there is %s leaves nothing', async (stage) => {
  const demo = await Demo.start('--plain');
  await demo.has(stage);
  demo.program.kill('SIGKILL');
  expect(await demo.program.ended).toMatchObject({ signal: 'SIGKILL' });
  await demo.isGone();
});

test('kill -9 of a demo that is its own supervisor leaves nothing', async () => {
  const demo = await Demo.start('--headless');
  await demo.has('output of the agent');
  demo.program.kill('SIGKILL');
  await demo.program.ended;
  await demo.isGone();
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s leaves nothing', async (signal) => {
  const demo = await Demo.start('--plain');
  await demo.has('output of the agent');
  demo.program.kill(signal);
  const { exitCode, stdout, stderr } = await demo.program.ended;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('Error') });
  // A closed terminal reads no receipts.
  expect(/■ stopped .*stopped by you/.test(stdout)).toBe(signal !== 'SIGHUP');
  await demo.isGone();
});

test('the end of the sweeper itself leaves nothing either, once the demo is left', async () => {
  const demo = await Demo.start('--plain');
  await demo.has('its repository');
  process.kill(await demo.sweeper(), 'SIGKILL');
  await demo.has('output of the agent');
  demo.program.kill('SIGTERM');
  await demo.program.ended;
  await demo.isGone();
});

test('a demo that has gone before its sweeper listens leaves nothing', async () => {
  const folder = await temporaryFolder();
  const env = await isolatedEnvironment(folder, { TMPDIR: folder });
  // A loaded machine: everything comes late.
  const late = 'data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 300))';
  const [node, program] = cliCommand();
  const sweeper = spawn(node, ['--import', late, program ?? '', SWEEP_ARGUMENT], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  sweeper.disconnect();
  expect(await once(sweeper, 'exit')).toEqual([0, null]);
  expect((await readdir(folder)).filter((name) => name.startsWith('ralph-'))).toEqual([]);
});

test('a temporary folder that cannot be written is one line', async () => {
  const folder = await temporaryFolder();
  const env = await isolatedEnvironment(folder, { TMPDIR: join(folder, 'nowhere') });
  const { exitCode, stderr } = await spawnRalph(['demo', '--headless'], { cwd: folder, env }).ended;
  expect(stderr).toBe(
    `ralph-tui: no folder for the demo can be made in ${folder}/nowhere: no such file or directory; set TMPDIR\n`,
  );
  expect(exitCode).toBe(7);
});
