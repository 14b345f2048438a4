// The files of an undo, path by path: what is to lie there afterwards, and what is in the way.
import { isWorkTreePath, lookAt } from '../safe-tree.ts';
import type { Environment } from './environment.ts';
import { askGit } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';
import { isSameEntry, SUBMODULE_MODE, type TreeEntry, unknownFilesBelow } from './tree-entries.ts';
import { UndoError } from './undo-error.ts';

/** Every path whose file may change, and what is to be there: where commits differ, or the work tree or its index. */
export function changedPaths(
  before: ReadonlyMap<string, TreeEntry>,
  now: ReadonlyMap<string, TreeEntry>,
  dirty: readonly string[],
  notes: string[],
): Map<string, TreeEntry | null> {
  const paths = new Set(dirty);
  for (const path of new Set([...before.keys(), ...now.keys()])) {
    if (!isSameEntry(before.get(path), now.get(path))) paths.add(path);
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
export async function clearTheWay(
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
export async function filteredNote(shadow: Shadow, workTree: Environment, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''));
  const output = await askGit(['check-attr', '-z', '--stdin', 'filter'], { ...shadowCall(shadow, workTree), input });
  const words = output.toString('utf8').split('\0');
  const filtered = paths.filter((_path, at) => !['unspecified', 'unset'].includes(words[at * 3 + 2] ?? 'unset'));
  if (filtered.length === 0) return [];
  const which = filtered.length === 1 ? `${filtered[0]} goes` : `${filtered.length} files go`;
  return [`${which} through a git filter, which is not run: they come back as git stores them (git lfs checkout)`];
}

/** Files that will be gone. */
export async function presentOnes(shadow: Shadow, targets: ReadonlyMap<string, TreeEntry | null>): Promise<string[]> {
  const present: string[] = [];
  for (const [path, entry] of targets) {
    if (entry !== null) continue;
    const { kind } = await lookAt(shadow.repository.top, path);
    if (kind === 'file' || kind === 'link') present.push(path);
  }
  return present;
}
