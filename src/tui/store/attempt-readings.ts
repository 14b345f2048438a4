// What is read of an attempt's files while it runs, and while it is on the screen.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { attemptFiles } from '../../journal/folders.ts';
import { LiveOutputSource } from './live-output-source.ts';
import { LiveSource } from './live-source.ts';
import { type LogLook, LogSource } from './log-source.ts';
import type { Clock, LiveOutputPort } from './ports.ts';
import { VitalsSource } from './vitals-source.ts';

/** An attempt as the journal names it; more of it is not read. */
export interface KnownAttempt extends AttemptRef {
  readonly sessionId: string | null;
}

export interface Surroundings {
  readonly runFolder: string;
  readonly clock: Clock;
  readonly timeZone: string | undefined;
  readonly liveOutput: LiveOutputPort | null;
  /** Something is there to be shown. */
  readonly changed: () => void;
}

/** The first samples are shown as they come. */
const FEW_SAMPLES = 3;

/** The running attempt: its figures, and the output of the command that it runs now. */
export class RunningReading {
  readonly ref: AttemptRef;
  readonly live: LiveSource;
  readonly output: LiveOutputSource | null;
  readonly #stop = new AbortController();

  constructor({ iteration, attempt, sessionId }: KnownAttempt, around: Surroundings) {
    const { runFolder, clock, liveOutput, changed } = around;
    this.ref = { iteration, attempt };
    const vitals = new VitalsSource();
    this.live = new LiveSource({ runFolder, ref: this.ref, sessionId, vitals, clock });
    void this.live.follow(this.#stop.signal, changed).catch(changed);
    followVitals(vitals, this.ref, around, this.#stop.signal, new AbortController().signal);
    this.output = liveOutput && new LiveOutputSource(liveOutput);
    void this.output?.follow(this.ref, this.#stop.signal, changed);
  }

  stop(): void {
    this.#stop.abort();
  }
}

/** The attempt on the screen, running or not: its log and its samples. */
export class ShownReading {
  readonly ref: AttemptRef;
  readonly log: LogSource;
  readonly vitals = new VitalsSource();
  readonly #stop = new AbortController();
  readonly #finished = new AbortController();

  constructor(
    { iteration, attempt, sessionId }: KnownAttempt,
    around: Surroundings,
    { look, unfolded }: { readonly look: LogLook; readonly unfolded: boolean },
  ) {
    const { runFolder, clock, timeZone, changed } = around;
    this.ref = { iteration, attempt };
    this.log = new LogSource({ runFolder, ref: this.ref, sessionId, clock, timeZone, unfolded });
    this.log.look(look);
    void this.log.follow(this.#stop.signal, this.#finished.signal, changed).catch(changed);
    followVitals(this.vitals, this.ref, around, this.#stop.signal, this.#finished.signal);
  }

  /** The attempt has ended: what was appended until now is still read. */
  finish(): void {
    this.#finished.abort();
  }

  stop(): void {
    this.#stop.abort();
  }
}

function followVitals(
  vitals: VitalsSource,
  ref: AttemptRef,
  { runFolder, changed }: Surroundings,
  signal: AbortSignal,
  finished: AbortSignal,
): void {
  // Samples come once a second, as the clock's ticks do: one frame shows both.
  const sampled = () => {
    if (vitals.samples.length < FEW_SAMPLES || finished.aborted) changed();
  };
  void vitals.follow(attemptFiles(runFolder, ref).vitals, signal, finished, sampled).catch(changed);
}
