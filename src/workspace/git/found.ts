// The work tree as an attempt finds it, kept as a commit in the shadow: what undo goes back to, and where the diff of
// the attempt's work begins.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHead } from '../head.ts';
import { nullIfMissing } from '../safe-folder.ts';
import { lookAt } from '../safe-tree.ts';
import { DIFF } from './diff-argv.ts';
import { editIndex, removal } from './edit-index.ts';
import type { Environment } from './environment.ts';
import { namesIn } from './file-names.ts';
import { requireSha } from './history.ts';
import { withWorkTree } from './index-copy.ts';
import { askGit, GitError, runGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';
import { commitTree, copyObjects, oneLine } from './shadow-commit.ts';
import { SUBMODULE_MODE } from './tree-entries.ts';

/** Every attempt waits for this: a work tree with more uncommitted files, or larger ones, is not kept. */
const FILES_LIMIT = 2_000;
const BYTES_LIMIT = 64 * 1024 * 1024;

/** Where the refs of what attempts found stand: `<run>-<iteration>.<attempt>`. */
export const FOUND_REFS = 'refs/ralph-tui/found/';

/**
 * A commit with every file as it lies there: new ones too, ignored ones not, contents as `git add` would store them.
 * What is staged counts for nothing. Where nothing is uncommitted that is HEAD's own commit; any other gets the ref
 * `ref` in the shadow, and the same work tree on the same HEAD the same commit again.
 *
 * @throws GitError, UnusableIndex, TreeError: it cannot be kept
 */
export async function keepFound(shadow: Shadow, ref: string): Promise<string> {
  await refreshShadow(shadow);
  const head = await readHead(shadow.repository);
  if (!head.ok) throw new GitError('failed', head.why);
  return withWorkTree(shadow, async (workTree) => {
    const [names, isStaged] = await Promise.all([
      unlikeIndex(shadow, workTree),
      isIndexUnlike(shadow, workTree, head.sha),
    ]);
    if (head.sha !== null && names.length === 0 && !isStaged) return head.sha;
    await intoIndex(shadow, workTree, names);
    const tree = oneLine(await askGit(['write-tree'], shadowCall(shadow, workTree)));
    const sha = await commitTree(shadow, {
      tree,
      parents: head.sha === null ? [] : [head.sha],
      message: 'The work tree as an attempt found it',
      date: '@0 +0000',
    });
    await Promise.all([holdObjects(shadow, sha, head.sha), askGit(['update-ref', ref, sha], shadowCall(shadow))]);
    return sha;
  });
}

/** Whether such a commit is there with its files: a later run has let go of it, or the state folder was deleted. */
export async function isKept(shadow: Shadow, sha: string): Promise<boolean> {
  return (await runGit(['cat-file', '-e', `${requireSha(sha)}^{tree}`], shadowCall(shadow))).exitCode === 0;
}

/**
 * Everything of the commit that HEAD has not lies in the shadow afterwards. Mostly it was just written there, one file
 * an object, which many attempts may do; packs would pile up, and git looks into every one.
 */
async function holdObjects(shadow: Shadow, sha: string, head: string | null): Promise<void> {
  const input = Buffer.from(`${sha}\n${head === null ? '' : `^${head}\n`}`);
  const listed = await askGit(['rev-list', '--objects', '--stdin'], { ...shadowCall(shadow), input });
  const paths = listed
    .toString('latin1')
    .split('\n')
    .filter(Boolean)
    .map((line) => join(shadow.path, 'objects', line.slice(0, 2), line.slice(2, 40)));
  const held = await Promise.all(paths.map((path) => stat(path).catch(nullIfMissing)));
  if (held.includes(null)) await copyObjects(shadow, sha, head);
}

/** Files that are not what the copied index says of them, or that it does not know. */
async function unlikeIndex(shadow: Shadow, workTree: Environment): Promise<string[]> {
  // A submodule is looked at, but no git is run in it (as `diff`, `add` and `status` would).
  const argv = ['ls-files', '--modified', '--deleted', '--others', '--exclude-standard', '-z'];
  const names = namesIn(await askGit(argv, shadowCall(shadow, workTree)));
  // A name that ends in a slash is a repository of its own, and stays out.
  return [...new Set(names.filter((name) => !name.endsWith('/')))];
}

async function isIndexUnlike(shadow: Shadow, workTree: Environment, head: string | null): Promise<boolean> {
  if (head === null) return true;
  const argv = [...DIFF, '--cached', '--quiet', head, '--'];
  const { exitCode, stderr } = await runGit(argv, shadowCall(shadow, workTree));
  if (exitCode > 1) throw new GitError('failed', `git diff failed: ${stderr}`);
  return exitCode === 1;
}

/** Takes files over into the copied index, and what is no file any more out of it. */
async function intoIndex(shadow: Shadow, workTree: Environment, names: readonly string[]): Promise<void> {
  if (names.length > FILES_LIMIT) throw new GitError('failed', `more than ${FILES_LIMIT} files are uncommitted`);
  const present: string[] = [];
  const gone: string[] = [];
  const folders: string[] = [];
  let roomBytes = BYTES_LIMIT;
  for (const name of names) {
    const found = await lookAt(shadow.repository.top, name);
    if (found.kind === 'file') roomBytes -= found.sizeBytes;
    if (roomBytes < 0) throw new GitError('failed', `more than ${BYTES_LIMIT / 1024 / 1024} MiB are uncommitted`);
    const list = { file: present, link: present, folder: folders, missing: gone, other: gone }[found.kind];
    list.push(name);
  }
  gone.push(...(await withoutSubmodules(shadow, workTree, folders)));
  const call = shadowCall(shadow, workTree);
  await editIndex(call, gone.map(removal));
  if (present.length > 0) {
    const input = Buffer.from(present.map((name) => `${name}\0`).join(''));
    // A larger file would go into a pack of its own.
    const asObjects = ['-c', `core.bigFileThreshold=${BYTES_LIMIT}`];
    await askGit([...asObjects, 'update-index', '--add', '--replace', '-z', '--stdin'], { ...call, input });
  }
}

/** A folder in the place of a file, unless it is a repository of its own that git knows. */
async function withoutSubmodules(shadow: Shadow, workTree: Environment, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const known = namesIn(await askGit(['ls-files', '--stage', '-z', '--', ...names], shadowCall(shadow, workTree)));
  const submodules = new Set(
    known.flatMap((line) => (line.startsWith(SUBMODULE_MODE) ? [line.slice(line.indexOf('\t') + 1)] : [])),
  );
  return names.filter((name) => !submodules.has(name));
}
