import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isolatedEnvironment, MADE_UP_API_KEY } from './environment.ts';
import { processesIn } from './leftovers.ts';
import { runProgram, spawnProgram } from './process.ts';
import { NODE } from './project.ts';
import { makeTemporaryFolder, temporaryFolder } from './temporary.ts';
import { waitFor } from './wait-for.ts';

it('is a short path that everybody can enter, and gone in the end', async () => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  expect(folder.path.length).toBeLessThan(30);
  expect(((await stat(folder.path)).mode & 0o777).toString(8)).toBe('755');
  await mkdir(join(folder.path, 'deep/er'), { recursive: true });
  await folder[Symbol.asyncDispose]();
  expect(existsSync(folder.path)).toBe(false);
});

it('takes along what was started in it or with its environment, even detached, and nothing else', async () => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const env = await isolatedEnvironment(folder.path);
  const forever = ['tail', '-f', '/dev/null'];
  const inFolder = spawnProgram(forever, { cwd: folder.path, env: { PATH: env.PATH } });
  const withEnvironment = spawnProgram(['setsid', ...forever], { cwd: '/', env });
  const stranger = spawnProgram(forever, { cwd: '/', env: { PATH: env.PATH } });
  onTestFinished(() => stranger.kill('SIGKILL'));
  await waitFor(async () => (await processesIn(folder.path)).length === 2, { what: 'both to run' });
  await folder[Symbol.asyncDispose]();
  expect((await inFolder.ended).signal).toBe('SIGKILL');
  expect((await withEnvironment.ended).signal).toBe('SIGKILL');
  expect(() => process.kill(stranger.pid, 0)).not.toThrow();
});

it('isolates a program from the person who runs the tests', async () => {
  const folder = await temporaryFolder();
  const env = await isolatedEnvironment(folder, { EXTRA: 'yes' });
  expect(env).toMatchObject({ ANTHROPIC_API_KEY: MADE_UP_API_KEY, EXTRA: 'yes' });
  const outside = ['HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME'].filter(
    (name) => !env[name]?.startsWith(`${folder}/`),
  );
  expect(outside).toEqual([]);
  // "XDG_RUNTIME_DIR … MUST be owned by the user, … its Unix access mode MUST be 0700" (XDG base directories).
  expect(((await stat(env.XDG_RUNTIME_DIR)).mode & 0o777).toString(8)).toBe('700');

  const seen = await runProgram([NODE, '-p', 'JSON.stringify(process.env)'], { cwd: folder, env });
  expect(Object.keys(JSON.parse(seen.stdout) as object).sort()).toEqual(Object.keys(env).sort());

  await writeFile(join(folder, 'file'), '');
  const script = 'git init -q . && git add file && git commit -qm x && git log --format="%an %D"';
  const committed = await runProgram(['bash', '-c', script], { cwd: folder, env });
  expect(committed).toMatchObject({ stdout: 'Test Person HEAD -> main\n', exitCode: 0 });
});
