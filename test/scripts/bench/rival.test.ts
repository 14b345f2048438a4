// The program that the pane is measured beside: how it is brought, and what it is told.
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bringRival, type Machine } from '../../../scripts/bench/rival/bring.ts';
import { makeRivalRun } from '../../../scripts/bench/rival/rival-run.ts';
import { runProgram, spawnProgram } from '../../harness/process.ts';
import { temporaryFolder } from '../../harness/temporary.ts';

const CACHE = 'ralph-tui-bench';
const INSTALLED = 'ralph-tui-0.11.0-bun-1.4.5-arm64';
/** Notes each call, and lays down a Bun that starts. */
const WORKING_NPM = `#!/bin/sh
echo "$@" >>"$CALLS"
bin=node_modules/@oven/bun-linux-aarch64/bin
mkdir -p $bin
printf '#!/bin/sh\\n' >$bin/bun
chmod +x $bin/bun
`;

/** A machine whose npm is this script; it keeps what npm brings in `cache`. */
async function machineWith(npm: string) {
  const announced = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => announced.mockRestore());
  const folder = await temporaryFolder();
  const programs = join(folder, 'bin');
  const cache = join(folder, 'cache');
  const calls = join(folder, 'calls');
  await mkdir(programs);
  await writeFile(join(programs, 'npm'), npm, { mode: 0o755 });
  const environment = { PATH: `${programs}:${process.env.PATH}`, XDG_CACHE_HOME: cache, CALLS: calls };
  const machine: Machine = { platform: 'linux', arch: 'arm64', environment };
  return { machine, calls, cache: join(cache, CACHE) };
}

test('npm brings exact versions once', async () => {
  const { machine, cache, calls } = await machineWith(WORKING_NPM);
  const first = await bringRival(machine);
  expect(await bringRival(machine)).toEqual(first);
  const modules = join(cache, INSTALLED, 'node_modules');
  expect(first).toEqual({
    argv: [join(modules, '@oven/bun-linux-aarch64/bin/bun'), join(modules, 'ralph-tui/dist/cli.js')],
  });
  const { dependencies } = JSON.parse(await readFile(join(cache, INSTALLED, 'package.json'), 'utf8'));
  expect(dependencies).toMatchObject({ 'ralph-tui': '0.11.0', '@oven/bun-linux-aarch64': '1.4.5' });
  expect(Object.values<string>(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect((await readFile(calls, 'utf8')).trim().split('\n')).toHaveLength(1);
});

test('where npm cannot bring it, its first word says why, and the next run tries again', async () => {
  const { machine, cache } = await machineWith(
    '#!/bin/sh\necho "npm error code ENOTFOUND\nnpm error more" >&2\nexit 1\n',
  );
  expect(await bringRival(machine)).toEqual({ lacking: 'ralph-tui 0.11.0 of npm (npm error code ENOTFOUND)' });
  expect(await readdir(cache)).toEqual([]);
});

test('a Bun that does not start is said to be lacking', async () => {
  const { machine } = await machineWith(WORKING_NPM.replace("'#!/bin/sh\\n'", "'#!/bin/false\\n'"));
  expect(await bringRival(machine)).toEqual({ lacking: 'what @oven/bun-linux-aarch64 1.4.5 needs to start' });
});

test.each([
  ['darwin', 'arm64'],
  ['linux', 'riscv64'],
])('there is none for %s on %s', async (platform, arch) => {
  expect(await bringRival({ platform, arch, environment: {} })).toEqual({ lacking: 'Linux on x64 or arm64' });
});

test('its agent says what is appended to our log, and nothing that was there before', async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'log');
  await writeFile(log, 'before\n');
  const run = await makeRivalRun(join(folder, 'rival'), log);
  const repository = await run.newRepository();
  const place = { cwd: repository, env: run.environment };
  expect((await runProgram(['claude', '--version'], place)).stdout).toContain('Claude Code');
  const agent = spawnProgram(['claude', '--print'], place);
  // Until the agent has opened the log, nothing of it is new.
  await vi.waitFor(async () => {
    await appendFile(log, 'after\n');
    expect(agent.stdout()).toContain('after');
  }, 10_000);
  expect(agent.stdout()).not.toContain('before');
  await run.end();
  expect((await agent.ended).signal).toBe('SIGKILL');
});

test('it gets a new repository each time, with our plan and no key', async () => {
  const folder = await temporaryFolder();
  const run = await makeRivalRun(folder, join(folder, 'log'));
  const [first, second] = [await run.newRepository(), await run.newRepository()];
  expect(first).not.toBe(second);
  const { userStories } = JSON.parse(await readFile(join(second, 'prd.json'), 'utf8'));
  expect(userStories.map(({ passes }: { passes: boolean }) => passes).filter(Boolean)).toHaveLength(6);
  expect(Object.keys(run.environment).filter((name) => name.endsWith('_KEY'))).toEqual([]);
});
