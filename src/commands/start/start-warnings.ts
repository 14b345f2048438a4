// What a person should know about a start before money is spent, and that stops nothing.
import { isTrunk } from '../../core/trunk.ts';
import { plural } from '../../text/plural.ts';
import { uncommitted } from '../../workspace/git/changes.ts';
import { rememberRemote } from '../../workspace/git/remote.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { readHead } from '../../workspace/head.ts';
import type { Repository } from '../../workspace/locate.ts';
import { readPlan } from '../../workspace/read-plan.ts';
import type { PreflightRequest } from './preflight.ts';

/** One line each. */
export async function startWarnings(request: PreflightRequest): Promise<string[]> {
  const { repository, options } = request;
  const head = await readHead(repository);
  const branch = head.ok ? head.branch : null;
  const plan = await readPlan(repository.top, options.planFile);
  return [
    ...(plan.snapshot === null && options.mode === 'build'
      ? [`there is no ${options.planFile}; make one with: ralph-tui plan`]
      : []),
    ...(options.sandbox === 'docker' && repository.owner.uid === 0
      ? ['the repository belongs to root, so the agent runs as root in its container, without any capability']
      : []),
    ...(options.sandbox === 'docker' && options.network.kind === 'none'
      ? ['--network none: the agent reaches nothing, its own API included']
      : []),
    ...(options.sandbox === 'host'
      ? ['host sandbox: the agent can reach everything that you can, and no memory limit holds']
      : []),
    ...(head.ok && branch === null
      ? ['HEAD is detached, so commits will be on no branch; make one first with: git checkout -b ralph/your-work']
      : []),
    ...(head.ok ? await uncommittedWarning(request, head.sha) : []),
    ...(options.push && branch !== null ? await pushWarnings(repository, branch) : []),
  ];
}

/** Most agents commit with `git add --all`. */
async function uncommittedWarning(
  { repository, folders, environment }: PreflightRequest,
  head: string | null,
): Promise<string[]> {
  const shadow = await openShadow(repository, folders.shadowGit, environment.PATH);
  // Nothing that git cannot tell stops a start.
  const changes = await uncommitted(shadow, head).catch(() => 'unknown' as const);
  if (changes === 'unknown' || changes.length === 0) return [];
  const are = changes.length === 1 ? 'is' : 'are';
  return [`${plural(changes.length, 'file')} ${are} uncommitted, and may become part of the agent's commits`];
}

async function pushWarnings(repository: Repository, branch: string): Promise<string[]> {
  if (isTrunk(branch)) return [`--push never pushes to ${branch}`];
  const remote = await rememberRemote(repository, branch);
  return remote === null ? ['--push has no remote to push to; add one with: git remote add origin URL'] : [];
}
