// The one place where the screen's knowledge comes together: follows the files of a run and publishes an immutable
// model, some times a second while things change, and not at all while nothing does.
import { type AttemptRef, sameAttempt } from '../../core/attempt-ref.ts';
import { attemptFiles, type RepositoryFolders, runFiles } from '../../journal/folders.ts';
import { lockHolder } from '../../journal/lock.ts';
import { statusReport } from '../../report/status.ts';
import { sanitize } from '../../text/sanitize.ts';
import { JournalSource } from './journal-source.ts';
import { LiveOutputSource } from './live-output-source.ts';
import { LiveSource } from './live-source.ts';
import { type LogLook, LogSource } from './log-source.ts';
import type { ChangedFile, Model, PlanItem, ShownAttempt } from './model.ts';
import type { Clock, LiveOutputPort, WorkspacePort } from './ports.ts';
import { Publisher } from './publisher.ts';
import { VitalsSource } from './vitals-source.ts';

export interface RunStoreOptions {
  readonly folders: RepositoryFolders;
  readonly run: string;
  readonly workspace: WorkspacePort | null;
  readonly liveOutput: LiveOutputPort | null;
  readonly clock?: Clock;
  readonly timeZone?: string | undefined;
  /** Of the publisher; tests publish at once. */
  readonly publishEveryMs?: number;
}

/** An attempt that is read, and what ends the reading. */
interface Reading<Source> {
  readonly source: Source;
  readonly stop: AbortController;
}

/** The first ones are shown as they come. */
const FEW_SAMPLES = 3;
const LOCK_EVERY_MS = 2_000;
const CHANGES_EVERY_MS = 10_000;
/** Somebody who looks at a paused run wants its age, but not every second of it. */
const QUIET_CLOCK_MS = 30_000;

export class RunStore {
  readonly #options: RunStoreOptions;
  readonly #folder: string;
  readonly #journal: JournalSource;
  readonly #clock: Clock;
  readonly #publisher: Publisher;
  readonly #listeners = new Set<() => void>();
  readonly #ending = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #model: Model;
  #plan: readonly PlanItem[] | null = null;
  #uncommitted: readonly ChangedFile[] | 'unknown' | null = null;
  #supervisorAlive = true;
  /** What a person opened; null for the newest. */
  #wanted: AttemptRef | null = null;
  #live: (Reading<LiveSource> & { readonly vitals: VitalsSource }) | null = null;
  #shown: (Reading<LogSource> & { readonly vitals: VitalsSource; readonly finished: AbortController }) | null = null;
  #liveOutput: Reading<LiveOutputSource> | null = null;
  #look: LogLook = { atEnd: true, filtered: false };
  #unfolded = false;

  private constructor(options: RunStoreOptions, journal: JournalSource) {
    this.#options = options;
    this.#folder = runFiles(options.folders, options.run).folder;
    this.#journal = journal;
    this.#clock = options.clock ?? Date.now;
    this.#publisher = new Publisher(() => this.#publish(), options.publishEveryMs);
    this.#model = this.#makeModel();
  }

  /**
   * Opens a run and begins to follow it.
   * @throws the system's error (`ENOENT`) for a run that does not exist, Error for a journal that tells nothing
   */
  static async open(options: RunStoreOptions): Promise<RunStore> {
    const journal = await JournalSource.open(runFiles(options.folders, options.run).journal);
    const store = new RunStore(options, journal);
    await store.#lookAtLock();
    store.#begin();
    return store;
  }

  readonly getModel = (): Model => this.#model;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes in now what has just changed, instead of in a moment. */
  publish(): void {
    this.#publisher.flush();
  }

  /** Puts an attempt's log on the screen; null for the newest, whichever that is. */
  show(ref: AttemptRef | null): void {
    this.#wanted = ref;
    this.#arrange();
    this.#publisher.note();
  }

