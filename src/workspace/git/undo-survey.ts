// What an undo would take away and bring back, and everything that speaks against it.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitInfo } from '../../core/receipt.ts';
import { plural } from '../../text/plural.ts';
import { readHead } from '../head.ts';
import { isRefName } from '../refs.ts';
import { readTextInside } from '../safe-read.ts';
import { blobSizes } from './blobs.ts';
import { uncommitted } from './changes.ts';
import type { Environment } from './environment.ts';
import type { FileChange } from './file-change.ts';
import { isKept } from './found.ts';
import { isAncestor, readLog } from './history.ts';
import { GitError } from './run-git.ts';
import type { Shadow } from './shadow.ts';
import {
  dirtyPaths,
  hidesFiles,
  isSameEntry,
  SUBMODULE_MODE,
  type TreeEntry,
  treeOf,
  unlikeCommit,
} from './tree-entries.ts';
import { UndoError } from './undo-error.ts';
import { changedPaths, clearTheWay, filteredNote, presentOnes } from './undo-targets.ts';

export interface UndoRequest {
  readonly run: string;
  readonly iteration: number;
  /** The commit before that iteration. */
  readonly baseCommit: string;
  /** A commit of the shadow with every file as it was before that iteration; null where none was kept. */
  readonly foundCommit: string | null;
  /** Where the run left HEAD. */
  readonly leftAt: string | null;
  /** The run's branch; null: whichever it is. */
  readonly branch: string | null;
}

/** Before the iteration, against its base commit. */
export interface EarlierChange {
  readonly path: string;
  readonly status: 'new' | 'changed' | 'deleted';
}

/** Names, subjects and paths are hostile until sanitized. */
export interface UndoPlan {
  readonly request: UndoRequest;
  readonly branch: string;
  readonly head: string;
  readonly base: CommitInfo;
  /** Taken from the branch, newest first. */
  readonly commits: readonly CommitInfo[];
  /** Those of them that came after the run's last attempt: somebody else's. */
  readonly strangeCommits: readonly CommitInfo[];
  /** Uncommitted changes that are thrown away. */
  readonly uncommitted: readonly FileChange[];
  /** Files that will be gone. */
  readonly removed: readonly string[];
  /** Files that get the content back that they had in `base`. */
  readonly restored: readonly string[];
  /** What was uncommitted before the iteration already, and will be again. */
  readonly broughtBack: readonly EarlierChange[];
  /** The same, where nobody has touched it since: as it is now. */
  readonly untouched: readonly EarlierChange[];
  /** Other new files that git does not know: they stay, because nobody knows who made them. */
  readonly untracked: readonly string[];
  /** What a person should know beside that; one line each. */
  readonly notes: readonly string[];
}

export interface UndoSurvey {
  readonly plan: UndoPlan;
  /** What each path that may change had before the iteration; null: it was not there. */
  readonly targets: ReadonlyMap<string, TreeEntry | null>;
  /** Those of them where something else lies now. */
  readonly changing: ReadonlySet<string>;
  /** Sizes in bytes of what comes back, by blob. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** More than any iteration has; only the first are listed. */
const COMMITS_LIMIT = 10_000;

/** In the git directory while a command of several steps is under way (git's wt-status). */
const UNDER_WAY = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['sequencer', 'a cherry-pick or revert'],
  ['BISECT_LOG', 'a bisection'],
] as const;

/**
 * @param workTree from `withWorkTree`
 * @throws UndoError, GitError, TreeError
 */
export async function surveyForUndo(shadow: Shadow, workTree: Environment, request: UndoRequest): Promise<UndoSurvey> {
  const { branch, head } = await requireBranch(shadow, request);
  await refuseUnderWay(shadow);
  const strangeCommits = await commitsSince(shadow, request, head);
  if (await hidesFiles(shadow, workTree)) {
    throw new UndoError('unknown', 'parts of the repository are not checked out (sparse checkout); undo it with git');
  }
  const changes = await uncommitted(shadow, head);
  if (changes === 'unknown')
    throw new UndoError('unknown', 'git cannot tell which files have changed; see: git status');
  const notes: string[] = [];
  const foundCommit = await keptCommit(shadow, request, notes);
  const [baseTree, now, dirty] = await Promise.all([
    treeOf(shadow, request.baseCommit),
    treeOf(shadow, head),
    dirtyPaths(shadow, workTree, head),
  ]);
  const before = foundCommit === null ? baseTree : await treeOf(shadow, foundCommit);
  const targets = changedPaths(before, now, dirty, notes);
  await clearTheWay(shadow, workTree, targets);
  const [base] = await readLog(shadow, null, request.baseCommit, 1);
  if (base === undefined) throw new GitError('failed', `the commit ${request.baseCommit} cannot be read`);
  const commits = head === request.baseCommit ? [] : await readLog(shadow, request.baseCommit, head, COMMITS_LIMIT);
  const unlike = await unlikeCommit(shadow, workTree, foundCommit ?? request.baseCommit);
  const present = await presentOnes(shadow, targets);
  const changing = new Set([...present, ...unlike.filter((path) => targets.has(path))]);
  // What was only staged is no change to what is known to have been there.
  const isAsBefore = foundCommit === null ? targets.size === 0 : changing.size === 0;
  if (head === request.baseCommit && isAsBefore) {
    const since = changes.flatMap(({ status, path }) => (status === 'untracked' && !before.has(path) ? [path] : []));
    throw new UndoError('nothing', nothingToUndo(request, since));
  }
  const earlier = earlierChanges(baseTree, before);
  const isEarlier = new Set(earlier.map(({ path }) => path));
  const isTouched = (path: string) => changing.has(path) || !isSameEntry(now.get(path), baseTree.get(path));
  const restored = [...targets].flatMap(([path, entry]) =>
    entry !== null && changing.has(path) && !isEarlier.has(path) ? [path] : [],
  );
  const sizes = await blobSizes(
    shadow,
    [...targets].flatMap(([path, entry]) => (entry !== null && changing.has(path) ? [entry.sha] : [])),
  );
  notes.push(...(await filteredNote(shadow, workTree, restored)));
  const plan: UndoPlan = {
    request,
    branch,
    head,
    base,
    commits,
    strangeCommits,
    uncommitted: changes.filter(({ path }) => changing.has(path)),
    removed: present.filter((path) => !isEarlier.has(path)),
    restored,
    broughtBack: earlier.filter(({ path }) => isTouched(path)),
    untouched: earlier.filter(({ path }) => !isTouched(path)),
    untracked: changes.flatMap(({ status, path }) => (status === 'untracked' && !targets.has(path) ? [path] : [])),
    notes,
  };
  return { plan, targets, changing, sizes };
}

