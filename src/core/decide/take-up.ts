// A supervisor begins, or begins again after it died: what goes on from where.
import { assertNever } from '../assert-never.ts';
import type { Effect } from '../effects.ts';
import type { SupervisorStarted } from '../events.ts';
import type { Policy } from '../policy.ts';
import type { CurrentAttempt, RunState } from '../state/run-state.ts';
import { afterSeal } from './after-seal.ts';
import { refOf, stopEffects } from './attempt-effects.ts';
import { finish, record } from './decisions.ts';
import { gate } from './gate.ts';
import { pushAfter } from './pushing.ts';
import { awaitSpace, pausedWhileWaiting, remindOf, whilePaused } from './while-paused.ts';

/** Goes on from what the journal says and what really exists. */
export function takeUp(state: RunState, event: SupervisorStarted, policy: Policy): Effect[] {
  const { phase, current } = state;
  switch (phase.name) {
    case 'starting':
      return gate(state, event.survey, policy);
    case 'between':
      return state.undecided ? (pushAfter(state) ?? afterSeal(state, policy)) : gate(state, event.survey, policy);
    case 'running':
      return current === null ? gate(state, event.survey, policy) : takeUpAttempt(state, current, event);
    case 'waiting':
      if (state.stopAfterAsked) return [finish(state, 'stopped', 'stopped by you')];
      if (state.pauseAsked) return [record({ type: 'paused', reason: pausedWhileWaiting(phase.why) })];
      return [
        phase.kind === 'engine' ? { type: 'await_engine', until: phase.until } : { type: 'wake', until: phase.until },
      ];
    case 'paused':
      if (state.stopAfterAsked) return [finish(state, 'stopped', 'stopped by you')];
      if (state.headless) return whilePaused(state, phase.reason, phase.since, policy);
      return [...remindOf(state, phase, policy), ...awaitSpace(state)];
    case 'checking':
      return state.options.until === null
        ? gate(state, event.survey, policy)
        : [{ type: 'check', command: state.options.until }];
    case 'finished':
      return [{ type: 'exit' }];
    default:
      return assertNever(phase);
  }
}

function takeUpAttempt(state: RunState, current: CurrentAttempt, { found }: SupervisorStarted): Effect[] {
  const ref = refOf(current);
  if (current.exit !== null || current.startFailed !== null) return [{ type: 'seal', ref }];
  if (current.sandboxId !== null) {
    // Follow it even if it is gone: its provider answers with an end that nobody knows.
    return [
      { type: 'follow', ref, sandboxId: found?.id ?? current.sandboxId },
      ...stopEffects(current, current.sandboxId, 0),
    ];
  }
  if (found !== null && found.state !== 'created')
    return [record({ type: 'attempt_started', ...ref, sandboxId: found.id })];
  if (state.supervisor?.hasSecrets === false || current.stopAsked !== null)
    return [
      record({
        type: 'attempt_start_failed',
        ...ref,
        code: 'engine_away',
        message: 'the supervisor died while it started the sandbox',
      }),
    ];
  // One that was created and never started is cleared away before the new start.
  return [{ type: 'begin', ref }];
}