  /** Shows answers, thoughts and commands in full, or no longer. */
  unfold(unfolded: boolean): void {
    if (unfolded === this.#unfolded) return;
    this.#unfolded = unfolded;
    this.#shown?.stop.abort();
    this.#shown = null;
    this.#arrange();
    this.#publisher.note();
  }

  /** The log that is shown: the window of it that is in memory can be moved. */
  get log(): LogSource | null {
    return this.#shown?.source ?? null;
  }

  /** How the log is looked at: what may be forgotten depends on it. */
  lookAtLog(look: LogLook): void {
    this.#look = look;
    this.#shown?.source.look(look);
  }

  /** Looks again at the lock now: whether the supervisor lives. */
  async checkSupervisor(): Promise<boolean> {
    await this.#lookAtLock();
    return this.#supervisorAlive;
  }

  close(): void {
    this.#ending.abort();
    this.#publisher.close();
    for (const timer of this.#timers) clearInterval(timer);
    for (const reading of [this.#live, this.#shown, this.#liveOutput]) reading?.stop.abort();
    this.#listeners.clear();
  }

  readonly #note = (): void => this.#publisher.note();

  #begin(): void {
    const { signal } = this.#ending;
    const followed = this.#journal.follow(signal, () => {
      this.#arrange();
      this.#note();
    });
    void followed.catch(this.#note);
    this.#arrange();
    this.#followWorkspace(signal);
    this.#every(LOCK_EVERY_MS, () => void this.#lookAtLock());
    this.#every(1_000, () => this.#tick());
  }

  #followWorkspace(signal: AbortSignal): void {
    const { workspace } = this.#options;
    if (workspace === null) return;
    const readPlan = async () => {
      const snapshot = await workspace.readPlan().catch(() => null);
      this.#plan = snapshot?.tasks.map((task) => ({ ...task, text: safe(task.text) })) ?? null;
      this.#note();
    };
    const watch = workspace.watchPlan(() => void readPlan());
    signal.addEventListener('abort', () => void watch.close());
    void readPlan();
    void this.#lookAtChanges();
    this.#every(CHANGES_EVERY_MS, () => {
      if (this.#journal.state.current !== null) void this.#lookAtChanges();
    });
  }

