// One step of the loop: a fact comes in, the new state and what is to be done about it come out.
import { assertNever } from '../assert-never.ts';
import { sameAttempt } from '../attempt-ref.ts';
import type { Effect } from '../effects.ts';
import type { CheckEnded, Event } from '../events.ts';
import { DEFAULT_POLICY, type Policy } from '../policy.ts';
import { apply } from '../state/apply.ts';
import { isPausedForSpace } from '../state/paused-for-space.ts';
import type { RunState } from '../state/run-state.ts';
import { afterSeal } from './after-seal.ts';
import { endSandbox, follow, followSandbox, refOf, removeLeft } from './attempt-effects.ts';
import { commanded } from './commanded.ts';
import { record } from './decisions.ts';
import { gate } from './gate.ts';
import { thenResume } from './help.ts';
import { instructionChanges } from './instruction-changes.ts';
import { pushAfter, pushWarning } from './pushing.ts';
import { takeUp } from './take-up.ts';
import { awaitSpace, remindAgain, whilePaused } from './while-paused.ts';

/** Pure: no clock, no randomness, no I/O; the time is in the event. */
export function step(
  state: RunState | null,
  event: Event,
  policy: Policy = DEFAULT_POLICY,
): { state: RunState; effects: Effect[] } {
  const next = apply(state, event);
  return { state: next, effects: [...marks(state, next, event), ...decide(state, next, event, policy)] };
}

/** What people look back at, and nothing follows from. */
function marks(before: RunState | null, state: RunState, event: Event): Effect[] {
  if (before === null) return [];
  return instructionChanges(before, state, event).map((change) => record({ type: 'instructions_changed', ...change }));
}

function decide(before: RunState | null, state: RunState, event: Event, policy: Policy): Effect[] {
  if (before?.phase.name === 'finished') return windUp(state, event);
  switch (event.type) {
    case 'run_started':
    case 'sandbox_removed':
    case 'plan_changed':
    case 'commits_seen':
    case 'warned':
    case 'instructions_changed':
    case 'engine_away':
      return [];
    case 'supervisor_started':
      return [...removeLeft(state), ...takeUp(state, event, policy)];
    case 'attempt_starting':
      return [];
    case 'attempt_started':
      return follow(state.current, policy);
    case 'attempt_start_failed':
    case 'attempt_exited':
      return sameAttempt(state.current, event) ? [{ type: 'seal', ref: refOf(event) }] : [];
    case 'attempt_sealed':
      return [...removeLeft(state), ...(pushAfter(state) ?? afterSeal(state, policy))];
    case 'pushed':
      return state.phase.name === 'between' ? [...pushWarning(event), ...afterSeal(state, policy)] : [];
    case 'mode_changed':
      return [{ type: 'survey' }];
    case 'attempt_overdue':
      return endOverdue(before, state, policy);
    case 'check_started':
      // A stop that came just before has found nothing to end.
      return state.stopAfterAsked ? [{ type: 'end_check' }] : [];
    case 'check_ended':
      return afterCheck(state, event, policy);
    case 'reminder_due':
      return remindAgain(state, event.since, policy);
    case 'surveyed':
      return state.phase.name === 'between' || state.phase.name === 'starting' ? gate(state, event.survey, policy) : [];
    case 'command_received':
      return commanded(before, state, event, policy);
    case 'woke':
      return waitIsOver(before, state) ? [{ type: 'survey' }] : [];
    case 'engine_seen':
      return engineSeen(before, state, event.answers);
    case 'space_seen':
      return before !== null && isPausedForSpace(before) && state.phase.name === 'between' ? [{ type: 'survey' }] : [];
    case 'waiting':
      return [
        event.kind === 'engine' ? { type: 'await_engine', until: event.until } : { type: 'wake', until: event.until },
      ];
    case 'paused':
      return [...whilePaused(state, event.reason, event.at, policy), ...awaitSpace(state)];
    case 'finished':
      return [
        ...endSandbox(state.current),
        { type: 'notify', what: 'finished', message: event.message, help: event.nextCommand },
        { type: 'exit' },
      ];
    default:
      return assertNever(event);
  }
}

/** The run is over; an attempt that an internal error overtook is ended and gets its receipt. */
function windUp(state: RunState, event: Event): Effect[] {
  switch (event.type) {
    case 'attempt_started':
      return [...followSandbox(state.current), ...endSandbox(state.current)];
    case 'attempt_start_failed':
    case 'attempt_exited':
      return sameAttempt(state.current, event) ? [{ type: 'seal', ref: refOf(event) }] : [];
    case 'attempt_sealed':
      return removeLeft(state);
    case 'supervisor_started':
      return [...removeLeft(state), ...followSandbox(state.current), ...endSandbox(state.current), { type: 'exit' }];
    default:
      return [];
  }
}

/** A check that could not run to its end has said nothing: it is asked again when the engine is back. */
function afterCheck(state: RunState, { ok, exitCode, tail, at }: CheckEnded, policy: Policy): Effect[] {
  if (ok || exitCode !== null || state.stopAfterAsked) return [{ type: 'survey' }];
  const until = new Date(Date.parse(at) + policy.engineAwayMs).toISOString();
  return [record({ type: 'waiting', kind: 'engine', until, why: `the check could not run: ${tail}` })];
}

/** What a person did to the attempt before counts more; and a flood drowns whoever asks politely. */
function endOverdue(before: RunState | null, state: RunState, policy: Policy): Effect[] {
  const { current } = state;
  if (current === null || current.sandboxId === null || current.exit !== null || current.stopAsked !== null) return [];
  if (before?.current?.overdue !== null) return [];
  if (current.overdue?.why === 'flood') return [{ type: 'kill', sandboxId: current.sandboxId }];
  return [{ type: 'stop', sandboxId: current.sandboxId, graceMs: policy.stopGraceMs }];
}

/** A second survey would begin a second attempt: only what ends the wait that is asks for one. */
function waitIsOver(before: RunState | null, state: RunState): boolean {
  return before?.phase.name === 'waiting' && state.phase.name === 'between';
}

function engineSeen(before: RunState | null, state: RunState, answers: boolean): Effect[] {
  if (answers) return waitIsOver(before, state) ? [{ type: 'survey' }] : [];
  if (state.phase.name !== 'waiting' || state.phase.kind !== 'engine') return [];
  return [
    record({
      type: 'paused',
      reason: {
        kind: 'outcome',
        message: `the engine is still away: ${state.phase.why}`,
        ...thenResume('start it'),
        headlessExit: 'environment',
      },
    }),
  ];
}
