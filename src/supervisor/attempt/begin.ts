// Begins an attempt: prompt, folders and command are put together, the intent is journaled, the sandbox starts.
import { randomUUID } from 'node:crypto';
import type { AttemptRef } from '../../core/events.ts';
import { type AttemptSpec, SandboxError, sandboxName } from '../../core/sandbox.ts';
import { readIdentity } from '../../workspace/git/identity.ts';
import type { SupervisorContext } from '../context.ts';
import { cacheVolumeOf, type RunSandbox } from '../run-sandbox.ts';
import { fillExchange } from './exchange.ts';
import { placesInContainer, placesOnHost } from './places.ts';
import { PromptError, preparedPrompt, promptHash } from './prompt.ts';
import { attemptSpec } from './spec.ts';

interface Prepared {
  readonly spec: AttemptSpec;
  readonly promptHash: string;
}

/** Ends with `attempt_started` or `attempt_start_failed`. */
export async function beginAttempt(context: SupervisorContext, sandbox: RunSandbox, ref: AttemptRef): Promise<void> {
  const survey = await context.facts.look();
  const sessionId = randomUUID();
  const prepared = await prepare(context, sandbox, ref, sessionId).catch(asFailure);
  const failed = 'failure' in prepared;
  context.dispatch({
    type: 'attempt_starting',
    ...ref,
    sandboxName: failed ? sandboxName(context.run, ref.iteration, ref.attempt) : prepared.spec.name,
    sessionId,
    promptHash: failed ? '' : prepared.promptHash,
    argv: failed ? [] : prepared.spec.argv,
    survey,
    memoryLimitBytes: sandbox.engine === null ? null : context.state().options.memoryBytes,
  });
  const failure = failed ? prepared.failure : await start(context, ref, prepared.spec);
  if (failure !== null) context.dispatch({ type: 'attempt_start_failed', ...ref, ...failure });
}

async function start(context: SupervisorContext, ref: AttemptRef, spec: AttemptSpec) {
  try {
    await clearLeftovers(context);
    const sandboxId = await context.provider.start(spec);
    context.dispatch({ type: 'attempt_started', ...ref, sandboxId });
    return null;
  } catch (error) {
    return asFailure(error).failure;
  }
}

async function prepare(
  context: SupervisorContext,
  sandbox: RunSandbox,
  ref: AttemptRef,
  sessionId: string,
): Promise<Prepared> {
  const { repository, folders, run } = context;
  const { options } = context.state();
  const { prompt } = await preparedPrompt(repository.top, context.state());
  const exchange = await fillExchange(folders, run, ref, prompt, repository.owner);
  const cacheVolume = await cacheVolumeOf(sandbox, context.namespace, repository, folders, options.image);
  const places = cacheVolume === null ? placesOnHost(exchange) : placesInContainer(repository, exchange, cacheVolume);
  const spec = attemptSpec({
    run,
    ref,
    namespace: context.namespace,
    repository,
    folders,
    options,
    login: context.login,
    identity: await readIdentity(context.environment),
    sessionId,
    places,
  });
  return { spec, promptHash: promptHash(prompt) };
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

function asFailure(error: unknown): { failure: { code: SandboxError['code'] | 'workspace'; message: string } } {
  if (error instanceof SandboxError) return { failure: { code: error.code, message: error.message } };
  if (error instanceof PromptError) return { failure: { code: 'workspace', message: error.message } };
  throw error;
}
