// What a new run begins with: the first fact of its journal, and the remote that it pushes to.
import type { UndatedEvent } from '../core/effects.ts';
import type { PushTarget } from '../core/events.ts';
import type { Survey } from '../core/survey.ts';
import { anonymousUrl, hasRemote, rememberRemote } from '../workspace/git/remote.ts';
import { readHead } from '../workspace/head.ts';
import type { Repository } from '../workspace/locate.ts';
import { findPrompt, promptHash } from './attempt/prompt.ts';
import type { SupervisorContext } from './context.ts';
import { type RunSandbox, sandboxVersions } from './run-sandbox.ts';
import type { SuperviseRequest } from './supervise-request.ts';

/** Looked up before the agent runs, since it can write the repository's configuration. */
export async function targetOfPushes(repository: Repository): Promise<PushTarget | null> {
  const head = await readHead(repository);
  if (!head.ok || head.branch === null) return null;
  const remote = await rememberRemote(repository, head.branch);
  return remote && { remote: remote.name, url: remote.url };
}

export async function runStarted(
  { options, typed, versions, headless }: NonNullable<SuperviseRequest['begin']>,
  context: SupervisorContext,
  survey: Survey,
  sandbox: RunSandbox,
  target: PushTarget | null,
): Promise<UndatedEvent> {
  const prompt = await findPrompt(context.repository.top, options);
  return {
    type: 'run_started',
    run: context.run,
    repositoryPath: context.repository.top,
    repositoryKey: context.folders.key,
    options,
    typed,
    headless,
    versions: { ...versions, node: process.versions.node, ...(await sandboxVersions(sandbox, options.image)) },
    prompt: { source: prompt.source, hash: promptHash(prompt.text) },
    survey,
    // A password in it stays out of the journal; after a recovery the person's credential helper has to know it.
    pushTarget: target && { ...target, url: anonymousUrl(target.url) },
    hasRemote: await hasRemote(context.repository),
    whoPays: context.login.current.whoPays,
  };
}
