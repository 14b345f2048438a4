// One usage limit that this machine knows of, in a file, and the runs that wait for its end.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../system/write-atomically.ts';

const limitSchema = z.object({
  /** When it ends, and when a run was told of it: ISO 8601. */
  until: z.string(),
  noticedAt: z.string(),
  message: z.string(),
  /** Runs that wait for it, in the order in which they learned of it. */
  runs: z.array(z.string()),
});

export type KnownLimit = z.infer<typeof limitSchema>;

export class LimitRecord {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Null when none is known or it is over. What is broken is no limit: the worst that follows is one refused request. */
  async read(nowMs: number): Promise<KnownLimit | null> {
    const known = await this.#read();
    return known === null || Date.parse(known.until) <= nowMs ? null : known;
  }

  /** The same, with the run among those that wait. */
  async join(run: string, nowMs: number): Promise<KnownLimit | null> {
    const known = await this.read(nowMs);
    if (known === null || known.runs.includes(run)) return known;
    const joined = { ...known, runs: [...known.runs, run] };
    // A place that cannot be written down (a full disk) is taken again at the next look.
    await this.#write(joined).catch(() => undefined);
    return joined;
  }

  /** A run was told of it; a later end replaces an earlier one. */
  async notice(limit: Omit<KnownLimit, 'runs'>, run: string): Promise<void> {
    const known = await this.#read();
    const isSame = known !== null && Math.abs(Date.parse(known.until) - Date.parse(limit.until)) < 60_000;
    const runs = isSame ? known.runs : [];
    await this.#write({ ...limit, runs: runs.includes(run) ? runs : [...runs, run] });
  }

  /** An attempt that began at `startedAt` went through: a limit that was noticed before is over, whatever it said. */
  async disprove(startedAt: string): Promise<void> {
    const known = await this.#read();
    if (known !== null && startedAt > known.noticedAt) await rm(this.#path, { force: true });
  }

  async #read(): Promise<KnownLimit | null> {
    try {
      return limitSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return null;
    }
  }

  async #write(limit: KnownLimit): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await writeAtomically(this.#path, JSON.stringify(limit));
  }
}
