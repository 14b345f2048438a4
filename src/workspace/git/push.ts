// Pushes what an attempt committed: from the shadow, by sha, to a URL from before the agent ran.
import { isTrunk } from '../../core/trunk.ts';
import { isRefName } from '../refs.ts';
import { pushEnvironment } from './environment.ts';
import { requireSha } from './history.ts';
import { anonymousUrl, checkPushUrl } from './remote.ts';
import { GitError, PUSH_DEADLINE_MS, runGit } from './run-git.ts';
import { refreshShadow, type Shadow } from './shadow.ts';
import type { Tag } from './tags.ts';

export interface PushRequest {
  readonly sha: string;
  /** Short name; the same here and there. */
  readonly branch: string;
  readonly url: string;
  readonly tags: readonly Tag[];
}

export interface PushResult {
  /** The branch is there now (tags may have been rejected all the same). */
  readonly ok: boolean;
  /** The remote did not have the branch before. */
  readonly newBranch: boolean;
  /** Full names of the refs that were written or up to date. */
  readonly pushed: readonly string[];
  readonly rejected: readonly { readonly ref: string; readonly why: string }[];
  /** One line for people; holds the remote's words, hostile until sanitized. */
  readonly message: string;
}

/**
 * Pushes a commit and new tags, never with force and never to main or master. The person's own git
 * configuration serves for credentials, nothing of the repository's; no hook runs.
 *
 * @param person the environment with the person's home and ssh agent
 */
export async function push(
  shadow: Shadow,
  request: PushRequest,
  person: NodeJS.ProcessEnv = process.env,
): Promise<PushResult> {
  const { sha, branch, tags } = request;
  if (isTrunk(branch)) return refused(`not pushed: ralph-tui never pushes to ${branch}; work on another branch`);
  if (!isRefName(branch)) return refused('not pushed: the branch has a name that git does not allow');
  const target = await checkPushUrl(shadow.repository, request.url);
  if ('why' in target) return refused(`not pushed: ${target.why}`);
  const branchRef = `refs/heads/${branch}`;
  const specs = tags.filter((tag) => isRefName(tag.name)).map((tag) => `${requireSha(tag.sha)}:refs/tags/${tag.name}`);
  const flags = [
    '--porcelain',
    '--no-verify',
    '--no-force',
    '--no-follow-tags',
    '--no-signed',
    '--recurse-submodules=no',
  ];
  try {
    await refreshShadow(shadow);
    const answer = await runGit(['push', ...flags, '--', target.url, `${requireSha(sha)}:${branchRef}`, ...specs], {
      environment: pushEnvironment(shadow.path, shadow.searchPath, person),
      folder: shadow.path,
      deadlineMs: PUSH_DEADLINE_MS,
    });
    return toResult(answer.stdout.toString('utf8'), answer.stderr, branchRef, request.url);
  } catch (error) {
    if (error instanceof GitError) return refused(`not pushed: ${error.message}`);
    throw error;
  }
}

/** Reads `git push --porcelain`: flag, TAB, from:to, TAB, summary and reason (git-push(1), "Output"). */
function toResult(stdout: string, stderr: string, branchRef: string, url: string): PushResult {
  const lines = [...stdout.matchAll(/^([ +\-*!=])\t[^\t]*?:(refs\/[^\t]+)\t(.*)$/gm)];
  const pushed = lines.filter(([, flag]) => flag !== '!').map(([, , ref = '']) => ref);
  const rejected = lines.filter(([, flag]) => flag === '!').map(([, , ref = '', why = '']) => ({ ref, why }));
  const ok = pushed.includes(branchRef);
  const newBranch = lines.some(([, flag, ref]) => flag === '*' && ref === branchRef);
  const message = describe(ok, rejected, stderr).replaceAll(url, anonymousUrl(url));
  return { ok, newBranch, pushed, rejected, message };
}

function describe(ok: boolean, rejected: PushResult['rejected'], stderr: string): string {
  const reasons = rejected.map(({ ref, why }) => `${ref.replace(/^refs\/(heads|tags)\//, '')} ${why}`);
  if (reasons.length > 0) return `${ok ? 'pushed, but not' : 'not pushed:'} ${reasons.join('; ')}`;
  if (ok) return 'pushed';
  const lines = stderr.split('\n');
  const reason = lines.find((line) => /^(fatal|error|ssh|remote):/.test(line)) ?? lines[0];
  return `not pushed: ${reason || 'git gave no reason'}`;
}

function refused(message: string): PushResult {
  return { ok: false, newBranch: false, pushed: [], rejected: [], message };
}
