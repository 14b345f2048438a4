// The part of the digest that a result fills: how the turn ended, as the agent says.
import type { ResultMessage } from '../stream/message-types.ts';
import { excerpt } from '../stream/narrow.ts';
import { textClaimsDone } from './claim.ts';
import type { AgentDigest, ResultFacts } from './digest.ts';
import { spendBefore } from './running-totals.ts';
import { spendOnResult } from './spend.ts';
import { toolsOnResult } from './tools.ts';

const TEXT_LIMIT = 4_000;
const SHORT_LIMIT = 500;
const ERROR_LIMIT = 5;

export function onResult(digest: AgentDigest, message: ResultMessage, at: string | null): Partial<AgentDigest> {
  const usage =
    message.models.get(digest.model ?? '') ?? (message.models.size === 1 ? [...message.models.values()][0] : undefined);
  return {
    ...toolsOnResult(digest),
    spend: spendOnResult(spendBefore(digest, message), message),
    context: { ...digest.context, windowTokens: usage?.contextWindowTokens ?? digest.context.windowTokens },
    results: digest.results + 1,
    turnOver: true,
    begunAnew: false,
    result: saysNothing(digest, message) ? digest.result : factsOf(message, digest, at),
  };
}

/**
 * When a subagent ends behind a turn that the plan's limit has ended, the agent begins another turn for the news, asks
 * nobody, and calls that a success. It is none: how the turn before ended still stands.
 */
function saysNothing({ result }: AgentDigest, message: ResultMessage): boolean {
  return result !== null && message.isError === false && message.turns === 0 && message.text === '';
}

function factsOf(message: ResultMessage, { syntheticError }: AgentDigest, at: string | null): ResultFacts {
  return {
    subtype: message.subtype,
    isError: message.isError,
    text: excerpt(message.text, TEXT_LIMIT),
    claimsDone: textClaimsDone(message.text),
    errors: message.errors.slice(0, ERROR_LIMIT).map((error) => excerpt(error, SHORT_LIMIT)),
    terminalReason: message.terminalReason,
    stopReason: message.stopReason,
    turns: message.turns,
    durationMs: message.durationMs,
    apiErrorStatus: message.apiErrorStatus,
    apiErrorType: message.apiErrorType,
    apiError: message.apiError,
    syntheticError,
    at,
  };
}
