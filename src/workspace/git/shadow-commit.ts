// Commits of our own in the shadow, with everything that they need.
import { join } from 'node:path';
import { COPY_DEADLINE_MS } from './blobs.ts';
import type { Environment } from './environment.ts';
import { askGit } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';

const OURS = {
  GIT_AUTHOR_NAME: 'ralph-tui',
  GIT_AUTHOR_EMAIL: 'ralph-tui@localhost',
  GIT_COMMITTER_NAME: 'ralph-tui',
  GIT_COMMITTER_EMAIL: 'ralph-tui@localhost',
};

export interface OurCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** As git writes it, `@0 +0000`; now where nothing is said. */
  readonly date?: string;
}

/**
 * Makes a commit of a tree, without a ref; answers its name.
 *
 * @throws GitError
 */
export async function commitTree(shadow: Shadow, { tree, parents, message, date }: OurCommit): Promise<string> {
  const dates: Environment = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const argv = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-m', message, tree];
  return oneLine(await askGit(argv, shadowCall(shadow, { ...OURS, ...dates })));
}

/**
 * Copies what hangs on a commit, and not on `base` (null: on nothing), into the shadow. Without this some of it would
 * be the repository's only, which drops what hangs on none of its own refs (git-gc(1)).
 *
 * @throws GitError
 */
export async function copyObjects(shadow: Shadow, sha: string, base: string | null): Promise<void> {
  const input = Buffer.from(`${sha}\n${base === null ? '' : `^${base}\n`}`);
  const call = { ...shadowCall(shadow), input, deadlineMs: COPY_DEADLINE_MS };
  await askGit(['pack-objects', '--revs', '--quiet', join(shadow.path, 'objects/pack/pack')], call);
}

/** What git answers with one name. */
export function oneLine(output: Buffer): string {
  return output.toString('latin1').trim();
}
