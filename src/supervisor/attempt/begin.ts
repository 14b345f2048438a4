// Begins an attempt: prompt, folders and command are put together, the intent is journaled, the sandbox starts.
import { randomUUID } from 'node:crypto';
import type { AttemptRef } from '../../core/events.ts';
import { type AttemptSpec, SandboxError, type SandboxId, sandboxName } from '../../core/sandbox.ts';
import { readIdentity } from '../../workspace/git/identity.ts';
import type { SupervisorContext } from '../context.ts';
import { cacheVolumeOf, type RunSandbox } from '../run-sandbox.ts';
import { fillExchange } from './exchange.ts';
import { placesInContainer, placesOnHost } from './places.ts';
import { PromptError, preparedPrompt, promptHash } from './prompt.ts';
import { type PreparedAttempt, prepareAttempt } from './spec.ts';

interface Ready extends PreparedAttempt {
  readonly promptHash: string;
}

interface Failed {
  readonly failure: { readonly code: SandboxError['code'] | 'workspace'; readonly message: string };
}

/** Ends with `attempt_started` or `attempt_start_failed`. */
export async function beginAttempt(context: SupervisorContext, sandbox: RunSandbox, ref: AttemptRef): Promise<void> {
  const survey = await context.facts.look();
  const prepared = await prepare(context, sandbox, ref).catch(asFailure);
  const ready = 'failure' in prepared ? null : prepared;
  context.dispatch({
    type: 'attempt_starting',
    ...ref,
    sandboxName: sandboxName(context.run, ref.iteration, ref.attempt),
    sessionId: ready?.sessionId ?? null,
    promptHash: ready?.promptHash ?? '',
    argv: ready?.spec.argv ?? [],
    survey,
    memoryLimitBytes: sandbox.engine === null ? null : context.state().options.memoryBytes,
  });
  const outcome = 'failure' in prepared ? prepared : await start(context, prepared.spec).catch(asFailure);
  if ('failure' in outcome) context.dispatch({ type: 'attempt_start_failed', ...ref, ...outcome.failure });
  else context.dispatch({ type: 'attempt_started', ...ref, ...outcome });
}

async function start(context: SupervisorContext, spec: AttemptSpec): Promise<{ readonly sandboxId: SandboxId }> {
  await clearLeftovers(context);
  return { sandboxId: await context.provider.start(spec) };
}

async function prepare(context: SupervisorContext, sandbox: RunSandbox, ref: AttemptRef): Promise<Ready> {
  const { repository, folders, run } = context;
  const { options } = context.state();
  const { prompt } = await preparedPrompt(repository.top, context.state());
  const exchange = await fillExchange(folders, run, ref, prompt, repository.owner);
  const cacheVolume = await cacheVolumeOf(sandbox, context.namespace, repository, folders, options.image);
  const places = cacheVolume === null ? placesOnHost(exchange) : placesInContainer(repository, exchange, cacheVolume);
  const prepared = prepareAttempt({
    run,
    ref,
    namespace: context.namespace,
    repository,
    folders,
    options,
    login: context.login,
    identity: await readIdentity(context.environment),
    sessionId: randomUUID(),
    places,
  });
  return { ...prepared, promptHash: promptHash(prompt) };
}

/** An earlier attempt whose end nobody saw may still run: two agents in one repository destroy each other's work. */
async function clearLeftovers(context: SupervisorContext): Promise<void> {
  const { provider, namespace, run } = context;
  for (const { id, name, state } of await provider.find({ namespace, run })) {
    if (state === 'running' || state === 'paused') {
      context.say(`${name} is still there; it is killed before the next attempt starts`);
      await provider.kill(id);
    }
    await provider.remove(id);
  }
}

function asFailure(error: unknown): Failed {
  if (error instanceof SandboxError) return { failure: { code: error.code, message: error.message } };
  if (error instanceof PromptError) return { failure: { code: 'workspace', message: error.message } };
  throw error;
}
