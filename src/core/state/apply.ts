// The fold of the journal: `apply` records facts and decides nothing.
import { type AttemptRef, sameAttempt } from '../attempt-ref.ts';
import type { AttemptSealed, CheckEnded, Event } from '../events.ts';
import { OUTCOME_RULES } from '../outcome.ts';
import type { RunCommand } from '../run-command.ts';
import type { Survey } from '../survey.ts';
import { applyCommand } from './apply-command.ts';
import { begun } from './begun.ts';
import { optionsIn } from './coming-mode.ts';
import { knownInstructions, UNKNOWN_INSTRUCTIONS } from './known-instructions.ts';
import { isPausedForSpace } from './paused-for-space.ts';
import type { CurrentAttempt, RunState } from './run-state.ts';

/** @throws Error when a journal does not begin with `run_started`. */
export function replay(events: Iterable<Event>): RunState {
  let state: RunState | null = null;
  for (const event of events) state = apply(state, event);
  if (state === null) throw new Error('the journal is empty');
  return state;
}

/** The state after one more fact. */
export function apply(state: RunState | null, event: Event): RunState {
  if (event.type === 'run_started') return begun(event);
  if (state === null) throw new Error(`the journal begins with ${event.type} instead of run_started`);
  const next = changed(state, event);
  // What still comes in after the end (the receipt of an attempt that ended with the run) brings no run back to life.
  return { ...next, phase: state.phase.name === 'finished' ? state.phase : next.phase, at: event.at };
}

function changed(state: RunState, event: Exclude<Event, { type: 'run_started' }>): RunState {
  switch (event.type) {
    case 'supervisor_started':
      return {
        ...surveyed(state, event.survey),
        // The next one finds out for itself.
        engineAway: null,
        supervisor: {
          pid: event.pid,
          since: event.at,
          hasSecrets: event.hasSecrets,
          restarts: event.recovered ? [...(state.supervisor?.restarts ?? []), event.at] : [],
        },
      };
    case 'attempt_starting':
      return {
        ...surveyed(state, event.survey),
        phase: { name: 'running' },
        edited: [],
        undecided: false,
        iteration: event.iteration,
        attempt: event.attempt,
        current: {
          iteration: event.iteration,
          attempt: event.attempt,
          startingAt: event.at,
          startedAt: null,
          sandboxName: event.sandboxName,
          sandboxId: null,
          sessionId: event.sessionId,
          promptHash: event.promptHash,
          argv: event.argv,
          memoryLimitBytes: event.memoryLimitBytes,
          before: event.survey,
          foundCommit: event.foundCommit ?? null,
          tasksFinished: [],
          tasksAdded: 0,
          // A stop that came while the supervisor was away still holds for the attempt that it named.
          stopAsked: state.current?.stopAsked ?? null,
          overdue: null,
          startFailed: null,
          exit: null,
        },
      };
    case 'attempt_started':
      return withCurrent(state, event, { sandboxId: event.sandboxId, startedAt: event.at });
    case 'attempt_start_failed':
      return withCurrent(state, event, { startFailed: { code: event.code, message: event.message } });
    case 'attempt_exited':
      return { ...withCurrent(state, event, { exit: event.exit }), engineAway: null };
    case 'attempt_sealed':
      return sealed(state, event);
    case 'attempt_overdue':
      return withCurrent(state, event, { overdue: { why: event.why, limit: event.limit } });
    case 'mode_changed':
      return {
        ...state,
        undecided: false,
        options: optionsIn(event.mode, state),
        modeAsked: null,
        planningAgain: event.mode !== 'build',
        modeSince: event.at,
        streak: null,
        // Another mode has another prompt, which nobody changed.
        instructions: { ...state.instructions, prompt: null },
      };
    case 'check_started':
      return { ...state, undecided: false, phase: { name: 'checking', since: event.at } };
    case 'check_ended':
      return {
        ...state,
        phase: { name: 'between' },
        check: event,
        receipts: withCheck(state.receipts, event),
        instructions: UNKNOWN_INSTRUCTIONS,
      };
    case 'reminder_due':
    case 'instructions_changed':
      return state;
    case 'sandbox_removed':
      return sameAttempt(state.leftSandbox, event) ? { ...state, leftSandbox: null } : state;
    case 'engine_away':
      return { ...state, engineAway: state.engineAway ?? { since: event.at, why: event.why } };
    case 'engine_seen':
      return event.answers ? { ...engineIsBack(state), engineAway: null } : state;
    case 'space_seen':
      return isPausedForSpace(state) ? { ...state, phase: { name: 'between' } } : state;
    case 'pushed':
      return { ...state, lastPush: { ok: event.ok, head: event.head, at: event.at, message: event.message } };
    case 'surveyed':
      return {
        ...surveyed(state, event.survey),
        supervisor: state.supervisor && { ...state.supervisor, hasSecrets: event.hasSecrets },
      };
    case 'plan_changed':
      return {
        ...state,
        plan: event.progress,
        lastTickAt: event.finished.length > 0 ? event.at : state.lastTickAt,
        current: state.current && {
          ...state.current,
          tasksFinished: [...state.current.tasksFinished, ...event.finished],
          tasksAdded: state.current.tasksAdded + event.added.length,
        },
      };
    case 'commits_seen':
      return {
        ...state,
        head: event.head,
        seenCommits: withSeen(state, event.commits.length),
        lastCommitAt: event.commits.length > 0 ? event.at : state.lastCommitAt,
      };
    case 'command_received':
      return {
        ...applyCommand(state, event.command, event.at),
        resumedAt: goesOn(event.command) ? event.at : state.resumedAt,
      };
    case 'woke':
      return state.phase.name === 'waiting' && state.phase.until === event.until
        ? { ...state, phase: { name: 'between' } }
        : state;
    case 'waiting':
      return {
        ...state,
        undecided: false,
        phase: { name: 'waiting', kind: event.kind, until: event.until, why: event.why, since: event.at },
      };
    case 'paused':
      return {
        ...state,
        undecided: false,
        pauseAsked: false,
        phase: { name: 'paused', reason: event.reason, since: event.at },
      };
    case 'warned':
      return { ...state, warnings: [...state.warnings, event.message].slice(-50) };
    case 'finished':
      return {
        ...state,
        phase: {
          name: 'finished',
          reason: event.reason,
          message: event.message,
          nextCommand: event.nextCommand,
          at: event.at,
        },
      };
    default:
      // Nothing is lost on a reader that does not know a newer program's facts.
      event satisfies never;
      return state;
  }
}

