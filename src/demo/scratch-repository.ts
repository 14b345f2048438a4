// Makes the repository that the demo's agent works on: small, real, and in a temporary folder of its own.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

export interface ScratchRepository {
  /** Real path; on branch `main`, with one commit. */
  readonly path: string;
  /** Deletes it, with everything that happened in it. */
  remove(): Promise<void>;
}

/**
 * @param parent folder to make it in; the system's temporary folder when left out
 * @throws when git is missing or fails
 */
export async function makeScratchRepository(parent: string = tmpdir()): Promise<ScratchRepository> {
  const folder = await realpath(await mkdtemp(join(parent, 'ralph-tui-demo-')));
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
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** git without anybody's configuration and without GIT_* variables, which would lead it elsewhere. */
async function git(cwd: string, args: readonly string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  await execa('git', args, { cwd, env, extendEnv: false });
}
