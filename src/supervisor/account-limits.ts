// Usage limits belong to an account, not to a run: what one run of this machine learns is kept where the others look.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AccountLimit } from '../core/survey.ts';
import { writeAtomically } from '../journal/write-atomically.ts';

const recordSchema = z.object({
  until: z.string(),
  noticedAt: z.string(),
  message: z.string(),
  /** Runs that wait for it, in the order in which they learned of it. */
  runs: z.array(z.string()),
});

type LimitRecord = z.infer<typeof recordSchema>;

export class AccountLimits {
  readonly #path: string;
  readonly #run: string;

  /**
   * @param stateRoot of all repositories
   * @param account what tells accounts apart: the login's secret, or who owns it
   */
  constructor(stateRoot: string, account: string, run: string) {
    const name = createHash('sha256').update(account).digest('hex').slice(0, 16);
    this.#path = join(stateRoot, 'accounts', `${name}.json`);
    this.#run = run;
  }

  /** The limit that this run has to wait for, with its place among those that do; null when none is known or it is over. */
  async current(nowMs: number): Promise<AccountLimit | null> {
    const known = await this.#read();
    if (known === null || Date.parse(known.until) <= nowMs) return null;
    const runs = known.runs.includes(this.#run) ? known.runs : [...known.runs, this.#run];
    if (runs.length > known.runs.length) await this.#write({ ...known, runs });
    const { until, noticedAt, message } = known;
    return { until, noticedAt, message, place: runs.indexOf(this.#run) };
  }

  /** The same for somebody who only looks, and takes no place. */
  async peek(nowMs: number): Promise<Pick<AccountLimit, 'until' | 'message'> | null> {
    const known = await this.#read();
    return known === null || Date.parse(known.until) <= nowMs ? null : known;
  }

  /** This run was told of a limit; a later end replaces an earlier one. */
  async notice(limit: { readonly until: string; readonly message: string }, noticedAt: string): Promise<void> {
    const known = await this.#read();
    const isSame = known !== null && Math.abs(Date.parse(known.until) - Date.parse(limit.until)) < 60_000;
    const runs = isSame ? known.runs : [];
    await this.#write({ ...limit, noticedAt, runs: runs.includes(this.#run) ? runs : [...runs, this.#run] });
  }

  /** An attempt that began after it was noticed went through: the limit is over, whatever it said. */
  async disprove(startedAt: string): Promise<void> {
    const known = await this.#read();
    if (known !== null && startedAt > known.noticedAt) await rm(this.#path, { force: true });
  }

  /** What is broken or missing is no limit: the worst that follows is one refused request. */
  async #read(): Promise<LimitRecord | null> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return null;
    }
  }

  async #write(record: LimitRecord): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await writeAtomically(this.#path, JSON.stringify(record));
  }
}
