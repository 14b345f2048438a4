// What an undo would take away and bring back, and everything that speaks against it.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitInfo } from '../../core/receipt.ts';
import { readHead } from '../head.ts';
import { isRefName } from '../refs.ts';
import { readTextInside } from '../safe-read.ts';
import { isWorkTreePath, lookAt } from '../safe-tree.ts';
import { blobSizes } from './blobs.ts';
import { uncommitted } from './changes.ts';
import type { Environment } from './environment.ts';
import type { FileChange } from './file-change.ts';
import { isAncestor, readLog } from './history.ts';
import { askGit, GitError } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';
import { dirtyPaths, hidesFiles, SUBMODULE_MODE, type TreeEntry, treeOf, unknownFilesBelow } from './tree-entries.ts';
import { UndoError } from './undo-error.ts';

export interface UndoRequest {
  readonly run: string;
  readonly iteration: number;
  /** The commit before that iteration. */
  readonly baseCommit: string;
  /** Where the run left HEAD. */
  readonly leftAt: string | null;
  /** The run's branch; null: whichever it is. */
  readonly branch: string | null;
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
  /** Uncommitted changes to files that git knows: thrown away. */
  readonly uncommitted: readonly FileChange[];
  /** Files that will be gone. */
  readonly removed: readonly string[];
  /** Files that get the content back that they had in `base`. */
  readonly restored: readonly string[];
  /** New files that git does not know: they stay, because nobody knows since when they have been there. */
  readonly untracked: readonly string[];
  /** What a person should know beside that; one line each. */
  readonly notes: readonly string[];
}

export interface UndoSurvey {
  readonly plan: UndoPlan;
  /** What each path that may change has in `base`; null: it is not there. */
  readonly targets: ReadonlyMap<string, TreeEntry | null>;
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
  const [before, now, dirty] = await Promise.all([
    treeOf(shadow, request.baseCommit),
    treeOf(shadow, head),
    dirtyPaths(shadow, workTree, head),
  ]);
  const notes: string[] = [];
  const targets = changedPaths(before, now, dirty, notes);
  await clearTheWay(shadow, workTree, targets);
  const [base] = await readLog(shadow, null, request.baseCommit, 1);
  if (base === undefined) throw new GitError('failed', `the commit ${request.baseCommit} cannot be read`);
  const commits = head === request.baseCommit ? [] : await readLog(shadow, request.baseCommit, head, COMMITS_LIMIT);
  if (head === request.baseCommit && targets.size === 0) {
    throw new UndoError('nothing', `everything is as it was before iteration ${request.iteration}: nothing to undo`);
  }
  const restored = [...targets].flatMap(([path, entry]) => (entry === null ? [] : [path]));
  const sizes = await blobSizes(
    shadow,
    [...targets.values()].flatMap((entry) => (entry === null ? [] : [entry.sha])),
  );
  notes.push(...(await filteredNote(shadow, workTree, restored)));
  const plan: UndoPlan = {
    request,
    branch,
    head,
    base,
    commits,
    strangeCommits,
    uncommitted: changes.filter((change) => change.status !== 'untracked'),
    removed: await presentOnes(shadow, targets),
    restored,
    untracked: changes.flatMap(({ status, path }) => (status === 'untracked' && !targets.has(path) ? [path] : [])),
    notes,
  };
  return { plan, targets, sizes };
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

function changedPaths(
  before: ReadonlyMap<string, TreeEntry>,
  now: ReadonlyMap<string, TreeEntry>,
  dirty: readonly string[],
  notes: string[],
): Map<string, TreeEntry | null> {
  const paths = new Set(dirty);
  for (const path of new Set([...before.keys(), ...now.keys()])) {
    const [old, current] = [before.get(path), now.get(path)];
    if (old?.sha !== current?.sha || old?.mode !== current?.mode) paths.add(path);
  }
  const targets = new Map<string, TreeEntry | null>();
  for (const path of [...paths].sort()) {
    if (!isWorkTreePath(path)) throw new UndoError('unknown', `${path} is no path that can be undone; use git`);
    const modes = [before.get(path)?.mode, now.get(path)?.mode];
    if (!modes.includes(SUBMODULE_MODE)) {
      targets.set(path, before.get(path) ?? null);
    } else if (modes.every((mode) => mode === undefined || mode === SUBMODULE_MODE)) {
      notes.push(`${path} is a repository of its own and stays as it is`);
    } else {
      throw new UndoError('in_the_way', `${path} was, or has become, a repository of its own; undo it with git`);
    }
  }
  return targets;
}

/**
 * What stands in the place of a file that comes back: a file or link is taken away (it is kept like everything),
 * a folder with files that git does not know is not.
 */
async function clearTheWay(
  shadow: Shadow,
  workTree: Environment,
  targets: Map<string, TreeEntry | null>,
): Promise<void> {
  const { top } = shadow.repository;
  for (const [path, entry] of [...targets]) {
    const found = await lookAt(top, path);
    if (found.kind === 'other') throw new UndoError('in_the_way', `${path} is no regular file; delete it first`);
    if (entry === null) continue;
    if (found.kind === 'missing' && found.blockedBy !== null) targets.set(found.blockedBy, null);
    if (found.kind !== 'folder') continue;
    const [unknown] = await unknownFilesBelow(shadow, workTree, path);
    if (unknown === undefined) continue;
    throw new UndoError('in_the_way', `${unknown} is in the way of the file ${path}; move or delete it first`);
  }
}

/** No filter is run here (they are the agent's to name), so those files come back as git stores them. */
async function filteredNote(shadow: Shadow, workTree: Environment, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''));
  const output = await askGit(['check-attr', '-z', '--stdin', 'filter'], { ...shadowCall(shadow, workTree), input });
  const words = output.toString('utf8').split('\0');
  const filtered = paths.filter((_path, at) => !['unspecified', 'unset'].includes(words[at * 3 + 2] ?? 'unset'));
  if (filtered.length === 0) return [];
  const which = filtered.length === 1 ? `${filtered[0]} goes` : `${filtered.length} files go`;
  return [`${which} through a git filter, which is not run: they come back as git stores them (git lfs checkout)`];
}

async function presentOnes(shadow: Shadow, targets: ReadonlyMap<string, TreeEntry | null>): Promise<string[]> {
  const present: string[] = [];
  for (const [path, entry] of targets) {
    if (entry !== null) continue;
    const { kind } = await lookAt(shadow.repository.top, path);
    if (kind === 'file' || kind === 'link') present.push(path);
  }
  return present;
}

async function exists(folder: string, name: string): Promise<boolean> {
  return lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
}
