// A run folder in the middle of a working day: eleven attempts, a usage limit, a memory kill, and an attempt that runs
// a test. Nothing in it depends on the machine, the time or chance.
import { appendFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import type { UndatedEvent } from '../../src/core/effects.ts';
import type { Event } from '../../src/core/events.ts';
import type { OutcomeKind } from '../../src/core/outcome.ts';
import type { PlanProgress, PlanSnapshot } from '../../src/core/plan.ts';
import type { Receipt } from '../../src/core/receipt.ts';
import { openJournal } from '../../src/journal/append.ts';
import { attemptFiles, type RepositoryFolders, repositoryFolders } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { makeRunFolder } from '../../src/journal/make-folders.ts';
import type { LiveOutputPort, WorkspacePort } from '../../src/tui/store/ports.ts';
import { OPEN_PLAN, OPTIONS, receiptOf } from '../core/story.ts';
import { RUN, writeOutput, writeSamples } from '../viewer/run-folder.ts';
import { AgentOutput, MODEL, SESSION } from './agent-output.ts';

const GIBIBYTE = 2 ** 30;
const LIMIT_BYTES = 8 * GIBIBYTE;
const MINUTE = 60;

export const TASKS = [
  '2.3 Token model',
  '2.4 Client registry',
  '2.5 Session store',
  '2.6 Expiry sweep',
  '2.7 Refactor the token model',
  '3.1 PKCE verifier',
  '3.2 Rotate refresh tokens',
  '3.3 Session list endpoint',
  '3.4 Rate-limit /token',
  '3.5 Audit log for grants',
  '4.1 Docs: OAuth setup',
  '4.2 e2e: login, refresh, revoke',
] as const;

/** The plan file of the day, with so many tasks done. */
export function planWith(done: number): PlanSnapshot {
  return {
    source: 'plan',
    tasks: TASKS.map((text, index) => ({ text, done: index < done, depth: 0, line: index + 3 })),
  };
}

function progress(done: number): PlanProgress {
  return { done, open: TASKS.length - done, removed: 0, current: TASKS[done] ?? null };
}

/** Tells the journal's events with a clock that a test moves on. */
export class Day {
  readonly events: Event[] = [];
  #clockMs = Date.parse('2026-11-21T20:58:00.000Z');

  get at(): string {
    return new Date(this.#clockMs).toISOString();
  }

  pass(seconds: number): this {
    this.#clockMs += seconds * 1000;
    return this;
  }

  tell(event: UndatedEvent): this {
    this.events.push({ ...event, at: this.at } as Event);
    return this;
  }

  begin(): this {
    return this.tell({
      type: 'run_started',
      run: RUN,
      repositoryPath: '/home/dev/acme-api',
      repositoryKey: 'acme-api-1',
      options: { ...OPTIONS, maxIterations: 30, memoryBytes: LIMIT_BYTES },
      typed: [],
      headless: false,
      versions: {},
      prompt: { source: 'PROMPT_build.md', hash: 'p' },
      survey: this.survey(0),
      pushTarget: null,
      whoPays: 'subscription',
    }).tell({
      type: 'supervisor_started',
      pid: 7,
      recovered: false,
      hasSecrets: true,
      found: null,
      survey: this.survey(0),
    });
  }

  survey(done: number) {
    return { ...OPEN_PLAN, branch: 'ralph/oauth', head: sha(done), plan: progress(done), planHash: `h${done}` };
  }

  starts(iteration: number, attempt: number, done: number): this {
    return this.tell({
      type: 'attempt_starting',
      iteration,
      attempt,
      sandboxName: `sandbox-loop-${RUN}-${iteration}-${attempt}`,
      sessionId: SESSION,
      promptHash: 'p',
      argv: ['claude'],
      survey: this.survey(done),
      memoryLimitBytes: LIMIT_BYTES,
    })
      .pass(2)
      .tell({ type: 'attempt_started', iteration, attempt, sandboxId: 'box' });
  }

  /** A whole attempt that takes so many seconds. */
  attempt(
    { iteration, attempt = 1, seconds, done, tasks = 0 }: DayAttempt,
    kind: OutcomeKind,
    change: Partial<Receipt> & { readonly message?: string } = {},
  ): this {
    this.starts(iteration, attempt, done).pass(seconds - 2);
    const finished = TASKS.slice(done, done + tasks);
    const commits = finished
      .map((task, index) => ({ sha: sha(done + index + 1), subject: `Do ${task}`, at: this.at }))
      .reverse();
    if (tasks > 0) {
      this.tell({ type: 'plan_changed', progress: progress(done + tasks), finished, added: [] });
      this.tell({ type: 'commits_seen', head: sha(done + tasks), commits });
    }
    const { message, ...rest } = change;
    const receipt = receiptOf({ iteration, attempt }, kind, {
      startedAt: this.at,
      endedAt: this.at,
      elapsedMs: seconds * 1000,
      costUsd: 0.7,
      contextPeakTokens: 88_000,
      contextWindowTokens: 200_000,
      model: MODEL,
      sessionId: SESSION,
      peakMemoryBytes: 3.9 * GIBIBYTE,
      memoryLimitBytes: LIMIT_BYTES,
      commits,
      tasksFinished: finished,
      ...rest,
    });
    const told = message === undefined ? receipt : { ...receipt, outcome: { ...receipt.outcome, message } };
    return this.tell({
      type: 'attempt_sealed',
      iteration,
      attempt,
      receipt: told,
      before: this.survey(done),
      survey: this.survey(done + tasks),
    }).pass(1);
  }
}

interface DayAttempt {
  readonly iteration: number;
  readonly attempt?: number;
  readonly seconds: number;
  /** Tasks done before it. */
  readonly done: number;
  /** Tasks that it does. */
  readonly tasks?: number;
}

function sha(index: number): string {
  return `${(index + 1).toString(16)}${'9f3c2ab1'.repeat(5)}`.slice(0, 40);
}

/** Everything up to the attempt that runs: iteration 8, which works on the seventh task; `idle`: without that. */
export function workingDay(end: 'running' | 'idle' = 'running'): Day {
  const day = new Day().begin();
  day.attempt({ iteration: 1, seconds: 11 * MINUTE + 47, done: 0, tasks: 1 }, 'completed', {
    contextPeakTokens: 98_000,
  });
  day.attempt({ iteration: 2, seconds: 2 * MINUTE + 40, done: 1 }, 'crashed', {
    message: 'exit code 1 without a result',
  });
  day.attempt({ iteration: 3, seconds: 12 * MINUTE + 18, done: 1, tasks: 2 }, 'completed', {
    contextPeakTokens: 142_000,
  });
  day.attempt({ iteration: 4, seconds: 4 * MINUTE, done: 3 }, 'usage_limit', { message: '5-hour limit reached' });
  day.tell({ type: 'waiting', kind: 'usage_limit', until: '2026-11-21T22:05:00.000Z', why: '5-hour limit reached' });
  day.pass(35 * MINUTE).tell({ type: 'woke', until: '2026-11-21T22:05:00.000Z' });
  day.attempt({ iteration: 4, attempt: 2, seconds: 10 * MINUTE + 5, done: 3, tasks: 1 }, 'completed');
  day.attempt({ iteration: 5, seconds: 6 * MINUTE + 31, done: 4 }, 'oom', {
    message: 'jest took 7.9G of 8G',
    peakMemoryBytes: LIMIT_BYTES,
    costBasis: 'estimated',
  });
  day.attempt({ iteration: 6, seconds: 14 * MINUTE + 40, done: 4, tasks: 1 }, 'completed', { costUsd: 0.92 });
  day.attempt({ iteration: 7, seconds: 9 * MINUTE + 2, done: 5, tasks: 1 }, 'completed', {
    warnings: ['used --no-verify'],
  });
  return end === 'idle' ? day : day.starts(8, 1, 6);
}

/** What the running attempt has said so far; the test at the end of it still runs. */
export function runningOutput(startedAt: string): AgentOutput {
  return new AgentOutput(startedAt)
    .init()
    .text('I read the plan first. The next task is 3.2, rotating refresh tokens.', 3)
    .read('IMPLEMENTATION_PLAN.md', 31)
    .read('src/auth/rotate.ts', 214)
    .think('The hash is compared before it is stored, so a reused token is found too late.', 6)
    .edit('src/auth/rotate.ts', 9, 3)
    .bash(
      'npm test -- auth',
      'Exit code 1\n> jest --runInBand auth\nPASS test/auth/pkce.test.ts (4.1 s)\nFAIL test/auth/rotate.test.ts\n  x revokes the whole family on reuse (31 ms)\n    Expected: 401  Received: 200',
      { seconds: 45, isError: true },
    )
    .text('Reuse detection compares the hash before it is stored. Fixing the order.', 9)
    .edit('src/auth/rotate.ts', 4, 1)
    .tool('Grep', { pattern: 'issueToken', path: 'src' }, { text: 'a.ts\nb.ts\nc.ts' })
    .bash('npm test -- auth', null, { seconds: 4 });
}

export interface DayFolder {
  readonly folders: RepositoryFolders;
  readonly folder: string;
  /** A moment in the running attempt, milliseconds since 1970. */
  readonly now: number;
}

/**
 * Writes the day into a state root of the test's own.
 * @param then what follows at the end of the running attempt's output
 */
export async function layOutWorkingDay(stateRoot: string, then: readonly UndatedEvent[] = []): Promise<DayFolder> {
  const day = workingDay();
  const output = runningOutput(day.at);
  const events = [...day.events, ...then.map((event) => ({ ...event, at: output.at }) as Event)];
  const { folders, folder } = await layOutEvents(stateRoot, events);
  const ref = { iteration: 8, attempt: 1 };
  await writeOutput(folder, ref, output.bytes);
  await writeSamples(folder, ref, memorySamples(day.at, 180, output.bytes.length));
  await supervise(folders);
  return { folders, folder, now: Date.parse(output.at) + 134_000 };
}

/** Writes another day; it is two minutes later now. */
export async function layOutDay(stateRoot: string, day: Day): Promise<DayFolder> {
  const { folders, folder } = await layOutEvents(stateRoot, day.events);
  await supervise(folders);
  return { folders, folder, now: Date.parse(day.at) + 120_000 };
}

/** Holds the run's lock until the test is over: this process is its supervisor. */
export async function supervise(folders: RepositoryFolders, run: string = RUN): Promise<void> {
  const lock = await acquireLock(folders.lock, { run });
  if (lock.ok) onTestFinished(lock.release);
}

export async function layOutEvents(stateRoot: string, events: readonly Event[], run: string = RUN) {
  const folders = repositoryFolders(stateRoot, 'acme-api-1');
  const { folder, journal } = await makeRunFolder(folders, run);
  const writer = openJournal<Event>(journal);
  for (const event of events) writer.append(event);
  writer.close();
  return { folders, folder };
}

/** Memory that climbs in steps towards the limit, one sample a second. */
export function memorySamples(from: string, count: number, outputBytes: number) {
  return Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.parse(from) + index * 1000).toISOString(),
    memoryBytes: Math.round((0.6 + 4.5 * (index / count) + 0.4 * Math.sin(index / 7)) * GIBIBYTE),
    limitBytes: LIMIT_BYTES,
    cpuPercent: 310,
    processes: 64,
    outputBytes: Math.min(outputBytes, index * 100),
  }));
}

export function fakeWorkspace(plan: PlanSnapshot | null): WorkspacePort {
  return {
    readPlan: async () => plan,
    watchPlan: () => ({ close: async () => undefined }),
    uncommitted: async () => [
      { path: 'src/auth/rotate.ts', added: 13, removed: 4 },
      { path: 'test/auth/rotate.test.ts', added: 41, removed: 0 },
      { path: 'docs/oauth.md', added: null, removed: null },
    ],
  };
}

export const NO_LIVE_OUTPUT: LiveOutputPort = { newest: async () => null, open: async () => null };

/** Adds a line to the log of an attempt. */
export async function appendOutput(folder: string, iteration: number, bytes: Uint8Array): Promise<void> {
  await appendFile(attemptFiles(folder, { iteration, attempt: 1 }).raw, bytes);
}
