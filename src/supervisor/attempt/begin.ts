// Begins an attempt: prompt, folders and command are put together, the intent is journaled, the sandbox starts.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { gate } from '../../core/decide/gate.ts';
import { type AttemptSpec, SandboxError, type SandboxId, sandboxName } from '../../core/sandbox.ts';
import type { Survey } from '../../core/survey.ts';
import type { AgentLogin } from '../agent-login.ts';
import type { SupervisorContext } from '../context.ts';
import type { RunSandbox } from '../run-sandbox.ts';
import { clearLeftovers } from './leftovers.ts';
import { PromptError, preparedPrompt, promptHash } from './prompt.ts';
import { type PreparedAttempt, prepareAttempt } from './spec.ts';
import { specRequest } from './spec-request.ts';
import { keepWorkTreeBefore } from './work-tree.ts';

interface Ready extends PreparedAttempt {
  readonly promptHash: string;
}

interface Failed {
  readonly failure: { readonly code: SandboxError['code'] | 'workspace'; readonly message: string };
}

/**
 * Ends with `attempt_started` or `attempt_start_failed`; with `surveyed` when something came between.
 * @param removing sandboxes of earlier attempts that are being removed already
 */
export async function beginAttempt(
  context: SupervisorContext,
  sandbox: RunSandbox,
  ref: AttemptRef,
  removing: ReadonlySet<SandboxId>,
): Promise<void> {
  const keeping = keepWorkTreeBefore(context, ref);
  const [survey, login] = await Promise.all([context.facts.look(), context.login.refresh()]);
  const prepared = await prepare(context, sandbox, ref).catch(asFailure);
  const foundCommit = await keeping;
  // Preparing takes its time: a person may have asked for a stop since, or changed the branch.
  if (!isStillWanted(context, survey, login)) {
    if (login.missing !== null) context.say(login.missing);
    return context.dispatch({ type: 'surveyed', survey, hasSecrets: login.present });
  }
  const ready = 'failure' in prepared ? null : prepared;
  context.dispatch({
    type: 'attempt_starting',
    ...ref,
    sandboxName: sandboxName(context.run, ref.iteration, ref.attempt),
    sessionId: ready?.sessionId ?? null,
    promptHash: ready?.promptHash ?? '',
    argv: ready?.spec.argv ?? [],
    survey,
    foundCommit,
    memoryLimitBytes: sandbox.engine === null ? null : context.state().options.memoryBytes,
  });
  const outcome = 'failure' in prepared ? prepared : await start(context, prepared.spec, removing).catch(asFailure);
  if ('failure' in outcome) context.dispatch({ type: 'attempt_start_failed', ...ref, ...outcome.failure });
  else context.dispatch({ type: 'attempt_started', ...ref, ...outcome });
}

/** An attempt whose beginning is in the journal is begun again in any case; any other has to pass the gate. */
function isStillWanted(context: SupervisorContext, survey: Survey, login: AgentLogin): boolean {
  const state = context.state();
  if (state.phase.name === 'running') return true;
  return (
    login.present &&
    state.phase.name !== 'finished' &&
    gate(state, survey, context.policy).some(({ type }) => type === 'begin')
  );
}

async function start(
  context: SupervisorContext,
  spec: AttemptSpec,
  removing: ReadonlySet<SandboxId>,
): Promise<{ readonly sandboxId: SandboxId }> {
  await clearLeftovers(context, removing);
  return { sandboxId: await context.provider.start(spec) };
}

async function prepare(context: SupervisorContext, sandbox: RunSandbox, ref: AttemptRef): Promise<Ready> {
  const { prompt } = await preparedPrompt(context.repository.top, context.state());
  const request = await specRequest(context, sandbox, ref, prompt);
  return { ...prepareAttempt(request), promptHash: promptHash(prompt) };
}

function asFailure(error: unknown): Failed {
  if (error instanceof SandboxError) return { failure: { code: error.code, message: error.message } };
  if (error instanceof PromptError) return { failure: { code: 'workspace', message: error.message } };
  throw error;
}
