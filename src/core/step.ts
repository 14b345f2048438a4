// One step of the loop: a fact comes in, the new state and what is to be done about it come out.
import { afterSeal } from './after-seal.ts';
import { apply } from './apply.ts';
import { assertNever } from './assert-never.ts';
import type { AttemptRef } from './attempt-ref.ts';
import { finish, record } from './decisions.ts';
import type { Effect } from './effects.ts';
import type { CheckEnded, Event, PauseReason, SupervisorStarted } from './events.ts';
import { gate } from './gate.ts';
import { instructionChanges } from './instructions.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { CurrentAttempt, RunState } from './run-state.ts';

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
      return [];
    case 'supervisor_started':
      return [...removeLeft(state), ...takeUp(state, event, policy)];
    case 'attempt_starting':
      return [];
    case 'attempt_started':
      return follow(state.current, policy);
    case 'attempt_start_failed':
    case 'attempt_exited':
      return isCurrent(state, event) ? [{ type: 'seal', ref: refOf(event) }] : [];
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
    case 'waiting':
      return [
        event.kind === 'engine' ? { type: 'await_engine', until: event.until } : { type: 'wake', until: event.until },
      ];
    case 'paused':
      return whilePaused(state, event.reason, event.at, policy);
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
      return isCurrent(state, event) ? [{ type: 'seal', ref: refOf(event) }] : [];
    case 'attempt_sealed':
      return removeLeft(state);
    case 'supervisor_started':
      return [...removeLeft(state), ...followSandbox(state.current), ...endSandbox(state.current), { type: 'exit' }];
    default:
      return [];
  }
}

/** Headless, nobody is there to help; else whoever can is told, and told again. */
function whilePaused(state: RunState, reason: PauseReason, since: string, policy: Policy): Effect[] {
  if (reason.headlessExit === null) return [];
  const { message, help } = reason;
  if (state.headless) return [finish(state, reason.headlessExit, help === null ? message : `${message} · ${help}`)];
  return [{ type: 'notify', what: 'needs_you', message, help }, remind(state, since, policy)];
}

function remindAgain(state: RunState, since: string, policy: Policy): Effect[] {
  const { phase } = state;
  return phase.name === 'paused' && phase.since === since ? whilePaused(state, phase.reason, since, policy) : [];
}

/** Whoever started the supervisor again is there; others are told at the usual time. */
function remindOf(
  state: RunState,
  { reason, since }: { reason: PauseReason; since: string },
  policy: Policy,
): Effect[] {
  return reason.headlessExit === null ? [] : [remind(state, since, policy)];
}

function remind(state: RunState, since: string, policy: Policy): Effect {
  return { type: 'remind', at: new Date(Date.parse(state.at) + policy.remindEveryMs).toISOString(), since };
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

/** A supervisor begins, or begins again: go on from what the journal says and what really exists. */
function takeUp(state: RunState, event: SupervisorStarted, policy: Policy): Effect[] {
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
      return state.headless ? whilePaused(state, phase.reason, phase.since, policy) : remindOf(state, phase, policy);
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

function follow(current: CurrentAttempt | null, policy: Policy): Effect[] {
  if (current === null || current.sandboxId === null) return [];
  return [...followSandbox(current), ...stopEffects(current, current.sandboxId, policy.stopGraceMs)];
}

function followSandbox(current: CurrentAttempt | null): Effect[] {
  if (current === null || current.sandboxId === null || current.exit !== null) return [];
  return [{ type: 'follow', ref: refOf(current), sandboxId: current.sandboxId }];
}

function endSandbox(current: CurrentAttempt | null): Effect[] {
  if (current === null || current.sandboxId === null || current.exit !== null) return [];
  return [{ type: 'kill', sandboxId: current.sandboxId }];
}

function removeLeft({ leftSandbox }: RunState): Effect[] {
  return leftSandbox === null ? [] : [{ type: 'remove', ref: refOf(leftSandbox), sandboxId: leftSandbox.sandboxId }];
}

function refOf({ iteration, attempt }: AttemptRef): AttemptRef {
  return { iteration, attempt };
}

function stopEffects(current: CurrentAttempt, sandboxId: string, graceMs: number): Effect[] {
  if (current.stopAsked === null) return [];
  return [current.stopAsked.kind === 'kill' ? { type: 'kill', sandboxId } : { type: 'stop', sandboxId, graceMs }];
}

function isCurrent(state: RunState, ref: { iteration: number; attempt: number }): boolean {
  return state.current?.iteration === ref.iteration && state.current.attempt === ref.attempt;
}

/** Pushing comes before what follows, so that the end of a run is not printed before its work is out. */
function pushAfter(state: RunState): Effect[] | null {
  const { options, head, branch, lastPush } = state;
  if (!options.push || state.pushTarget === null || head === null || branch === null) return null;
  // What was committed on another branch does not belong on this one.
  if (state.lastSealed?.survey.branch !== branch) return null;
  if (lastPush?.ok === true && lastPush.head === head) return null;
  if (lastPush === null && head === state.lastSealed?.before.head) return null;
  return [{ type: 'push', branch, head }];
}

function pushWarning(event: Extract<Event, { type: 'pushed' }>): Effect[] {
  return event.ok ? [] : [record({ type: 'warned', message: `push failed: ${event.message}` })];
}

function commanded(
  before: RunState | null,
  state: RunState,
  event: Extract<Event, { type: 'command_received' }>,
  policy: Policy,
): Effect[] {
  const { command } = event;
  const wasIdle = before?.phase.name === 'paused' || before?.phase.name === 'waiting';
  switch (command.name) {
    case 'pause':
      return state.phase.name === 'waiting'
        ? [record({ type: 'paused', reason: pausedWhileWaiting(state.phase.why) })]
        : [];
    case 'resume':
      return wasIdle ? [{ type: 'survey' }] : [];
    case 'restart':
      if (wasIdle) return [{ type: 'survey' }];
      return stopCurrent(state, policy);
    case 'stop':
      if (before?.phase.name === 'checking' && command.when === 'now') return [{ type: 'end_check' }];
      if (wasIdle && command.when !== 'attempt') return [finish(state, 'stopped', 'stopped by you')];
      return command.when === 'after_iteration' ? [] : stopCurrent(state, policy);
    case 'kill':
      return stopCurrent(state, policy);
    case 'note_edit':
      return [{ type: 'survey' }];
    case 'set_max':
    case 'set_mode':
      return [];
    default:
      return assertNever(command);
  }
}

function stopCurrent(state: RunState, policy: Policy): Effect[] {
  const { current } = state;
  return current === null || current.sandboxId === null
    ? []
    : stopEffects(current, current.sandboxId, policy.stopGraceMs);
}

function pausedWhileWaiting(why: string) {
  return {
    kind: 'asked',
    message: `paused by you while waiting: ${why}`,
    help: 'ralph-tui resume',
    headlessExit: null,
  } as const;
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
        help: 'start it, then: ralph-tui resume',
        headlessExit: 'environment',
      },
    }),
  ];
}
