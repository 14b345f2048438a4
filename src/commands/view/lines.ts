// `--plain`: what a run does, one line a fact, for pipes and screen readers. It steers nothing, and looks after the
// supervisor as the pane does.
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../../agent/log/draft.ts';
import { logLine } from '../../agent/log/log-line.ts';
import { StreamReader } from '../../agent/stream/stream-reader.ts';
import { type AttemptRef, isEarlier } from '../../core/attempt-ref.ts';
import type { Event } from '../../core/events.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import { DEFAULT_POLICY } from '../../core/policy.ts';
import { apply, replay } from '../../core/state/apply.ts';
import type { RunState } from '../../core/state/run-state.ts';
import { attemptFiles, runFiles } from '../../journal/folders.ts';
import { endOf, followJournal, type JournalPosition } from '../../journal/follow.ts';
import { lockHolder } from '../../journal/lock.ts';
import { type JournalContent, readJournal } from '../../journal/read.ts';
import { tailBytes } from '../../journal/tail.ts';
import { factLines, vitalsLine } from '../../report/fact-lines.ts';
import { statusReport } from '../../report/status.ts';
import { statusLines } from '../../report/status-text.ts';
import { formatTimeOfDay } from '../../text/clock.ts';
import type { Redactor } from '../../text/redact.ts';
import { sanitize } from '../../text/sanitize.ts';
import { SupervisorCare } from '../../tui/supervisor-care.ts';
import { type FollowedAttempt, followAttempts } from '../../viewer/follow-attempts.ts';
import { openRun } from '../../viewer/live-run.ts';
import { readVitals } from '../../viewer/vitals-file.ts';
import { redactorFor } from '../known-secrets.ts';
import { type CommandContext, type RunPlace, say } from '../line/context.ts';

const LOOK_EVERY_MS = 2_000;

/** Until the run is finished, or nobody reads any more: the run goes on then. */
export async function viewLines(context: CommandContext, place: RunPlace): Promise<number> {
  const { folders, run } = place;
  const redact = await redactorFor(context.environment, folders, run);
  // Before the look at how it stands: what comes from here on is told.
  const facts = await Facts.open(context, place, redact);
  const known = await bytesSaid(place, facts.state);
  const report = statusReport({ ...(await openRun(folders, run)), now: context.now() });
  for (const line of statusLines(report, { now: context.now(), columns: context.stdout.columns }))
    await say(context.stdout, redact(line));
  if (report.phase === 'finished') return EXIT_CODES.finished;

  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const told = Promise.all([facts.follow(signal), agentLines(context, place, known, { redact, signal })]);
  const besides = [facts.samples(signal), lookAfter(context, place, signal)];
  await Promise.all([told.finally(() => over.abort()), ...besides]);
  return EXIT_CODES.finished;
}

/** The journal's facts as they come, and every few minutes how the sandbox stands. */
class Facts {
  readonly #context: CommandContext;
  readonly #place: RunPlace;
  readonly #redact: Redactor;
  readonly #from: JournalPosition;
  #state: RunState;

  private constructor(context: CommandContext, place: RunPlace, redact: Redactor, content: JournalContent<Event>) {
    this.#context = context;
    this.#place = place;
    this.#redact = redact;
    this.#state = replay(content.events);
    this.#from = endOf(content);
  }

  static async open(context: CommandContext, place: RunPlace, redact: Redactor): Promise<Facts> {
    return new Facts(context, place, redact, await readJournal<Event>(runFiles(place.folders, place.run).journal));
  }

  get state(): RunState {
    return this.#state;
  }

  /** Resolves when the run is finished, or with the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    const { journal } = runFiles(this.#place.folders, this.#place.run);
    for await (const { events } of followJournal<Event>(journal, { from: this.#from, signal })) {
      for (const event of events) {
        this.#state = apply(this.#state, event);
        for (const line of factLines(event, this.#state)) await this.#say(event.at, line);
      }
      if (this.#state.phase.name === 'finished') return;
    }
  }

  async samples(signal: AbortSignal): Promise<void> {
    const { folder } = runFiles(this.#place.folders, this.#place.run);
    for (;;) {
      await sleep(DEFAULT_POLICY.reportEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const { current } = this.#state;
      const last = current === null ? undefined : (await readVitals(attemptFiles(folder, current).vitals)).at(-1);
      if (last !== undefined) await this.#say(last.at, vitalsLine(this.#state, last));
    }
  }

  async #say(at: string, line: string): Promise<void> {
    const text = `${formatTimeOfDay(at)} run    ${line}`;
    await say(this.#context.stdout, sanitize(text, { oneLine: true, redact: this.#redact }));
  }
}

/** What the agent says and calls from now on, without what its tools answer. */
async function agentLines(
  context: CommandContext,
  { folders, run }: RunPlace,
  known: Known,
  options: { readonly redact: Redactor; readonly signal: AbortSignal },
): Promise<void> {
  const { folder, journal } = runFiles(folders, run);
  for await (const attempt of followAttempts(journal, options.signal)) {
    if (isEarlier(attempt, known.attempt)) continue;
    const isKnown = !isEarlier(known.attempt, attempt);
    await followAgent(context, folder, attempt, { ...options, known: isKnown ? known.bytes : 0 });
  }
}

/** So much was said before: the log tells of it. */
interface Known {
  readonly attempt: AttemptRef;
  readonly bytes: number;
}

async function bytesSaid({ folders, run }: RunPlace, { current, iteration, attempt }: RunState): Promise<Known> {
  const next = { iteration, attempt };
  if (current === null) return { attempt: next, bytes: 0 };
  const found = await stat(attemptFiles(runFiles(folders, run).folder, current).raw).catch(() => null);
  return { attempt: next, bytes: found?.size ?? 0 };
}

interface FollowOptions {
  readonly redact: Redactor;
  readonly signal: AbortSignal;
  /** Bytes to pass over. */
  readonly known: number;
}

async function followAgent(
  context: CommandContext,
  folder: string,
  attempt: FollowedAttempt,
  { redact, signal, known }: FollowOptions,
): Promise<void> {
  const reader = new StreamReader();
  const chunks = tailBytes(attemptFiles(folder, attempt).raw, { signal, finished: attempt.ended });
  for await (const { bytes, offset } of chunks) {
    const old = Math.min(bytes.length, Math.max(0, known - offset));
    reader.feed(bytes.subarray(0, old));
    const entries = reader.feed(bytes.subarray(old), new Date(context.now()).toISOString());
    for (const entry of entries.filter(isTold)) await say(context.stdout, logLine(entry, redact));
  }
}

/** A line a fact: what goes on with the entry before, and what a tool answers, stands in the log. */
function isTold({ kind, tag }: LogEntry): boolean {
  return tag !== '' && kind !== 'output' && kind !== 'thinking';
}

/** A supervisor that died is started again, as the pane would. */
async function lookAfter(context: CommandContext, place: RunPlace, signal: AbortSignal): Promise<void> {
  const isAlive = async () => (await lockHolder(place.folders.lock))?.run === place.run;
  const care = new SupervisorCare({
    recover: () => context.recoverRun(context, place),
    isAlive,
    say: (text) => void say(context.stderr, text),
    clock: context.now,
  });
  while (!signal.aborted) {
    if (!(await isAlive()) && !(await isFinished(place))) care.noticeDeath();
    await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function isFinished({ folders, run }: RunPlace): Promise<boolean> {
  const { events } = await readJournal<Event>(runFiles(folders, run).journal);
  return events.at(-1)?.type === 'finished' || events.some(({ type }) => type === 'finished');
}
