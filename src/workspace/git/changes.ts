// What differs: between two commits, and between a commit and the files as they lie there.
import { isInnerPath } from '../safe-read.ts';
import { DIFF } from './diff-argv.ts';
import { editIndex } from './edit-index.ts';
import type { Environment } from './environment.ts';
import { type FileChange, parseRawNumstat } from './file-change.ts';
import { rawNamesIn, shownName } from './file-names.ts';
import { requireSha } from './history.ts';
import { UnusableIndex, withWorkTree } from './index-copy.ts';
import { askGit, GitError, runGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';

/** What git compares an empty history with; every git knows it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
/** Of so many new files the lines are counted; of the others the names are enough. */
const COUNTED_NEW_FILES = 2_000;

const AS_DATA = ['--raw', '--numstat', '-z', '--no-renames', '--abbrev=40'];

export interface DiffStat {
  readonly files: readonly FileChange[];
  readonly added: number;
  readonly removed: number;
}

export interface DiffText {
  /** Hostile until sanitized. */
  readonly text: string;
  /** Cut at the limit. */
  readonly truncated: boolean;
}

/**
 * Files that differ from the commit `head` (null: before the first commit), new ones included,
 * ignored ones and submodules not. `unknown` where the index, or git, could not tell.
 */
export async function uncommitted(shadow: Shadow, head: string | null): Promise<readonly FileChange[] | 'unknown'> {
  return orUnknown(async () => {
    await refreshShadow(shadow);
    return withWorkTree(shadow, async (workTree) => {
      const untracked = await addUntracked(shadow, workTree);
      const output = await askGit([...DIFF, ...AS_DATA, baseOf(head), '--'], shadowCall(shadow, workTree));
      return merge(parseRawNumstat(output), untracked);
    });
  });
}

/**
 * What the commits between `base` (null: from the start) and `head` changed, all in all.
 *
 * @throws GitError
 */
export async function diffStat(shadow: Shadow, base: string | null, head: string): Promise<DiffStat> {
  await refreshShadow(shadow);
  const output = await askGit([...DIFF, ...AS_DATA, baseOf(base), requireSha(head), '--'], shadowCall(shadow));
  const files = parseRawNumstat(output);
  const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + (file[key] ?? 0), 0);
  return { files, added: sum('added'), removed: sum('removed') };
}

/**
 * A patch to read, from `base` to a commit or to the files as they lie there (new ones included).
 *
 * @throws GitError, UnusableIndex
 */
export async function diffText(
  shadow: Shadow,
  base: string | null,
  target: string | 'worktree',
  limitBytes = 256 * 1024,
): Promise<DiffText> {
  await refreshShadow(shadow);
  const argv = ['--src-prefix=a/', '--dst-prefix=b/', baseOf(base)];
  if (target !== 'worktree') return readPatch(shadow, [...argv, requireSha(target)], {}, limitBytes);
  return withWorkTree(shadow, async (workTree) => {
    await addUntracked(shadow, workTree);
    return readPatch(shadow, argv, workTree, limitBytes);
  });
}

/**
 * What `git diff` says, cut at the limit.
 *
 * @throws GitError
 */
export async function readPatch(
  shadow: Shadow,
  argv: readonly string[],
  environment: Environment,
  limitBytes: number,
): Promise<DiffText> {
  const call = { ...shadowCall(shadow, environment), outputLimitBytes: limitBytes };
  const answer = await runGit([...DIFF, ...argv, '--'], call);
  if (!answer.truncated && answer.exitCode !== 0) throw new GitError('failed', `git diff failed: ${answer.stderr}`);
  return { text: answer.stdout.toString('utf8'), truncated: answer.truncated };
}

/**
 * The raw names of the files that differ between two commits (null: before the first).
 *
 * @throws GitError
 */
export async function namesChanged(shadow: Shadow, base: string | null, head: string): Promise<string[]> {
  const argv = [...DIFF, '--name-only', '--no-renames', '-z', baseOf(base), requireSha(head), '--'];
  return rawNamesIn(await askGit(argv, shadowCall(shadow)));
}

/**
 * Whether a file differs from the commit `head`: also when it is new, or ignored.
 *
 * @param path relative to the top folder
 */
export async function changedAgainstHead(
  shadow: Shadow,
  head: string | null,
  path: string,
): Promise<boolean | 'unknown'> {
  if (!isInnerPath(path)) throw new GitError('bad_argument', `${path} is no path inside the repository`);
  return orUnknown(async () => {
    await refreshShadow(shadow);
    return withWorkTree(shadow, async (workTree) => {
      const call = shadowCall(shadow, workTree);
      const changed = await askGit([...DIFF, '--name-only', '-z', baseOf(head), '--', path], call);
      if (changed.length > 0) return true;
      return (await askGit(['ls-files', '--others', '-z', '--', path], call)).length > 0;
    });
  });
}

/**
 * Notes the new files in the copied index as empty ones, so that a diff shows them; answers their names.
 * A name that ends in a slash is a repository of its own, and stays out.
 */
async function addUntracked(shadow: Shadow, workTree: Environment): Promise<string[]> {
  const call = shadowCall(shadow, workTree);
  const names = rawNamesIn(await askGit(['ls-files', '--others', '--exclude-standard', '-z'], call));
  const counted = names.filter((name) => !name.endsWith('/')).slice(0, COUNTED_NEW_FILES);
  const lines = counted.map((name) => `100644 ${EMPTY_BLOB}\t${name}`);
  await editIndex(call, lines, 'latin1');
  return names.map(shownName);
}

function merge(changes: readonly FileChange[], untracked: readonly string[]): FileChange[] {
  const files = new Map(changes.map((change) => [change.path, change]));
  for (const path of untracked) {
    const { added = null, removed = null } = files.get(path) ?? {};
    files.set(path, { path, status: 'untracked', added, removed });
  }
  // An index that the agent wrote can name files outside of the repository; those are not its changes.
  return [...files.values()].filter((file) => isInnerPath(file.path.replace(/\/$/, '')));
}

function baseOf(sha: string | null): string {
  return sha === null ? EMPTY_TREE : requireSha(sha);
}

async function orUnknown<T>(look: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await look();
  } catch (error) {
    const cannotTell = error instanceof UnusableIndex || (error instanceof GitError && error.code !== 'bad_argument');
    if (cannotTell) return 'unknown';
    throw error;
  }
}
