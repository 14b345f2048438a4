// What the repository's history says: commits, ancestry, files of a commit.
import type { CommitInfo } from '../../core/receipt.ts';
import { isSha } from '../refs.ts';
import { isInnerPath } from '../safe-read.ts';
import { askGit, GitError, runGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';

/** No other form of a revision goes to git: a name could be an option, or mean something else next time. */
export function requireSha(sha: string): string {
  if (!isSha(sha)) throw new GitError('bad_argument', `${JSON.stringify(sha)} is no full commit name`);
  return sha;
}

/**
 * The commits that `to` has and `from` (null: nothing) has not, newest first, at most `limit`.
 *
 * @throws GitError
 */
export async function readLog(shadow: Shadow, from: string | null, to: string, limit: number): Promise<CommitInfo[]> {
  await refreshShadow(shadow);
  const range = from === null ? [requireSha(to)] : [requireSha(to), `^${requireSha(from)}`];
  const format = '--format=%H%x1f%aI%x1f%s';
  const flags = ['--no-color', '--no-decorate', '--no-show-signature', '--no-notes', '--encoding=UTF-8'];
  const output = await askGit(
    ['log', '-z', ...flags, format, `--max-count=${limit}`, ...range, '--'],
    shadowCall(shadow),
  );
  return output
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '')
    .map(toCommit);
}

function toCommit(record: string): CommitInfo {
  const [sha = '', at = '', ...subject] = record.split('\x1f');
  // A commit can be made without a date that git understands.
  return { sha, subject: subject.join('\x1f'), at: Number.isNaN(Date.parse(at)) ? '1970-01-01T00:00:00Z' : at };
}

/**
 * Whether `descendant` has `ancestor` in its history (a commit is its own ancestor).
 *
 * @throws GitError also where one of them is missing
 */
export async function isAncestor(shadow: Shadow, ancestor: string, descendant: string): Promise<boolean> {
  await refreshShadow(shadow);
  const argv = ['merge-base', '--is-ancestor', requireSha(ancestor), requireSha(descendant)];
  const answer = await runGit(argv, shadowCall(shadow));
  if (answer.exitCode > 1) throw new GitError('failed', `git merge-base failed: ${answer.stderr}`);
  return answer.exitCode === 0;
}

/**
 * A file as it is in a commit; null where the commit has no such file.
 *
 * @param path relative to the top folder
 * @throws GitError also where the file is larger than `limitBytes`
 */
export async function readFileAt(
  shadow: Shadow,
  sha: string,
  path: string,
  limitBytes = 4 * 1024 * 1024,
): Promise<Buffer | null> {
  if (!isInnerPath(path)) throw new GitError('bad_argument', `${path} is no path inside the repository`);
  await refreshShadow(shadow);
  const call = shadowCall(shadow);
  const listed = await askGit(['ls-tree', '-z', '--full-tree', requireSha(sha), '--', path], call);
  const blob = /^100(?:644|755) blob ([0-9a-f]{40})\t/.exec(listed.toString('utf8'))?.[1];
  if (blob === undefined) return null;
  const answer = await runGit(['cat-file', 'blob', blob], { ...call, outputLimitBytes: limitBytes });
  if (answer.truncated)
    throw new GitError('failed', `${path} in ${sha.slice(0, 7)} is larger than ${limitBytes} bytes`);
  if (answer.exitCode !== 0) throw new GitError('failed', `git cat-file failed: ${answer.stderr}`);
  return answer.stdout;
}
