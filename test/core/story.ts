// Tells the core a run's story, event by event, and answers with what it decides: for tables of policy.
import type { AttemptRef } from '../../src/core/attempt-ref.ts';
import { step } from '../../src/core/decide/step.ts';
import type { Effect, UndatedEvent } from '../../src/core/effects.ts';
import type { Event, PushTarget } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/core/options.ts';
import type { OutcomeKind } from '../../src/core/outcome.ts';
import { DEFAULT_POLICY } from '../../src/core/policy.ts';
import type { Receipt } from '../../src/core/receipt.ts';
import type { Exit } from '../../src/core/sandbox.ts';
import { replay } from '../../src/core/state/apply.ts';
import type { RunState } from '../../src/core/state/run-state.ts';
import type { Survey } from '../../src/core/survey.ts';

export const OPTIONS: RunOptions = {
  mode: 'build',
  work: null,
  maxIterations: null,
  sandbox: 'docker',
  image: 'sandbox-loop',
  memoryBytes: 2 ** 30,
  cpus: 4,
  pids: 512,
  network: { kind: 'open' },
  model: 'opus',
  maxTurns: null,
  promptPath: null,
  planFile: 'IMPLEMENTATION_PLAN.md',
  push: false,
  step: false,
  until: null,
  maxWaitMs: null,
  idleLimitMs: null,
  iterationTimeoutMs: null,
  environmentNames: [],
  environmentFile: null,
  agentCommand: ['claude'],
  agentArguments: [],
};

export const OPEN_PLAN: Survey = {
  branch: 'main',
  head: 'a'.repeat(40),
  plan: { done: 1, open: 2, removed: 0, current: 'second' },
  planHash: 'h1',
  promptSource: 'PROMPT.md',
  promptHash: 'p1',
  agentsHash: null,
  problem: null,
  fullDisk: null,
  accountLimit: null,
};

export const DONE_PLAN: Survey = {
  ...OPEN_PLAN,
  plan: { done: 3, open: 0, removed: 0, current: null },
  planHash: 'h2',
};

export const CLEAN_EXIT: Exit = {
  code: 0,
  oomKilled: false,
  oomKillCount: 0,
  startError: null,
  killEventSeen: false,
  daemonGap: false,
  startedAt: null,
  finishedAt: null,
};

/** A run that is told step by step; the clock moves on by a second with every event. */
export class Story {
  readonly events: Event[] = [];
  /** Everything decided since the last `tell`, decisions that are facts included. */
  effects: Effect[] = [];
  /** What a person is told, and when again: beside the story. */
  notices: Effect[] = [];
  state: RunState;
  #clock = Date.parse('2026-11-21T10:00:00.000Z');

