// What is known of a run: the fold of its journal. `apply` records facts and decides nothing.
import type { RunCommand } from './commands.ts';
import type { AttemptRef, AttemptSealed, Event, PauseReason, PushTarget, Survey, WaitKind } from './events.ts';
import type { FinishReason } from './exit-code.ts';
import type { RunOptions } from './options.ts';
import { OUTCOME_RULES, type OutcomeKind } from './outcome.ts';
import type { PlanProgress } from './plan.ts';
import type { Receipt } from './receipt.ts';
import type { Exit, SandboxErrorCode, SandboxId } from './sandbox.ts';

export type Phase =
  | { readonly name: 'starting' }
  /** An attempt exists: it is being started, runs, or has ended and is not sealed yet. */
  | { readonly name: 'running' }
  /** Nothing runs, and the next thing is decided. */
  | { readonly name: 'between' }
  | {
      readonly name: 'waiting';
      readonly kind: WaitKind;
      readonly until: string;
      readonly why: string;
      readonly since: string;
    }
  | { readonly name: 'paused'; readonly reason: PauseReason; readonly since: string }
  | {
      readonly name: 'finished';
      readonly reason: FinishReason;
      readonly message: string;
      readonly nextCommand: string | null;
      readonly at: string;
    };

/** What we did to the running attempt, and what follows when it has ended. */
export interface StopAsked {
  readonly kind: 'stop' | 'kill';
  readonly next: 'pause' | 'finish' | 'restart';
}

export interface CurrentAttempt extends AttemptRef {
  readonly startingAt: string;
  readonly startedAt: string | null;
  readonly sandboxName: string;
  readonly sandboxId: SandboxId | null;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  readonly promptHash: string;
  readonly argv: readonly string[];
  readonly memoryLimitBytes: number | null;
  /** The workspace before the attempt. */
  readonly before: Survey;
  /** Texts of the tasks that were ticked or removed since, and how many were added. */
  readonly tasksFinished: readonly string[];
  readonly tasksAdded: number;
  readonly stopAsked: StopAsked | null;
  readonly startFailed: { readonly code: SandboxErrorCode | 'workspace'; readonly message: string } | null;
  readonly exit: Exit | null;
}

/** How often the same trouble came in a row, without anything else between. */
export interface Streak {
  readonly kind: OutcomeKind;
  readonly count: number;
}

export interface RunState {
  readonly run: string;
  readonly repositoryPath: string;
  readonly repositoryKey: string;
  readonly options: RunOptions;
  readonly headless: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly promptSource: string;
  readonly pushTarget: PushTarget | null;
  readonly whoPays: string;
  readonly startedAt: string;
  readonly phase: Phase;
  /** The iteration that runs or comes next, from 1. */
  readonly iteration: number;
  readonly attempt: number;
  readonly current: CurrentAttempt | null;
  readonly receipts: readonly Receipt[];
  readonly lastSealed: AttemptSealed | null;
  readonly stopAskedOfLast: StopAsked | null;
  /** The sandbox of the last sealed attempt, until it is removed. */
  readonly leftSandbox: (AttemptRef & { readonly sandboxId: SandboxId }) | null;
  /** The last attempt is sealed, and what follows from it has not been decided yet. */
  readonly undecided: boolean;
  readonly pauseAsked: boolean;
  readonly stopAfterAsked: boolean;
  /** Whether an iteration has been counted since the run last went on: `--step` pauses on it. */
  readonly stepped: boolean;
  /** The branch that the run works on; null when the next survey's is accepted. */
  readonly branch: string | null;
  readonly head: string | null;
  readonly plan: PlanProgress | null;
  readonly lastCommitAt: string | null;
  readonly lastTickAt: string | null;
  readonly commitCount: number;
  readonly streak: Streak | null;
  readonly lastPush: {
    readonly ok: boolean;
    readonly head: string;
    readonly at: string;
    readonly message: string;
  } | null;
  readonly warnings: readonly string[];
  readonly supervisor: {
    readonly pid: number;
    readonly since: string;
    readonly hasSecrets: boolean;
    readonly restarts: readonly string[];
  } | null;
  /** Time of the newest event. */
  readonly at: string;
}

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

