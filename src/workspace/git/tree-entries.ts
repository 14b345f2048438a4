// What commits and the work tree hold, path by path: mode and object name.
import { copyFile, stat, utimes } from 'node:fs/promises';
import { nullIfMissing } from '../safe-folder.ts';
import { DIFF } from './diff-argv.ts';
import type { Environment } from './environment.ts';
import { namesIn } from './file-names.ts';
import { requireSha } from './history.ts';
import { askGit } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';

export interface TreeEntry {
  /** As git writes it: `100644`, `100755`, `120000` (link), `160000` (a repository in the repository). */
  readonly mode: string;
  readonly sha: string;
}

export const LINK_MODE = '120000';
export const SUBMODULE_MODE = '160000';

/** Whether a path has the same in both; undefined: nothing. */
export function isSameEntry(one: TreeEntry | undefined, other: TreeEntry | undefined): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}

const NAMES_THAT_DIFFER = [...DIFF, '--no-renames', '--name-only', '-z'];

/** A list of every file of a large repository. */
const LIST_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Every file of a commit, by its path.
 *
 * @throws GitError also for a name that is no UTF-8
 */
export async function treeOf(shadow: Shadow, sha: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const call = { ...shadowCall(shadow), outputLimitBytes: LIST_LIMIT_BYTES };
  const output = await askGit(['ls-tree', '-r', '-z', '--full-tree', requireSha(sha)], call);
  const entries = new Map<string, TreeEntry>();
  for (const line of namesIn(output)) {
    const [, mode = '', entry = '', path = ''] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
    entries.set(path, { mode, sha: entry });
  }
  return entries;
}

/**
 * Paths that git knows and that are, in the index or as files, not what the commit `head` has. Submodules are not
 * looked into.
 *
 * @param workTree from `withWorkTree`
 */
export async function dirtyPaths(shadow: Shadow, workTree: Environment, head: string): Promise<string[]> {
  const call = { ...shadowCall(shadow, workTree), outputLimitBytes: LIST_LIMIT_BYTES };
  const asFiles = namesIn(await askGit([...NAMES_THAT_DIFFER, requireSha(head), '--'], call));
  const inIndex = namesIn(await askGit([...NAMES_THAT_DIFFER, '--cached', requireSha(head), '--'], call));
  return [...new Set([...asFiles, ...inIndex])];
}

/**
 * Files of a commit that do not lie in the work tree as it has them. Submodules are not looked into.
 *
 * @param workTree from `withWorkTree`
 */
export async function unlikeCommit(shadow: Shadow, workTree: Environment, sha: string): Promise<string[]> {
  // The copied index knows the files' times, so that those that are the same need not be read.
  const index = workTree.GIT_INDEX_FILE ?? '';
  const compared = `${index}.compared`;
  const times = await stat(index).catch(nullIfMissing);
  if (times !== null) {
    await copyFile(index, compared);
    await utimes(compared, times.atime, times.mtime);
  }
  const environment = { ...workTree, GIT_INDEX_FILE: compared };
  const call = { ...shadowCall(shadow, environment), outputLimitBytes: LIST_LIMIT_BYTES };
  await askGit(['read-tree', '--reset', requireSha(sha)], call);
  return namesIn(await askGit([...NAMES_THAT_DIFFER, '--'], call));
}

/** Files below a folder that git does not know, ignored ones among them. */
export async function unknownFilesBelow(shadow: Shadow, workTree: Environment, folder: string): Promise<string[]> {
  const call = shadowCall(shadow, workTree);
  return namesIn(await askGit(['ls-files', '--others', '-z', '--', `${folder}/`], call));
}

/** Whether files are left out of the work tree, or looked away from, on purpose (git-update-index(1)). */
export async function hidesFiles(shadow: Shadow, workTree: Environment): Promise<boolean> {
  const call = { ...shadowCall(shadow, workTree), outputLimitBytes: LIST_LIMIT_BYTES };
  const lines = (await askGit(['ls-files', '-v', '-z'], call)).toString('latin1');
  return /(^|\0)[Sa-z] /.test(lines);
}
