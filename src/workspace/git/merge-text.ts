// Brings two changes of one text together, as git does it with files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './run-git.ts';
import type { Shadow } from './shadow.ts';

export interface TextVersions {
  /** What both began with. */
  readonly base: Uint8Array;
  readonly mine: Uint8Array;
  readonly theirs: Uint8Array;
}

/**
 * The text with both changes; null where they touch the same lines (git-merge-file(1)).
 * @param folder for copies that are gone afterwards: one that the agent cannot write
 * @throws GitError when git cannot be run
 */
export async function mergeText(shadow: Shadow, folder: string, versions: TextVersions): Promise<Uint8Array | null> {
  const scratch = await mkdtemp(join(folder, 'merge-'));
  try {
    for (const name of ['mine', 'base', 'theirs'] as const) await writeFile(join(scratch, name), versions[name]);
    const call = { environment: shadow.environment, folder: scratch };
    const { exitCode, stdout, truncated } = await runGit(['merge-file', '-p', 'mine', 'base', 'theirs'], call);
    return exitCode === 0 && !truncated ? stdout : null;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
