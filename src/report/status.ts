// What there is to know of a run at a moment: the facts behind `status`, `why` and the status line, and their JSON.
import type { PauseReason, WaitKind } from '../core/events.ts';
import { exitCodeOf, type FinishReason } from '../core/exit-code.ts';
import type { Mode } from '../core/options.ts';
import type { TokenCounts } from '../core/receipt.ts';
import type { Phase, RunState } from '../core/state/run-state.ts';
import { formatDuration } from '../text/duration.ts';
import { safeLine } from '../text/sanitize.ts';
import type { LiveFacts } from './live-facts.ts';
import { medianTaskMs, remainingMs } from './pace.ts';
import { addSpend, NO_SPEND } from './spend.ts';

/** Stable: scripts read it. Times are ISO 8601 in UTC, durations milliseconds, texts safe to show. */
export interface StatusReport {
  readonly run: string;
  readonly repository: string;
  readonly branch: string | null;
  readonly mode: Mode;
  /** The mode from the next iteration on, where a person asked for another one. */
  readonly modeAsked: Mode | null;
  readonly work: string | null;
  readonly phase: Phase['name'];
  /** The run stands still until a person does something about it. */
  readonly needsYou: boolean;
  /** The iteration that runs or comes next, and its attempt, from 1; the last ones of a finished run. */
  readonly iteration: number;
  readonly attempt: number;
  /** Null for no end. */
  readonly maxIterations: number | null;
  readonly startedAt: string;
  readonly elapsedMs: number;
  /** Null while nothing runs. */
  readonly attemptElapsedMs: number | null;
  readonly currentTask: string | null;
  /** Null without a plan. `completed` includes `removed`. */
  readonly tasks: { readonly remaining: number; readonly completed: number; readonly removed: number } | null;
  /** At this run's own pace; null before a task is finished, and when nothing is left. `at` is null while the run is paused. */
  readonly eta: { readonly remainingMs: number; readonly perTaskMs: number; readonly at: string | null } | null;
  readonly tool: {
    readonly name: string;
    readonly summary: string;
    readonly startedAt: string | null;
    readonly elapsedMs: number | null;
    /** Further tools that run beside it. */
    readonly others: number;
  } | null;
  /** The agent asks again after an error: `retry 3 of 10 in 8s (529 overloaded)`; null while it gets answers. */
  readonly retry: string | null;
  /** How full the plan's usage windows are, null when nobody said. */
  readonly usage: string | null;
  /** The command of --until and what it said last; null without one. */
  readonly check: {
    readonly command: string;
    readonly ok: boolean | null;
    readonly exitCode: number | null;
    readonly lastLine: string | null;
  } | null;
  readonly lastOutputAt: string | null;
  readonly lastCommitAt: string | null;
  readonly lastTickAt: string | null;
  readonly commits: number;
  /** Written or edited by the running attempt's tools. */
  readonly filesChanged: number;
  readonly memory: {
    /** Null while nothing runs. */
    readonly nowBytes: number | null;
    readonly limitBytes: number | null;
    /** Of the whole run. */
    readonly peakBytes: number | null;
  };
  readonly cpuPercent: number | null;
  readonly processes: number | null;
  /** Null while nothing runs. */
  readonly context: { readonly tokens: number; readonly windowTokens: number | null } | null;
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  readonly costBasis: 'reported' | 'estimated';
  readonly whoPays: string;
  readonly sandbox: { readonly kind: 'docker' | 'host'; readonly name: string | null };
  readonly model: string;
  readonly sessionId: string | null;
  readonly waiting: { readonly kind: WaitKind; readonly until: string; readonly why: string } | null;
  /** While an attempt runs: the engine does not answer, so nobody knows how it is. */
  readonly engineAway: { readonly since: string; readonly why: string } | null;
  /** No space is left for the files of the run or of the repository: the run goes on when there is some. */
  readonly diskFull: boolean;
  /** Where that disk is mounted; null where there is space. */
  readonly fullDisk: string | null;
  readonly paused: {
    readonly kind: PauseReason['kind'];
    readonly since: string;
    readonly message: string;
    readonly help: string | null;
  } | null;
  /** What comes when the iteration is over. */
  readonly asked: 'pause' | 'stop' | null;
  readonly exitReason: FinishReason | null;
  readonly exitCode: number | null;
  readonly exitMessage: string | null;
  readonly finishedAt: string | null;
  readonly nextCommand: string | null;
  /** `alive` is null when the run is finished: none is needed. */
  readonly supervisor: { readonly pid: number | null; readonly alive: boolean | null; readonly restarts: number };
  readonly warnings: readonly string[];
}

