// Follows the samples of one attempt.
import { tailLines } from '../../journal/tail-lines.ts';
import { parseVitalsLine, type VitalsSample } from '../../viewer/vitals-file.ts';

/** At one a second five hours; a longer attempt is kept with half as many. */
const SAMPLES_KEPT = 18_000;

export class VitalsSource {
  #samples: readonly VitalsSample[] = [];

  get samples(): readonly VitalsSample[] {
    return this.#samples;
  }

  /** Reads what is there and what is appended, until the signal; only what is there when `finished` is aborted. */
  async follow(path: string, signal: AbortSignal, finished: AbortSignal, changed: () => void): Promise<void> {
    for await (const { lines, restarted } of tailLines(path, { signal, finished, maxLineBytes: 4096 })) {
      const fresh = lines.map(({ text }) => parseVitalsLine(text)).filter((sample) => sample !== null);
      const all = restarted ? fresh : [...this.#samples, ...fresh];
      this.#samples = all.length > SAMPLES_KEPT ? all.filter((_, index) => index % 2 === 1) : all;
      changed();
    }
  }
}
