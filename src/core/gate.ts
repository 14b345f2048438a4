// The gate before every attempt: what has to hold for the next one to start.
import { plural } from '../text/plural.ts';
import { doneBecause } from './done.ts';
import type { Effect, UndatedEvent } from './effects.ts';
import type { PauseReason, Survey } from './events.ts';
import type { FinishReason } from './exit-code.ts';
import { nextCommand } from './next-command.ts';
import type { Policy } from './policy.ts';
import type { RunState } from './run-state.ts';

/** The effects that follow when nothing runs: the next attempt, a pause, or the end. */
export function gate(state: RunState, survey: Survey, policy: Policy): Effect[] {
  const { options } = state;
  const done = doneBecause(options.mode, survey, lastCounted(state));
  if (done !== null) return [finish(state, 'done', done)];
  if (state.stopAfterAsked) return [finish(state, 'stopped', `stopped by you after ${iterations(state)}`)];
  if (survey.problem !== null) return [pause(workspaceProblem(survey.problem))];
  if (state.branch !== null && survey.branch !== state.branch)
    return [pause(branchChanged(state.branch, survey.branch))];
  if (options.maxIterations !== null && state.iteration > options.maxIterations) {
    return [finish(state, 'max_reached', `reached the maximum of ${plural(options.maxIterations, 'iteration')}`)];
  }
  if (state.attempt > policy.attemptLimit) {
    return [
      finish(
        state,
        'gave_up',
        `iteration ${state.iteration} had ${policy.attemptLimit} attempts, none of which counted`,
      ),
    ];
  }
  if (state.pauseAsked) return [pause(ASKED)];
  if (options.step && state.stepped) return [pause(STEP)];
  if (state.supervisor?.hasSecrets === false) return [pause(NO_SECRETS)];
  return [{ type: 'begin', ref: { iteration: state.iteration, attempt: state.attempt } }];
}

/** The decision that ends the run. */
export function finish(state: RunState, reason: FinishReason, message: string): Effect {
  return record({ type: 'finished', reason, message, nextCommand: nextCommand(state, reason) });
}

/** The decision to stand still until somebody says how to go on. */
export function pause(reason: PauseReason): Effect {
  return record({ type: 'paused', reason });
}

export function record(event: UndatedEvent): Effect {
  return { type: 'record', event };
}

function iterations(state: RunState): string {
  const done = state.iteration - 1;
  return done === 0 ? 'no whole iteration' : `iteration ${done}`;
}

function lastCounted(state: RunState) {
  return state.lastSealed === null ? null : { sealed: state.lastSealed, before: state.lastSealed.before };
}

function workspaceProblem(problem: string): PauseReason {
  return { kind: 'workspace', message: problem, help: 'mend it, then: ralph-tui resume', headlessExit: 'needs_person' };
}

function branchChanged(from: string, to: string | null): PauseReason {
  return {
    kind: 'branch_changed',
    message: `the branch changed under the run, from ${from} to ${to ?? 'a detached HEAD'}`,
    help: `go back with: git checkout ${from}, then: ralph-tui resume (or resume to go on here)`,
    headlessExit: 'needs_person',
  };
}

const ASKED: PauseReason = { kind: 'asked', message: 'paused by you', help: 'ralph-tui resume', headlessExit: null };
const STEP: PauseReason = {
  kind: 'step',
  message: 'paused after the iteration (--step)',
  help: 'ralph-tui resume',
  headlessExit: null,
};
const NO_SECRETS: PauseReason = {
  kind: 'no_secrets',
  message: 'the login that the agent needs is missing',
  help: 'ralph-tui login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, then: ralph-tui resume',
  headlessExit: 'needs_person',
};