export interface StatusInput {
  readonly state: RunState;
  /** Of the running attempt; null while nothing runs. */
  readonly live: LiveFacts | null;
  readonly supervisorAlive: boolean;
  /** Where the disk of the run's files is mounted, if it is full. */
  readonly fullDisk: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Everything that the agent could have written is made safe here. */
export function statusReport({ state, live, supervisorAlive, fullDisk, now }: StatusInput): StatusReport {
  const { phase, current, plan, options } = state;
  const finished = phase.name === 'finished' ? phase : null;
  const disk = finished !== null ? null : (fullDisk ?? pausedForDisk(phase));
  const runEnd = finished === null ? now : Date.parse(finished.at);
  const attemptElapsedMs =
    current === null ? null : Math.max(0, now - Date.parse(current.startedAt ?? current.startingAt));
  const spend = [...state.receipts, ...(live === null ? [] : [live])].reduce(addSpend, NO_SPEND);
  return {
    run: state.run,
    repository: safeLine(state.repositoryPath),
    branch: safeLine(state.branch),
    mode: options.mode,
    modeAsked: finished === null ? state.modeAsked : null,
    work: safeLine(options.work),
    phase: phase.name,
    needsYou: phase.name === 'paused' && phase.reason.headlessExit !== null,
    iteration: finished === null ? state.iteration : (state.receipts.at(-1)?.iteration ?? state.iteration),
    attempt: finished === null ? state.attempt : (state.receipts.at(-1)?.attempt ?? state.attempt),
    maxIterations: options.maxIterations,
    startedAt: state.startedAt,
    elapsedMs: Math.max(0, runEnd - Date.parse(state.startedAt)),
    attemptElapsedMs,
    currentTask: safeLine(plan?.current ?? null),
    tasks: plan === null ? null : { remaining: plan.open, completed: plan.done, removed: plan.removed },
    eta: eta(state, attemptElapsedMs ?? 0, now),
    tool: shownTool(live, now),
    retry: retryText(live?.retry ?? null),
    usage: safeLine(live?.usage ?? null),
    check: checkOf(state),
    lastOutputAt: live?.lastOutputAt ?? null,
    lastCommitAt: state.lastCommitAt,
    lastTickAt: state.lastTickAt,
    commits: state.seenCommits.reduce((total, { count }) => total + count, 0),
    filesChanged: live?.filesChanged ?? 0,
    memory: memory(state, live),
    cpuPercent: live?.vitals?.cpuPercent ?? null,
    processes: live?.vitals?.processes ?? null,
    context: live === null ? null : { tokens: live.contextTokens, windowTokens: live.contextWindowTokens },
    ...spend,
    whoPays: state.whoPays,
    sandbox: { kind: options.sandbox, name: current?.sandboxName ?? null },
    model: safeLine(live?.model ?? options.model),
    sessionId: current?.sessionId ?? null,
    waiting: phase.name === 'waiting' ? { kind: phase.kind, until: phase.until, why: safeLine(phase.why) } : null,
    engineAway:
      finished !== null || state.engineAway === null
        ? null
        : { since: state.engineAway.since, why: safeLine(state.engineAway.why) },
    diskFull: disk !== null,
    fullDisk: safeLine(disk),
    paused:
      phase.name === 'paused'
        ? {
            kind: phase.reason.kind,
            since: phase.since,
            message: safeLine(phase.reason.message),
            help: safeLine(phase.reason.help),
          }
        : null,
    asked: finished !== null ? null : state.stopAfterAsked ? 'stop' : state.pauseAsked ? 'pause' : null,
    exitReason: finished?.reason ?? null,
    exitCode: finished === null ? null : exitCodeOf(finished.reason),
    exitMessage: safeLine(finished?.message ?? null),
    finishedAt: finished?.at ?? null,
    nextCommand: safeLine(finished?.nextCommand ?? null),
    supervisor: {
      pid: state.supervisor?.pid ?? null,
      alive: finished === null ? supervisorAlive : null,
      restarts: state.supervisor?.restarts.length ?? 0,
    },
    warnings: state.warnings.map(safeLine),
  };
}

/** The disk of the repository may be another one than that of the run's files. */
function pausedForDisk(phase: Phase): string | null {
  return phase.name === 'paused' ? (phase.reason.disk ?? null) : null;
}

function retryText(retry: LiveFacts['retry']): string | null {
  if (retry === null) return null;
  const { attempt, maxRetries, delayMs, status, error } = retry;
  const count = [attempt, maxRetries === null ? null : `of ${maxRetries}`].filter((part) => part !== null).join(' ');
  const wait = delayMs === null ? '' : ` in ${formatDuration(delayMs)}`;
  const why = [status, error].filter((part) => part !== null).join(' ');
  return safeLine(`retry ${count}${wait}${why === '' ? '' : ` (${why})`}`);
}

function checkOf({ options: { until }, check }: RunState): StatusReport['check'] {
  if (until === null) return null;
  const lastLine = check?.tail.trimEnd().split('\n').at(-1) ?? null;
  return {
    command: safeLine(until),
    ok: check?.ok ?? null,
    exitCode: check?.exitCode ?? null,
    lastLine: safeLine(lastLine),
  };
}

const CONTAINER_TOOLS: readonly string[] = ['Agent', 'Task'];

/** The tool that really works: a subagent's before the call that started it. */
function shownTool(live: LiveFacts | null, now: number): StatusReport['tool'] {
  const tools = live?.runningTools ?? [];
  const tool = tools.find(({ name }) => !CONTAINER_TOOLS.includes(name)) ?? tools[0];
  if (tool === undefined) return null;
  return {
    name: safeLine(tool.name),
    summary: safeLine(tool.summary),
    startedAt: tool.startedAt,
    elapsedMs: tool.startedAt === null ? null : Math.max(0, now - Date.parse(tool.startedAt)),
    others: tools.length - 1,
  };
}

function eta(state: RunState, attemptElapsedMs: number, now: number): StatusReport['eta'] {
  const { phase, plan } = state;
  const perTaskMs = medianTaskMs(state.receipts);
  if (perTaskMs === null || plan === null || plan.open === 0 || phase.name === 'finished') return null;
  const leftMs = remainingMs(plan.open, perTaskMs, attemptElapsedMs);
  const from = phase.name === 'waiting' ? Math.max(now, Date.parse(phase.until)) : now;
  const at = phase.name === 'paused' ? null : new Date(from + leftMs).toISOString();
  return { remainingMs: leftMs, perTaskMs: Math.round(perTaskMs), at };
}

function memory(state: RunState, live: LiveFacts | null): StatusReport['memory'] {
  const peaks = [...state.receipts.map((receipt) => receipt.peakMemoryBytes), live?.peakMemoryBytes ?? null];
  const known = peaks.filter((peak) => peak !== null);
  return {
    nowBytes: live?.vitals?.memoryBytes ?? null,
    limitBytes: live?.vitals?.limitBytes ?? state.current?.memoryLimitBytes ?? null,
    peakBytes: known.length === 0 ? null : Math.max(...known),
  };
}
