// Usage limits belong to an account, not to a run: what one run of this machine learns is kept where the others look.
// A limit of one family of models holds back only the runs that use it.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { familiesIn, limitedFamily, type ModelFamily } from '../agent/outcome/model-families.ts';
import type { AccountLimit } from '../core/survey.ts';
import { type KnownLimit, LimitRecord } from './limit-record.ts';

export interface LimitedRun {
  readonly run: string;
  /** Name or alias, as claude is told. */
  readonly model: string;
}

export class AccountLimits {
  readonly #folder: string;
  readonly #account: string;
  readonly #run: string;
  /** Those that can hold this run back. */
  readonly #own: readonly LimitRecord[];

  /**
   * @param stateRoot of all repositories
   * @param account what tells accounts apart: the login's secret, or who owns it
   */
  constructor(stateRoot: string, account: string, { run, model }: LimitedRun) {
    this.#folder = join(stateRoot, 'accounts');
    this.#account = createHash('sha256').update(account).digest('hex').slice(0, 16);
    this.#run = run;
    this.#own = [null, ...familiesIn(model)].map((family) => this.#record(family));
  }

  /** The limit that this run has to wait for, with its place among those that do; null when none is known or it is over. */
  async current(nowMs: number): Promise<AccountLimit | null> {
    const known = latest(await Promise.all(this.#own.map((record) => record.join(this.#run, nowMs))));
    if (known === null) return null;
    const { until, noticedAt, message, runs } = known;
    return { until, noticedAt, message, place: runs.indexOf(this.#run) };
  }

  /** The same for somebody who only looks, and takes no place. */
  async peek(nowMs: number): Promise<Pick<AccountLimit, 'until' | 'message'> | null> {
    return latest(await Promise.all(this.#own.map((record) => record.read(nowMs))));
  }

  /** This run was told of a limit; a later end replaces an earlier one. */
  async notice(limit: { readonly until: string; readonly message: string }, noticedAt: string): Promise<void> {
    await this.#record(limitedFamily(limit.message)).notice({ ...limit, noticedAt }, this.#run);
  }

  /** An attempt that began after it was noticed went through: the limit is over, whatever it said. */
  async disprove(startedAt: string): Promise<void> {
    await Promise.all(this.#own.map((record) => record.disprove(startedAt)));
  }

  #record(family: ModelFamily | null): LimitRecord {
    return new LimitRecord(join(this.#folder, `${this.#account}${family === null ? '' : `-${family}`}.json`));
  }
}

function latest(known: readonly (KnownLimit | null)[]): KnownLimit | null {
  return known.reduce((last, limit) => {
    if (last === null || limit === null) return last ?? limit;
    return Date.parse(limit.until) > Date.parse(last.until) ? limit : last;
  }, null);
}