function begun(event: Extract<Event, { type: 'run_started' }>): RunState {
  return {
    run: event.run,
    repositoryPath: event.repositoryPath,
    repositoryKey: event.repositoryKey,
    options: event.options,
    headless: event.headless,
    versions: event.versions,
    promptSource: event.prompt.source,
    pushTarget: event.pushTarget,
    whoPays: event.whoPays,
    startedAt: event.at,
    phase: { name: 'starting' },
    iteration: 1,
    attempt: 1,
    current: null,
    receipts: [],
    lastSealed: null,
    stopAskedOfLast: null,
    leftSandbox: null,
    undecided: false,
    pauseAsked: false,
    stopAfterAsked: false,
    stepped: false,
    branch: event.survey.branch,
    head: event.survey.head,
    plan: event.survey.plan,
    lastCommitAt: null,
    lastTickAt: null,
    commitCount: 0,
    streak: null,
    lastPush: null,
    warnings: [],
    supervisor: null,
    at: event.at,
  };
}

function changed(state: RunState, event: Exclude<Event, { type: 'run_started' }>): RunState {
  switch (event.type) {
    case 'supervisor_started':
      return {
        ...surveyed(state, event.survey),
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
          tasksFinished: [],
          tasksAdded: 0,
          // A stop that came while the supervisor was away still holds for the attempt that it named.
          stopAsked: state.current?.stopAsked ?? null,
          startFailed: null,
          exit: null,
        },
      };
    case 'attempt_started':
      return withCurrent(state, event, { sandboxId: event.sandboxId, startedAt: event.at });
    case 'attempt_start_failed':
      return withCurrent(state, event, { startFailed: { code: event.code, message: event.message } });
    case 'attempt_exited':
      return withCurrent(state, event, { exit: event.exit });
    case 'attempt_sealed':
      return sealed(state, event);
    case 'sandbox_removed':
      return isSame(state.leftSandbox, event) ? { ...state, leftSandbox: null } : state;
    case 'engine_seen':
      return event.answers && state.phase.name === 'waiting' && state.phase.kind === 'engine'
        ? { ...state, phase: { name: 'between' } }
        : state;
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
        commitCount: state.commitCount + event.commits.length,
        lastCommitAt: event.commits.length > 0 ? event.at : state.lastCommitAt,
      };
    case 'command_received':
      return commanded(state, event.command);
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

function surveyed(state: RunState, survey: Survey): RunState {
  return { ...state, branch: state.branch ?? survey.branch, head: survey.head, plan: survey.plan };
}

function withCurrent(state: RunState, ref: AttemptRef, change: Partial<CurrentAttempt>): RunState {
  const { current } = state;
  return current !== null && isSame(current, ref) ? { ...state, current: { ...current, ...change } } : state;
}

function isSame(left: AttemptRef | null, right: AttemptRef): boolean {
  return left?.iteration === right.iteration && left.attempt === right.attempt;
}

function sealed(state: RunState, event: AttemptSealed): RunState {
  const { kind } = event.receipt.outcome;
  const { counted } = OUTCOME_RULES[kind];
  const { iteration, attempt } = event;
  const sandboxId = state.current?.sandboxId ?? null;
  return {
    ...surveyed(state, event.survey),
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

function commanded(state: RunState, command: RunCommand): RunState {
  const active = state.current !== null && state.current.exit === null;
  switch (command.name) {
    case 'pause':
      return { ...state, pauseAsked: true };
    case 'resume':
      return resumed(state, command.next);
    case 'stop':
      if (command.when === 'after_iteration') return { ...state, stopAfterAsked: true };
      if (!active) return command.when === 'now' ? { ...state, stopAfterAsked: true } : state;
      return stopping(state, { kind: 'stop', next: command.when === 'now' ? 'finish' : 'pause' });
    case 'kill':
      return active ? stopping(state, { kind: 'kill', next: 'pause' }) : state;
    case 'restart':
      return active
        ? stopping({ ...state, pauseAsked: false }, { kind: 'stop', next: 'restart' })
        : resumed(state, false);
    case 'set_max':
      return { ...state, options: { ...state.options, maxIterations: command.max } };
  }
}

function stopping(state: RunState, asked: StopAsked): RunState {
  if (state.current === null) return state;
  // A kill after a stop changes the means, not what was to follow.
  const next = state.current.stopAsked?.next === 'finish' ? 'finish' : asked.next;
  return { ...state, current: { ...state.current, stopAsked: { kind: asked.kind, next } } };
}

function resumed(state: RunState, next: boolean): RunState {
  const idle = state.phase.name === 'paused' || state.phase.name === 'waiting';
  const skipping = next && state.attempt > 1;
  return {
    ...state,
    pauseAsked: false,
    stopAfterAsked: false,
    stepped: false,
    streak: idle ? null : state.streak,
    branch: state.phase.name === 'paused' && state.phase.reason.kind === 'branch_changed' ? null : state.branch,
    iteration: skipping ? state.iteration + 1 : state.iteration,
    attempt: skipping ? 1 : state.attempt,
    phase: idle ? { name: 'between' } : state.phase,
  };
}
