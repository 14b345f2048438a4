// What the running attempt does, from its output: the digest, taken up where the cache beside the log ends.
import { stat } from 'node:fs/promises';
import { StreamReader } from '../../agent/stream/stream-reader.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { attemptFiles } from '../../journal/folders.ts';
import { tailBytes } from '../../journal/tail.ts';
import type { LiveFacts } from '../../report/live-facts.ts';
import { arrivalSlices } from '../../viewer/arrival-times.ts';
import { readCache } from '../../viewer/attempt-reading.ts';
import { asLiveFacts } from '../../viewer/live-run.ts';
import { readVitals } from '../../viewer/vitals-file.ts';
import { breathe } from './breathe.ts';
import type { Clock } from './ports.ts';
import type { VitalsSource } from './vitals-source.ts';

export interface LiveSourceOptions {
  readonly runFolder: string;
  readonly ref: AttemptRef;
  /** Null where the person's own arguments pick the session. */
  readonly sessionId: string | null;
  readonly vitals: VitalsSource;
  readonly clock: Clock;
}

export class LiveSource {
  readonly ref: AttemptRef;
  readonly #options: LiveSourceOptions;
  #reader: StreamReader;
  #lastOutputAt: string | null = null;
  #outputBytes = 0;

  constructor(options: LiveSourceOptions) {
    this.ref = options.ref;
    this.#options = options;
    this.#reader = new StreamReader({ sessionId: options.sessionId, wantEntries: false });
  }

  async follow(signal: AbortSignal, changed: () => void): Promise<void> {
    const { runFolder, sessionId, clock } = this.#options;
    const files = attemptFiles(runFolder, this.ref);
    const cached = await readCache(files.digest);
    const from = cached === null ? {} : { from: cached };
    this.#reader = new StreamReader({ sessionId, wantEntries: false, ...from });
    const [earlier, samples] = await Promise.all([stat(files.raw).catch(() => null), readVitals(files.vitals)]);
    for await (const { bytes, offset, restarted } of tailBytes(files.raw, { from: this.#reader.offset, signal })) {
      // A cache of more than there is belongs to another file.
      if (restarted) this.#reader = new StreamReader({ sessionId, wantEntries: false });
      const end = offset + bytes.length;
      // What was there before the pane was opened came at a time of its own.
      const wasThere = earlier !== null && end <= earlier.size;
      const slices = arrivalSlices(
        wasThere ? samples : [],
        offset,
        end,
        (wasThere ? earlier.mtime : new Date(clock())).toISOString(),
      );
      let fed = 0;
      for (const { end: sliceEnd, at } of slices) {
        this.#reader.feed(bytes.subarray(fed, sliceEnd - offset), at);
        fed = sliceEnd - offset;
        this.#lastOutputAt = at;
      }
      this.#outputBytes = end;
      changed();
      await breathe(bytes, signal);
    }
  }

  get toolCalls(): number {
    return this.#reader.digest.toolCalls;
  }

  /** @param knownWindowTokens of earlier attempts: the agent tells it only when it ends */
  facts(knownWindowTokens: number | null): LiveFacts {
    const { samples } = this.#options.vitals;
    return asLiveFacts(
      { digest: this.#reader.digest, outputBytes: this.#outputBytes, lastOutputAt: this.#lastOutputAt, samples },
      knownWindowTokens,
    );
  }
}
