// What a person should know about a start before money is spent, and that stops nothing.
import type { RunOptions } from '../../core/options.ts';
import { isTrunk } from '../../core/trunk.ts';
import { rememberRemote } from '../../workspace/git/remote.ts';
import { readHead } from '../../workspace/head.ts';
import type { Repository } from '../../workspace/locate.ts';
import { readPlan } from '../../workspace/read-plan.ts';

/** One line each. */
export async function startWarnings(repository: Repository, options: RunOptions): Promise<string[]> {
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
    ...(options.push && branch !== null ? await pushWarnings(repository, branch) : []),
  ];
}

async function pushWarnings(repository: Repository, branch: string): Promise<string[]> {
  if (isTrunk(branch)) return [`--push never pushes to ${branch}`];
  const remote = await rememberRemote(repository, branch);
  return remote === null ? ['--push has no remote to push to; add one with: git remote add origin URL'] : [];
}