/** New files stay, because nobody knows who made them: a person who expects them to go is told. */
function nothingToUndo({ iteration }: UndoRequest, newFiles: readonly string[]): string {
  const [first] = newFiles;
  if (first === undefined) return `everything is as it was before iteration ${iteration}: nothing to undo`;
  const [stays, names] = newFiles.length === 1 ? ['stays', first] : ['stay', `${first}, …`];
  return `nothing to undo but ${plural(newFiles.length, 'new file')}, which ${stays}: ${names}`;
}

/** The state folder may have been deleted since. */
async function keptCommit(shadow: Shadow, { foundCommit }: UndoRequest, notes: string[]): Promise<string | null> {
  if (foundCommit === null) return null;
  if (await isKept(shadow, foundCommit)) return foundCommit;
  notes.push('what was uncommitted before it is not kept any more; the files go back to the commit');
  return null;
}

function earlierChanges(base: ReadonlyMap<string, TreeEntry>, before: ReadonlyMap<string, TreeEntry>): EarlierChange[] {
  const paths = [...new Set([...base.keys(), ...before.keys()])].sort();
  return paths.flatMap((path): EarlierChange[] => {
    const [committed, found] = [base.get(path), before.get(path)];
    const isSubmodule = [committed?.mode, found?.mode].includes(SUBMODULE_MODE);
    if (isSubmodule || isSameEntry(committed, found)) return [];
    return [{ path, status: committed === undefined ? 'new' : found === undefined ? 'deleted' : 'changed' }];
  });
}

async function requireBranch({ repository }: Shadow, request: UndoRequest): Promise<{ branch: string; head: string }> {
  const head = await readHead(repository);
  if (!head.ok) throw new UndoError('head', head.why);
  if (head.branch === null)
    throw new UndoError('head', 'HEAD is detached; go to a branch first: git checkout <branch>');
  if (head.sha === null) throw new UndoError('head', `the branch ${head.branch} has no commit yet: nothing to undo`);
  if (request.branch !== null && head.branch !== request.branch) {
    const back = `git checkout ${request.branch}`;
    throw new UndoError(
      'head',
      `the run worked on ${request.branch}, and this is ${head.branch}; go back with: ${back}`,
    );
  }
  const file = await readTextInside(repository.commonDir, `refs/heads/${head.branch}`, 4096);
  if (!isRefName(head.branch) || file?.startsWith('ref:') === true) {
    throw new UndoError('head', `${head.branch} is no branch of its own but leads to another; undo it with git`);
  }
  return { branch: head.branch, head: head.sha };
}

async function refuseUnderWay({ repository }: Shadow): Promise<void> {
  for (const [name, what] of UNDER_WAY) {
    // Whatever it is: also a link or a folder of that name means that git sees it as under way.
    if (await exists(repository.gitDir, name)) {
      throw new UndoError('under_way', `${what} is under way; finish or abort it first (see: git status)`);
    }
  }
  if (await exists(repository.gitDir, 'index.lock')) {
    throw new UndoError('under_way', 'a git command is running (index.lock); if none is, delete that file');
  }
}

/** Commits that the run has not made. A history that no longer has the base is not this run's to undo. */
async function commitsSince(
  shadow: Shadow,
  { baseCommit, leftAt, iteration }: UndoRequest,
  head: string,
): Promise<readonly CommitInfo[]> {
  if (head === leftAt) return [];
  if (!(await isAncestor(shadow, baseCommit, head))) {
    const where = `the commit before iteration ${iteration}, ${baseCommit.slice(0, 7)}`;
    throw new UndoError('history_changed', `the branch has changed since: it no longer holds ${where}`);
  }
  return leftAt === null ? [] : readLog(shadow, leftAt, head, COMMITS_LIMIT);
}

async function exists(folder: string, name: string): Promise<boolean> {
  return lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
}
