// What follows when an attempt is sealed: the outcome's rule, the streaks, and what a person asked for.
import { assertNever } from '../assert-never.ts';
import type { Effect } from '../effects.ts';
import type { AttemptSealed, PauseReason, WaitKind } from '../events.ts';
import { OUTCOME_RULES, type Outcome, type OutcomeKind } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { RunState } from '../state/run-state.ts';
import { finish, pause, record } from './decisions.ts';
import { contradictedClaim } from './done.ts';
import { gate } from './gate.ts';
import { gaveUpMessage } from './gave-up.ts';
import { thenResume } from './help.ts';
import { waitForReset } from './usage-limit.ts';

/** The effects after the attempt in `state.lastSealed`, at the time `state.at`. */
export function afterSeal(state: RunState, policy: Policy): Effect[] {
  const sealed = state.lastSealed;
  if (sealed === null) return [];
  const { outcome } = sealed.receipt;
  const asked = state.stopAskedOfLast;
  if (asked?.next === 'finish') return [finish(state, 'stopped', stoppedMessage(sealed))];
  if (asked?.next === 'pause') return [pause(afterStop(sealed))];
  return [...claimWarning(sealed), ...byRule(state, sealed, outcome, policy)];
}

function byRule(state: RunState, sealed: AttemptSealed, outcome: Outcome, policy: Policy): Effect[] {
  const rule = OUTCOME_RULES[outcome.kind];
  const inRow = state.streak?.count ?? 1;
  if (rule.bad && inRow >= policy.badStreakLimit) {
    return [finish(state, 'gave_up', gaveUpMessage(state, inRow, outcome))];
  }
  // Nobody who asked for a stop wants to mend something or to wait first.
  if (state.stopAfterAsked) return gate(state, sealed.survey, policy);
  if (rule.next === 'needs_you') return [pause(needsYou(sealed))];
  if (state.pauseAsked) return gate(state, sealed.survey, policy);
  switch (rule.next) {
    case 'next_iteration':
    case 'next_attempt':
    case 'as_asked':
      return planWithoutPlan(state, sealed, policy) ?? gate(state, sealed.survey, policy);
    case 'next_iteration_after_pause':
      return [wait(state, 'after_oom', policy.afterOomMs, outcome.message)];
    case 'one_more_attempt':
      return inRow > 1 ? [pause(needsYou(sealed))] : gate(state, sealed.survey, policy);
    case 'wait_until_reset':
      if (outcome.resetsAt === null)
        return [wait(state, 'usage_limit', pick(policy.unknownResetMs, inRow), outcome.message)];
      return [waitForReset(state, outcome.resetsAt, sealed.survey.accountLimit?.place ?? 0, outcome.message, policy)];
    case 'back_off':
      if (inRow >= policy.transientLimit)
        return [finish(state, 'gave_up', `${inRow} times in a row: ${outcome.message}`)];
      return [wait(state, 'back_off', pick(policy.transientBackoffMs, inRow), outcome.message)];
    case 'wait_for_engine':
      return [wait(state, 'engine', policy.engineAwayMs, outcome.message)];
    default:
      return assertNever(rule.next);
  }
}

function wait(state: RunState, kind: WaitKind, durationMs: number, why: string): Effect {
  return record({ type: 'waiting', kind, until: new Date(Date.parse(state.at) + durationMs).toISOString(), why });
}

/** The n-th of the durations, from 1; the last one repeats. */
function pick(durationsMs: readonly number[], n: number): number {
  return durationsMs[Math.min(n, durationsMs.length) - 1] ?? 0;
}

/** A planning run whose agent writes no plan would go on for ever: the plan never stays “unchanged”. */
function planWithoutPlan(state: RunState, sealed: AttemptSealed, policy: Policy): Effect[] | null {
  if (
    state.options.mode === 'build' ||
    sealed.survey.planHash !== null ||
    (state.streak?.count ?? 0) < policy.badStreakLimit
  )
    return null;
  return [finish(state, 'gave_up', `${policy.badStreakLimit} iterations wrote no ${state.options.planFile}`)];
}

function claimWarning(sealed: AttemptSealed): Effect[] {
  const message = contradictedClaim(sealed.receipt, sealed.survey);
  return message === null ? [] : [record({ type: 'warned', message })];
}

function stoppedMessage(sealed: AttemptSealed): string {
  return `stopped by you in iteration ${sealed.iteration}`;
}

function afterStop(sealed: AttemptSealed): PauseReason {
  return {
    kind: 'after_stop',
    message: `attempt ${sealed.iteration}.${sealed.attempt}: ${sealed.receipt.outcome.message}`,
    help: 'same iteration again: ralph-tui restart · next: ralph-tui resume --next · end: ralph-tui stop',
    headlessExit: null,
  };
}

function needsYou(sealed: AttemptSealed): PauseReason {
  const { kind, message } = sealed.receipt.outcome;
  return {
    kind: 'outcome',
    message: `${message} · iteration ${sealed.iteration} kept`,
    ...thenResume(REMEDIES[kind] ?? 'see ralph-tui logs'),
    headlessExit: kind === 'config' && sealed.receipt.exitCode === null ? 'environment' : 'needs_person',
  };
}

const REMEDIES: Partial<Record<OutcomeKind, string>> = {
  auth: 'ralph-tui login',
  billing: 'add credit or ask your admin',
  config: 'mend what the message names',
  killed: 'see who kills it (ralph-tui logs)',
};