function withSeen({ seenCommits, current, receipts }: RunState, count: number): RunState['seenCommits'] {
  const { iteration } = current ?? receipts.at(-1) ?? { iteration: 0 };
  return count === 0 ? seenCommits : [...seenCommits, { iteration, count }];
}

/** The receipt of the attempt that it judges is the last one; a check that was cut off has said nothing. */
function withCheck(receipts: RunState['receipts'], { ok, exitCode }: CheckEnded): RunState['receipts'] {
  const last = receipts.at(-1);
  if (last === undefined || exitCode === null) return receipts;
  return [...receipts.slice(0, -1), { ...last, check: { ok, exitCode } }];
}

function engineIsBack(state: RunState): RunState {
  const { phase } = state;
  return phase.name === 'waiting' && phase.kind === 'engine' ? { ...state, phase: { name: 'between' } } : state;
}

function goesOn(command: RunCommand): boolean {
  return command.name === 'resume' || command.name === 'restart';
}

function surveyed(state: RunState, survey: Survey): RunState {
  return {
    ...state,
    branch: state.branch ?? survey.branch,
    head: survey.head,
    plan: survey.plan,
    promptSource: survey.promptSource ?? state.promptSource,
    instructions: knownInstructions(state, survey),
  };
}

function withCurrent(state: RunState, ref: AttemptRef, change: Partial<CurrentAttempt>): RunState {
  const { current } = state;
  return current !== null && sameAttempt(current, ref) ? { ...state, current: { ...current, ...change } } : state;
}

function sealed(state: RunState, event: AttemptSealed): RunState {
  const { kind } = event.receipt.outcome;
  const { counted } = OUTCOME_RULES[kind];
  const { iteration, attempt } = event;
  const sandboxId = state.current?.sandboxId ?? null;
  return {
    ...surveyed({ ...state, current: null }, event.survey),
    phase: { name: 'between' },
    receipts: [...state.receipts, event.receipt],
    lastSealed: event,
    stopAskedOfLast: state.current?.stopAsked ?? null,
    leftSandbox: sandboxId === null ? null : { iteration, attempt, sandboxId },
    undecided: true,
    current: null,
    iteration: counted ? iteration + 1 : iteration,
    attempt: counted ? 1 : attempt + 1,
    stepped: state.stepped || counted,
    streak: { kind, count: state.streak?.kind === kind ? state.streak.count + 1 : 1 },
  };
}
