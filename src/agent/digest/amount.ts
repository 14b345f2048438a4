// Tokens and cost by model: adding, taking away, and never more than a bounded number of names.
import type { TokenCounts } from '../../core/receipt.ts';
import { entryOf, withKey } from './bounded.ts';

export interface ModelSpend {
  readonly tokens: TokenCounts;
  readonly costUsd: number;
}

export interface Amount {
  readonly costUsd: number;
  readonly models: Readonly<Record<string, ModelSpend>>;
}

export const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
export const NOTHING: Amount = { costUsd: 0, models: {} };

const MODEL_LIMIT = 32;
const MODEL_NAME_LIMIT = 120;
const OTHER_MODELS = 'other models';

export function isNothing(amount: Amount): boolean {
  return Object.keys(amount.models).length === 0;
}

export function addAmounts(a: Amount, b: Amount): Amount {
  let { models } = a;
  for (const [name, spend] of Object.entries(b.models)) models = addToModel(models, name, spend);
  return { costUsd: a.costUsd + b.costUsd, models };
}

/** What is left of a total when a part of it is taken away; models of which nothing is left are gone. */
export function withoutPart(total: Amount, part: Amount): Amount {
  if (isNothing(part)) return total;
  const models = Object.entries(total.models).map(([name, spend]) => [name, less(spend, entryOf(part.models, name))]);
  return {
    costUsd: Math.max(0, total.costUsd - part.costUsd),
    models: Object.fromEntries(models.filter(([, spend]) => spend !== null)),
  };
}

function less({ tokens, costUsd }: ModelSpend, part: ModelSpend | null): ModelSpend | null {
  if (part === null) return { tokens, costUsd };
  const rest = {
    input: Math.max(0, tokens.input - part.tokens.input),
    output: Math.max(0, tokens.output - part.tokens.output),
    cacheRead: Math.max(0, tokens.cacheRead - part.tokens.cacheRead),
    cacheWrite: Math.max(0, tokens.cacheWrite - part.tokens.cacheWrite),
  };
  const isEmpty = Object.values(rest).every((count) => count === 0);
  return isEmpty ? null : { tokens: rest, costUsd: Math.max(0, costUsd - part.costUsd) };
}

export function addToModel(
  models: Amount['models'],
  name: string,
  spend: ModelSpend,
): Readonly<Record<string, ModelSpend>> {
  const add = (key: string, limit: number) => {
    const before = entryOf(models, key);
    const tokens = before === null ? spend.tokens : addTokens(before.tokens, spend.tokens);
    return withKey(models, key, { tokens, costUsd: (before?.costUsd ?? 0) + spend.costUsd }, limit);
  };
  return add(name.slice(0, MODEL_NAME_LIMIT), MODEL_LIMIT) ?? add(OTHER_MODELS, MODEL_LIMIT + 1) ?? models;
}

export function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}
