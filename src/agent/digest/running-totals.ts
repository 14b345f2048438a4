// A result's totals run since its process began. Here: where a log tells that they began anew, or before its session.
import type { ResultMessage } from '../stream/message-types.ts';
import { isNothing, NOTHING } from './amount.ts';
import type { AgentDigest } from './digest.ts';
import { modelsOf, type SpendState, spendOfNextProcess } from './spend.ts';

/** The spend as this result finds it. */
export function spendBefore(digest: AgentDigest, message: ResultMessage): SpendState {
  const { spend } = digest;
  // What was seen since the last result is what this one counts.
  if (beginsAnew(digest, message)) return spendOfNextProcess({ ...spend, estimated: NOTHING });
  if (!goesOnBehindClear(spend, message)) return spend;
  return { ...spend, carried: { costUsd: message.totalCostUsd ?? 0, models: modelsOf(message.models) } };
}

/**
 * Another process went on with the session, and a loop appended both to one log. It introduces itself: a result that is
 * told twice, or one that a tool wrote, has nobody before it, and the next one takes its place.
 */
function beginsAnew({ begunAnew, spend }: AgentDigest, { index, isError, totalCostUsd }: ResultMessage): boolean {
  if (!begunAnew || spend.reported === null || totalCostUsd === null) return false;
  if (index !== null) return index === 0;
  // Older versions do not number their results, but totals never shrink, and grow with every request that was answered.
  const before = spend.reported.costUsd + spend.carried.costUsd;
  return totalCostUsd < before || (totalCostUsd === before && isError === false && !isNothing(spend.estimated));
}

/** `/clear` begins a session that has asked nobody yet; in older versions the totals of the process run on. */
function goesOnBehindClear(spend: SpendState, { index, turns, totalCostUsd }: ResultMessage): boolean {
  const hasAsked = spend.reported !== null || !isNothing(spend.estimated);
  return index === null && turns === 0 && !hasAsked && !isNothing(spend.earlier) && (totalCostUsd ?? 0) > 0;
}
