// Keeps the work tree as it is in a commit of the shadow, with everything that the commit needs.
import { NO_SHA } from '../refs.ts';
import { readInside } from '../safe-read.ts';
import { lookAt } from '../safe-tree.ts';
import { BlobWriter } from './blobs.ts';
import { editIndex, removal } from './edit-index.ts';
import type { Environment } from './environment.ts';
import { askGit, runGit } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';
import { commitTree, copyObjects, oneLine } from './shadow-commit.ts';
import { LINK_MODE, type TreeEntry } from './tree-entries.ts';
import { UndoError } from './undo-error.ts';

const MEBIBYTE = 1024 * 1024;
/** A file that is thrown away and larger than this cannot be kept, so the undo is refused. */
const FILE_LIMIT_BYTES = 512 * MEBIBYTE;
/** Files that stay where they are are kept, too, but only so much of them. */
const STAYING_LIMIT_BYTES = 256 * MEBIBYTE;

export interface KeepRequest {
  /** The refs of an undo are called `<prefix>-1`, `<prefix>-2` and so on. */
  readonly refPrefix: string;
  readonly message: string;
  readonly head: string;
  /** What hangs on this commit stays in the repository, and is not copied. */
  readonly base: string;
  /** Paths that the undo may change: all of them are kept. */
  readonly changing: readonly string[];
  /** New files that stay. */
  readonly staying: readonly string[];
}

export interface Kept {
  readonly ref: string;
  readonly sha: string;
  /** What lies at each of the paths; null: nothing. */
  readonly entries: ReadonlyMap<string, TreeEntry | null>;
}

/**
 * Makes a commit of the work tree on top of `head`, byte for byte as the files are, and a ref for it. Where the
 * index holds something else again, that is its second parent, as in a stash.
 *
 * @param workTree from `withWorkTree`, the index as it was found
 * @throws UndoError, GitError, TreeError
 */
export async function keepWorkTree(shadow: Shadow, workTree: Environment, request: KeepRequest): Promise<Kept> {
  const entries = await writeEntries(shadow, request);
  const call = shadowCall(shadow, { ...workTree, GIT_INDEX_FILE: `${workTree.GIT_INDEX_FILE}.kept` });
  await askGit(['read-tree', request.head], call);
  await editIndex(call, indexLines(entries));
  const tree = oneLine(await askGit(['write-tree'], call));
  const parents = [request.head, ...(await stagedParent(shadow, workTree, request, tree))];
  const sha = await commitTree(shadow, { tree, parents, message: request.message });
  await copyObjects(shadow, sha, request.base);
  return { ref: await makeRef(shadow, request.refPrefix, sha), sha, entries };
}

async function writeEntries(shadow: Shadow, request: KeepRequest): Promise<Map<string, TreeEntry | null>> {
  const writer = new BlobWriter(shadow);
  const entries = new Map<string, TreeEntry | null>();
  for (const path of request.changing) entries.set(path, await writeEntry(shadow, writer, path));
  let roomBytes = STAYING_LIMIT_BYTES;
  for (const path of request.staying) {
    if (path.endsWith('/')) continue;
    const found = await lookAt(shadow.repository.top, path);
    if (found.kind !== 'file' && found.kind !== 'link') continue;
    const sizeBytes = found.kind === 'file' ? found.sizeBytes : found.target.length;
    if (sizeBytes > roomBytes) continue;
    roomBytes -= sizeBytes;
    entries.set(path, await writeEntry(shadow, writer, path));
  }
  await writer.flush();
  return entries;
}

/** Null where neither a file nor a link is. */
async function writeEntry(shadow: Shadow, writer: BlobWriter, path: string): Promise<TreeEntry | null> {
  const { top } = shadow.repository;
  const found = await lookAt(top, path);
  if (found.kind === 'link') return { mode: LINK_MODE, sha: await writer.add(found.target) };
  if (found.kind !== 'file') return null;
  const file = await readInside(top, path, FILE_LIMIT_BYTES);
  if (file.state !== 'read') {
    const why = file.state === 'unsafe' ? file.why : 'it is gone';
    throw new UndoError('failed', `${path} cannot be kept: ${why}`);
  }
  return { mode: found.executable ? '100755' : '100644', sha: await writer.add(file.bytes) };
}

/** Removals first: a file may have taken the place of a folder. */
function indexLines(entries: ReadonlyMap<string, TreeEntry | null>): string[] {
  const present = [...entries].flatMap(([path, entry]) =>
    entry === null ? [] : [`${entry.mode} ${entry.sha}\t${path}`],
  );
  return [...[...entries.keys()].map(removal), ...present];
}

async function stagedParent(
  shadow: Shadow,
  workTree: Environment,
  { head }: KeepRequest,
  keptTree: string,
): Promise<string[]> {
  const call = shadowCall(shadow, workTree);
  // An index with conflicts has no tree.
  const staged = await runGit(['write-tree'], call);
  if (staged.exitCode !== 0) return [];
  const tree = oneLine(staged.stdout);
  const headTree = oneLine(await askGit(['rev-parse', '--verify', `${head}^{tree}`], call));
  if (tree === headTree || tree === keptTree) return [];
  return [await commitTree(shadow, { tree, parents: [head], message: 'the index' })];
}

async function makeRef(shadow: Shadow, prefix: string, sha: string): Promise<string> {
  const call = shadowCall(shadow);
  const listed = await askGit(['for-each-ref', '--format=%(refname)', prefix.replace(/\/[^/]*$/, '/')], call);
  const taken = new Set(listed.toString('utf8').split('\n'));
  let number = 1;
  while (taken.has(`${prefix}-${number}`)) number += 1;
  const ref = `${prefix}-${number}`;
  await askGit(['update-ref', ref, sha, NO_SHA], call);
  return ref;
}
