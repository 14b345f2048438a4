// Tokens and money of several attempts together.
import type { TokenCounts } from '../core/receipt.ts';
import { formatEstimatedUsd, formatUsd } from '../text/money.ts';

export interface Spend {
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  /** `estimated` as soon as any part of it is. */
  readonly costBasis: 'reported' | 'estimated';
}

export const NO_SPEND: Spend = {
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0,
  costBasis: 'reported',
};

export function addSpend(a: Spend, b: Spend): Spend {
  return {
    tokens: {
      input: a.tokens.input + b.tokens.input,
      output: a.tokens.output + b.tokens.output,
      cacheRead: a.tokens.cacheRead + b.tokens.cacheRead,
      cacheWrite: a.tokens.cacheWrite + b.tokens.cacheWrite,
    },
    costUsd: a.costUsd + b.costUsd,
    costBasis: a.costBasis === 'estimated' || b.costBasis === 'estimated' ? 'estimated' : 'reported',
  };
}

/** Of all kinds together. */
export function tokenTotal(tokens: TokenCounts): number {
  return tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
}

/** `$7.90`, or `≈$7.90` where any part of it is an estimate. */
export function formatCost(spend: Pick<Spend, 'costUsd' | 'costBasis'>): string {
  return spend.costBasis === 'estimated' ? formatEstimatedUsd(spend.costUsd) : formatUsd(spend.costUsd);
}