  async #lookAtChanges(): Promise<void> {
    const changes = await this.#options.workspace
      ?.uncommitted(this.#journal.state.head)
      .catch(() => 'unknown' as const);
    if (changes === undefined || this.#ending.signal.aborted) return;
    this.#uncommitted =
      changes === 'unknown'
        ? changes
        : changes.map(({ path, added, removed }) => ({ path: safe(path), added, removed }));
    this.#note();
  }

  async #lookAtLock(): Promise<void> {
    const holder = await lockHolder(this.#options.folders.lock).catch(() => null);
    const alive = holder?.run === this.#options.run;
    if (alive === this.#supervisorAlive) return;
    this.#supervisorAlive = alive;
    this.#note();
  }

  #every(periodMs: number, act: () => void): void {
    this.#timers.push(setInterval(act, periodMs));
  }

  /** Time goes on by itself only where the screen shows it. */
  #tick(): void {
    const { phase } = this.#journal.state;
    if (phase.name === 'finished') return;
    const isStill = phase.name === 'paused';
    if (isStill && this.#now() - this.#model.now < QUIET_CLOCK_MS) return;
    this.#note();
  }

  /** Which attempt runs and which is shown, after something about that changed. */
  #arrange(): void {
    const { state } = this.#journal;
    const running = state.current;
    if (!sameAttempt(this.#live?.source.ref ?? null, running)) {
      const hadOne = this.#live !== null;
      this.#live?.stop.abort();
      this.#live = running === null ? null : this.#openLive(running, running.sessionId);
      this.#arrangeLiveOutput(running);
      if (hadOne || running !== null) void this.#lookAtChanges();
    }
    const newest = running ?? state.receipts.at(-1) ?? null;
    const wanted = this.#wanted ?? newest;
    if (wanted === null) return;
    if (!sameAttempt(this.#shown?.source.ref ?? null, wanted)) {
      this.#shown?.stop.abort();
      this.#shown = this.#openShown(wanted);
    }
    // What was appended until now is still read.
    if (!sameAttempt(running, wanted)) this.#shown?.finished.abort();
  }

  #openLive({ iteration, attempt }: AttemptRef, sessionId: string | null) {
    const stop = new AbortController();
    const ref = { iteration, attempt };
    const vitals = new VitalsSource();
    const source = new LiveSource({ runFolder: this.#folder, ref, sessionId, vitals, clock: this.#clock });
    void source.follow(stop.signal, this.#note).catch(this.#note);
    this.#followVitals(vitals, ref, stop.signal, new AbortController().signal);
    return { source, vitals, stop };
  }

  #openShown({ iteration, attempt }: AttemptRef) {
    const stop = new AbortController();
    const finished = new AbortController();
    const ref = { iteration, attempt };
    const { current, receipts } = this.#journal.state;
    const known = sameAttempt(current, ref) ? current : receipts.findLast((receipt) => sameAttempt(receipt, ref));
    const source = new LogSource({
      runFolder: this.#folder,
      ref,
      sessionId: known?.sessionId ?? null,
      clock: this.#clock,
      timeZone: this.#options.timeZone,
      unfolded: this.#unfolded,
    });
    source.look(this.#look);
    void source.follow(stop.signal, finished.signal, this.#note).catch(this.#note);
    const vitals = new VitalsSource();
    this.#followVitals(vitals, ref, stop.signal, finished.signal);
    return { source, vitals, stop, finished };
  }

  #followVitals(vitals: VitalsSource, ref: AttemptRef, signal: AbortSignal, finished: AbortSignal): void {
    // Samples come once a second, as the clock's ticks do: one frame shows both.
    const changed = () => {
      if (vitals.samples.length < FEW_SAMPLES || finished.aborted) this.#note();
    };
    void vitals.follow(attemptFiles(this.#folder, ref).vitals, signal, finished, changed).catch(this.#note);
  }

  #arrangeLiveOutput(running: AttemptRef | null): void {
    this.#liveOutput?.stop.abort();
    this.#liveOutput = null;
    const { liveOutput } = this.#options;
    if (running === null || liveOutput === null) return;
    const stop = new AbortController();
    const source = new LiveOutputSource(liveOutput);
    const { iteration, attempt } = running;
    void source.follow({ iteration, attempt }, stop.signal, this.#note);
    this.#liveOutput = { source, stop };
  }

  #publish(): void {
    this.#model = this.#makeModel();
    for (const listener of this.#listeners) listener();
  }

  #now(): number {
    return Math.floor(this.#clock() / 1000) * 1000;
  }

  #makeModel(): Model {
    const { state, history } = this.#journal;
    const now = this.#now();
    const window = state.receipts.findLast((receipt) => receipt.contextWindowTokens !== null)?.contextWindowTokens;
    const live = state.current === null ? null : (this.#live?.source.facts(window ?? null) ?? null);
    return {
      now,
      state,
      report: statusReport({ state, live, supervisorAlive: this.#supervisorAlive, now }),
      history,
      plan: this.#plan,
      uncommitted: this.#uncommitted,
      shown: this.#makeShown(),
      liveOutput: this.#liveOutput?.source.output ?? null,
    };
  }

  #makeShown(): ShownAttempt | null {
    if (this.#shown === null) return null;
    const { source, vitals } = this.#shown;
    const { current, receipts } = this.#journal.state;
    const isRunning = sameAttempt(current, source.ref);
    const limits = isRunning ? current : receipts.findLast((receipt) => sameAttempt(receipt, source.ref));
    return {
      ref: source.ref,
      isRunning,
      log: source.window,
      samples: vitals.samples,
      memoryLimitBytes: limits?.memoryLimitBytes ?? vitals.samples.at(-1)?.limitBytes ?? null,
    };
  }
}

function safe(text: string): string {
  return sanitize(text, { oneLine: true });
}
