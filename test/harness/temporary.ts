// Temporary folders that are gone when the test is over, with everything that was started in them.
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endProcessesIn } from './leftovers.ts';

export interface TemporaryFolder extends AsyncDisposable {
  /** Real path, short: a socket below it must stay under 107 bytes. */
  readonly path: string;
}

/** For `await using`, or for hooks: whoever makes it disposes of it. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const parent = tmpdir().length > 30 ? '/tmp' : tmpdir();
  const path = await realpath(await mkdtemp(join(parent, 'rt-')));
  // Repositories in it may belong to another user, who has to get there.
  await chmod(path, 0o755);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await endProcessesIn(path);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Inside a test: the path of a folder that lives as long as the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.path;
}
