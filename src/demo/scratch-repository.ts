// Makes the repository that the demo's agent works on: small and real.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { PROJECT_FILES } from './scratch-project.ts';

/** Stands in the repository's own configuration, so that commits work on a machine where git knows nobody. */
const GIT_SETTINGS: readonly (readonly [string, string])[] = [
  ['user.name', 'Demo'],
  ['user.email', 'demo@example.invalid'],
  // A person's settings must not ask for a key, or run their hooks here.
  ['commit.gpgSign', 'false'],
  ['core.hooksPath', '.git/hooks'],
];

/**
 * On branch `main`, with one commit.
 * @param folder real path of the folder to make it in
 * @returns its path
 * @throws when git is missing or fails
 */
export async function makeScratchRepository(folder: string): Promise<string> {
  const path = join(folder, 'coffee-ledger');
  await mkdir(path);
  for (const [name, content] of Object.entries(PROJECT_FILES)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await git(path, ['init', '--quiet', '--initial-branch=main']);
  for (const [name, value] of GIT_SETTINGS) await git(path, ['config', name, value]);
  await git(path, ['add', '--all']);
  await git(path, ['commit', '--quiet', '--message', 'A ledger for coffee']);
  return path;
}

/** git without anybody's configuration and without GIT_* variables, which would lead it elsewhere. */
async function git(cwd: string, args: readonly string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  await execa('git', args, { cwd, env, extendEnv: false });
}
