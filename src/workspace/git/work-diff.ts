// The work of one attempt as a patch: it begins with what the attempt found, so that what others had left uncommitted
// is no part of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DiffText, diffText, namesChanged, readPatch } from './changes.ts';
import type { Environment } from './environment.ts';
import { isKept } from './found.ts';
import { requireSha } from './history.ts';
import { askGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';

const NO_SHA = '0'.repeat(40);

export interface WorkRange {
  /** Null: before the first commit. */
  readonly baseCommit: string | null;
  /** A commit of the shadow (`keepFound`); null where none was kept. One that is gone counts for nothing. */
  readonly foundCommit: string | null;
  /** The files as they lie there, for an attempt that runs; else the commit that it left. */
  readonly target: string | 'worktree';
}

/**
 * Of an attempt that has ended these are its commits: what it left uncommitted stands in none.
 *
 * @throws GitError, UnusableIndex
 */
export async function workDiff(shadow: Shadow, range: WorkRange, limitBytes: number): Promise<DiffText> {
  const { baseCommit, target } = range;
  const foundCommit =
    range.foundCommit !== null && (await isKept(shadow, range.foundCommit)) ? range.foundCommit : null;
  if (foundCommit === null || foundCommit === baseCommit) return diffText(shadow, baseCommit, target, limitBytes);
  if (target === 'worktree') return diffText(shadow, foundCommit, target, limitBytes);
  await refreshShadow(shadow);
  const folder = await mkdtemp(join(tmpdir(), 'ralph-tui-index-'));
  try {
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    await fillIndex(shadow, index, { baseCommit, foundCommit, head: target });
    // From the index to the commit: the other way round than git has it.
    const argv = ['--cached', '-R', '--src-prefix=b/', '--dst-prefix=a/', requireSha(target)];
    return await readPatch(shadow, argv, index, limitBytes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The commit `head`, but every file that was committed since `baseCommit` as it was found. */
async function fillIndex(
  shadow: Shadow,
  index: Environment,
  { baseCommit, foundCommit, head }: { baseCommit: string | null; foundCommit: string; head: string },
): Promise<void> {
  const call = shadowCall(shadow, index);
  await askGit(['read-tree', requireSha(head)], call);
  const names = new Set(await namesChanged(shadow, baseCommit, head));
  // Names as bytes: they need not be UTF-8.
  const listed = await askGit(['ls-tree', '-r', '-z', '--full-tree', requireSha(foundCommit)], call);
  const found = listed
    .toString('latin1')
    .split('\0')
    .filter((line) => names.has(line.slice(line.indexOf('\t') + 1)));
  const removed = [...names].map((name) => `0 ${NO_SHA}\t${name}`);
  const input = Buffer.from([...removed, ...found].map((line) => `${line}\0`).join(''), 'latin1');
  await askGit(['update-index', '-z', '--index-info'], { ...call, input });
}
