// The one place where the screen's knowledge comes together: follows the files of a run and publishes an immutable
// model, some times a second while things change, and not at all while nothing does.
import { setTimeout as sleep } from 'node:timers/promises';
import { type AttemptRef, sameAttempt } from '../../core/attempt-ref.ts';
import { type RepositoryFolders, runFiles } from '../../journal/folders.ts';
import { lockHolder } from '../../journal/lock.ts';
import { fullDiskOf } from '../../journal/no-space.ts';
import { statusReport } from '../../report/status.ts';
import { RunningReading, ShownReading, type Surroundings } from './attempt-readings.ts';
import { JournalSource } from './journal-source.ts';
import type { LogLook, LogSource } from './log-source.ts';
import type { Model, ShownAttempt } from './model.ts';
import type { Clock, LiveOutputPort, WorkspacePort } from './ports.ts';
import { Publisher } from './publisher.ts';
import { WorkspaceSource } from './workspace-source.ts';

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

/** Between two tries to follow the journal. */
const AFTER_FAILURE_MS = 1_000;
const LOCK_EVERY_MS = 2_000;
/** Whoever looks at a run that stands still wants its age: in seconds for a minute, and then in minutes. */
const SECONDS_COUNT_MS = 60_000;
const QUIET_CLOCK_MS = 10_000;

export class RunStore {
  readonly #options: RunStoreOptions;
  readonly #around: Surroundings;
  readonly #workspace: WorkspaceSource | null;
  readonly #journal: JournalSource;
  readonly #clock: Clock;
  readonly #publisher: Publisher;
  readonly #listeners = new Set<() => void>();
  readonly #ending = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #model: Model;
  #supervisorAlive = true;
  #fullDisk: string | null = null;
  /** What a person opened; null for the newest. */
  #wanted: AttemptRef | null = null;
  #running: RunningReading | null = null;
  #shown: ShownReading | null = null;
  #look: LogLook = { atEnd: true, filtered: false };
  #unfolded = false;

  private constructor(options: RunStoreOptions, journal: JournalSource) {
    this.#options = options;
    this.#journal = journal;
    this.#clock = options.clock ?? Date.now;
    this.#publisher = new Publisher(() => this.#publish(), options.publishEveryMs);
    this.#around = {
      runFolder: runFiles(options.folders, options.run).folder,
      clock: this.#clock,
      timeZone: options.timeZone,
      liveOutput: options.liveOutput,
      changed: this.#note,
    };
    this.#workspace =
      options.workspace &&
      new WorkspaceSource({
        workspace: options.workspace,
        head: () => journal.state.head,
        signal: this.#ending.signal,
        changed: this.#note,
      });
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
    this.#shown?.stop();
    this.#shown = null;
    this.#arrange();
    this.#publisher.note();
  }

  /** The log that is shown: the window of it that is in memory can be moved. */
  get log(): LogSource | null {
    return this.#shown?.log ?? null;
  }

  /** How the log is looked at: what may be forgotten depends on it. */
  lookAtLog(look: LogLook): void {
    this.#look = look;
    this.#shown?.log.look(look);
  }

  /** Looks now at what is uncommitted: somebody wants to know what a kill would lose. */
  lookAtChanges(): void {
    void this.#workspace?.lookAtChanges();
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
    for (const reading of [this.#running, this.#shown]) reading?.stop();
    this.#listeners.clear();
  }

  readonly #note = (): void => this.#publisher.note();

  #begin(): void {
    void this.#follow(this.#ending.signal);
    this.#arrange();
    this.#every(LOCK_EVERY_MS, () => void this.#lookAtLock());
    this.#every(1_000, () => this.#tick());
  }

  /** What fails once does not leave the screen behind for ever. */
  async #follow(signal: AbortSignal): Promise<void> {
    const changed = () => {
      this.#arrange();
      this.#note();
    };
    while (!signal.aborted) {
      await this.#journal.follow(signal, changed).catch(this.#note);
      await sleep(AFTER_FAILURE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #lookAtLock(): Promise<void> {
    const { folders, run } = this.#options;
    const [holder, fullDisk] = await Promise.all([
      lockHolder(folders.lock).catch(() => null),
      fullDiskOf(this.#around.runFolder),
    ]);
    const alive = holder?.run === run;
    if (alive === this.#supervisorAlive && fullDisk === this.#fullDisk) return;
    this.#supervisorAlive = alive;
    this.#fullDisk = fullDisk;
    this.#note();
  }

  #every(periodMs: number, act: () => void): void {
    this.#timers.push(setInterval(act, periodMs));
  }

  /** Time goes on by itself only where the screen shows it. */
  #tick(): void {
    const { phase } = this.#journal.state;
    if (this.#running !== null) this.#workspace?.keepUp(this.#running.live.toolCalls);
    const since = phase.name === 'paused' ? phase.since : phase.name === 'finished' ? phase.at : null;
    const isOld = since !== null && this.#now() - Date.parse(since) > SECONDS_COUNT_MS;
    if (isOld && this.#now() - this.#model.now < QUIET_CLOCK_MS) return;
    this.#note();
  }

  /** Which attempt runs and which is shown, after something about that changed. */
  #arrange(): void {
    // What was being read when it was closed: nobody would stop what is begun for it.
    if (this.#ending.signal.aborted) return;
    const { state } = this.#journal;
    const running = state.current;
    if (!sameAttempt(this.#running?.ref ?? null, running)) {
      this.#running?.stop();
      this.#running = running && new RunningReading(running, this.#around);
      void this.#workspace?.lookAtChanges();
    }
    const wanted = this.#wanted ?? running ?? state.receipts.at(-1) ?? null;
    if (wanted === null) return;
    if (!sameAttempt(this.#shown?.ref ?? null, wanted)) {
      this.#shown?.stop();
      const { iteration, attempt } = wanted;
      const sessionId = this.#journaled(wanted)?.sessionId ?? null;
      this.#shown = new ShownReading({ iteration, attempt, sessionId }, this.#around, {
        look: this.#look,
        unfolded: this.#unfolded,
      });
    }
    if (!sameAttempt(running, wanted)) this.#shown?.finish();
  }

  #journaled(ref: AttemptRef) {
    const { current, receipts } = this.#journal.state;
    return sameAttempt(current, ref) ? current : receipts.findLast((receipt) => sameAttempt(receipt, ref));
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
    const live = state.current === null ? null : (this.#running?.live.facts(window ?? null) ?? null);
    return {
      now,
      state,
      report: statusReport({ state, live, supervisorAlive: this.#supervisorAlive, fullDisk: this.#fullDisk, now }),
      history,
      plan: this.#workspace?.plan ?? null,
      uncommitted: this.#workspace?.uncommitted ?? null,
      shown: this.#makeShown(),
      liveOutput: this.#running?.output?.output ?? null,
    };
  }

  #makeShown(): ShownAttempt | null {
    if (this.#shown === null) return null;
    const { ref, log, vitals } = this.#shown;
    const known = this.#journaled(ref);
    return {
      ref,
      isRunning: sameAttempt(this.#journal.state.current, ref),
      log: log.window,
      samples: vitals.samples,
      memoryLimitBytes: known?.memoryLimitBytes ?? vitals.samples.at(-1)?.limitBytes ?? null,
    };
  }
}