  constructor(
    change: {
      options?: Partial<RunOptions>;
      survey?: Survey;
      typed?: readonly string[];
      headless?: boolean;
      pushTarget?: PushTarget | null;
      hasRemote?: boolean;
    } = {},
  ) {
    const survey = change.survey ?? OPEN_PLAN;
    this.state = this.#take({
      type: 'run_started',
      run: 'run',
      repositoryPath: '/repository',
      repositoryKey: 'repository-1',
      options: { ...OPTIONS, ...change.options },
      typed: change.typed ?? [],
      headless: change.headless ?? false,
      versions: {},
      prompt: { source: 'PROMPT.md', hash: 'p' },
      survey,
      pushTarget: change.pushTarget ?? null,
      ...(change.hasRemote !== undefined && { hasRemote: change.hasRemote }),
      whoPays: 'API key',
    });
    this.supervisor({ survey, recovered: false });
  }

  get phase(): RunState['phase'] {
    return this.state.phase;
  }

  /** One event and all the decisions that follow from it. */
  tell(event: UndatedEvent): this {
    this.effects = [];
    this.notices = [];
    this.#take(event);
    return this;
  }

  supervisor({
    survey = OPEN_PLAN,
    recovered = true,
    hasSecrets = true,
    found = null as Extract<Event, { type: 'supervisor_started' }>['found'],
  } = {}): this {
    return this.tell({ type: 'supervisor_started', pid: 7, recovered, hasSecrets, found, survey });
  }

  /** The next attempt begins and its sandbox runs. */
  starts(survey: Survey = OPEN_PLAN): this {
    const { iteration, attempt } = this.state;
    this.tell({
      type: 'attempt_starting',
      iteration,
      attempt,
      sandboxName: `sandbox-loop-run-${iteration}-${attempt}`,
      sessionId: 's',
      promptHash: 'p',
      argv: ['claude'],
      survey,
      memoryLimitBytes: null,
    });
    return this.tell({ type: 'attempt_started', iteration, attempt, sandboxId: `box-${iteration}-${attempt}` });
  }

  exits(exit: Partial<Exit> = {}): this {
    const { iteration, attempt } = this.state;
    return this.tell({ type: 'attempt_exited', iteration, attempt, exit: { ...CLEAN_EXIT, ...exit } });
  }

  seals(kind: OutcomeKind, change: Partial<Receipt> & { resetsAt?: string | null; survey?: Survey } = {}): this {
    const { iteration, attempt } = this.state;
    const { resetsAt = null, survey = OPEN_PLAN, ...rest } = change;
    const receipt = receiptOf({ iteration, attempt }, kind, { ...rest, resetsAt, at: this.state.at });
    const before = this.state.current?.before ?? OPEN_PLAN;
    return this.tell({ type: 'attempt_sealed', iteration, attempt, receipt, before, survey });
  }

  /** A whole attempt from start to seal. */
  attempt(kind: OutcomeKind, change: Parameters<Story['seals']>[1] = {}): this {
    return this.starts().exits().seals(kind, change);
  }

  /** The types of what was decided, without what only cleans up. */
  get decided(): string[] {
    return this.effects
      .filter((effect) => effect.type !== 'remove')
      .map((effect) => (effect.type === 'record' ? effect.event.type : effect.type));
  }

  #take(undated: UndatedEvent): RunState {
    this.#clock += 1000;
    const event = { ...undated, at: new Date(this.#clock).toISOString() } as Event;
    this.events.push(event);
    const { state, effects } = step(this.state ?? null, event, DEFAULT_POLICY);
    this.state = state;
    for (const effect of effects) {
      (effect.type === 'notify' || effect.type === 'remind' ? this.notices : this.effects).push(effect);
      if (effect.type === 'record') this.#take(effect.event);
    }
    return state;
  }
}

/** What the journal alone gives, to hold against the state that was kept in memory. */
export function replayed(story: Story): RunState {
  return replay(JSON.parse(JSON.stringify(story.events)) as Event[]);
}

/** A receipt of an attempt that ended that way. */
export function receiptOf(
  { iteration, attempt }: AttemptRef,
  kind: OutcomeKind,
  change: Partial<Receipt> & { resetsAt?: string | null; at?: string } = {},
): Receipt {
  const { resetsAt = null, at = '2026-11-21T10:00:00.000Z', ...rest } = change;
  return {
    iteration,
    attempt,
    outcome: { kind, message: `it was ${kind}`, resetsAt },
    startedAt: at,
    endedAt: at,
    elapsedMs: 1000,
    exitCode: 0,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    costUsd: 0.01,
    costBasis: 'reported',
    contextPeakTokens: 0,
    contextWindowTokens: null,
    model: null,
    agentVersion: null,
    sessionId: 's',
    toolCalls: 0,
    commits: [],
    uncommittedFiles: 0,
    tasksFinished: [],
    tasksAdded: 0,
    openAfter: 2,
    peakMemoryBytes: null,
    memoryLimitBytes: null,
    baseCommit: null,
    headCommit: null,
    promptHash: 'p',
    claimedDone: false,
    progress: { commits: true, plan: true, workTree: true, workTreeHash: null },
    traits: { error: null, lastTool: null, filesRead: [], filesChanged: [] },
    warnings: [],
    check: null,
    ...rest,
  };
}
