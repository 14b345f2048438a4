// The work of one attempt as a patch: it begins with what the attempt found, so that what others had left uncommitted
// is no part of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DiffText, diffText, namesChanged, readPatch } from './changes.ts';
import { editIndex, removal } from './edit-index.ts';
import type { Environment } from './environment.ts';
import { rawNamesIn } from './file-names.ts';
import { isKept } from './found.ts';
import { requireSha } from './history.ts';
import { askGit, GitError } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';

export interface WorkRange {
  /** Null: before the first commit. */
  readonly baseCommit: string | null;
  /** A commit of the shadow (`keepFound`); null where none was kept. One that is gone counts for nothing. */
  readonly foundCommit: string | null;
  /** The last one that it made; null while it runs. */
  readonly headCommit: string | null;
  /** What it left uncommitted, too: what the next attempt found, or the files as they lie there; null: nobody knows. */
  readonly left: string | 'worktree' | null;
}

/**
 * Where nobody knows what an attempt left, these are its commits.
 *
 * @throws GitError, UnusableIndex
 */
export async function workDiff(shadow: Shadow, range: WorkRange, limitBytes: number): Promise<DiffText> {
  const { baseCommit, headCommit, left } = range;
  const foundCommit = await ifKept(shadow, range.foundCommit);
  if (left === 'worktree') return diffText(shadow, foundCommit ?? baseCommit, left, limitBytes);
  const leftCommit = await ifKept(shadow, left);
  if (foundCommit !== null && leftCommit !== null) return diffText(shadow, foundCommit, leftCommit, limitBytes);
  if (headCommit === null) throw new GitError('bad_argument', 'an attempt that has ended left no commit to compare');
  if (foundCommit === null || foundCommit === baseCommit) return diffText(shadow, baseCommit, headCommit, limitBytes);
  return committedDiff(shadow, { baseCommit, foundCommit, head: headCommit }, limitBytes);
}

async function ifKept(shadow: Shadow, sha: string | null): Promise<string | null> {
  return sha !== null && (await isKept(shadow, sha)) ? sha : null;
}

interface CommittedRange {
  readonly baseCommit: string | null;
  readonly foundCommit: string;
  readonly head: string;
}

/** Only files that were committed, and from what was found of them. */
async function committedDiff(shadow: Shadow, range: CommittedRange, limitBytes: number): Promise<DiffText> {
  await refreshShadow(shadow);
  const folder = await mkdtemp(join(tmpdir(), 'ralph-tui-index-'));
  try {
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    await fillIndex(shadow, index, range);
    // From the index to the commit: the other way round than git has it.
    const argv = ['--cached', '-R', '--src-prefix=b/', '--dst-prefix=a/', requireSha(range.head)];
    return await readPatch(shadow, argv, index, limitBytes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The commit `head`, but every file that was committed since `baseCommit` as it was found. */
async function fillIndex(
  shadow: Shadow,
  index: Environment,
  { baseCommit, foundCommit, head }: CommittedRange,
): Promise<void> {
  const call = shadowCall(shadow, index);
  await askGit(['read-tree', requireSha(head)], call);
  const names = new Set(await namesChanged(shadow, baseCommit, head));
  const listed = await askGit(['ls-tree', '-r', '-z', '--full-tree', requireSha(foundCommit)], call);
  const found = rawNamesIn(listed).filter((line) => names.has(line.slice(line.indexOf('\t') + 1)));
  await editIndex(call, [...[...names].map(removal), ...found], 'latin1');
}
