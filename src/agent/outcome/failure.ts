// The failure that an attempt's stream ends on: its last result where that is bad, with the synthetic
// message of the same turn, which says more. Everything in it was written by the CLI, nothing by a model.
import type { AgentDigest, ResultFacts } from '../digest/digest.ts';
import type { RateLimitInfo } from '../stream/message-types.ts';
import { oneLine } from '../stream/narrow.ts';
import { TEXT_LIMIT } from './words.ts';

export interface Failure {
  readonly subtype: string | null;
  /** What the agent tells its user, one line. */
  readonly text: string;
  /** The `error` enum of the synthetic message. */
  readonly error: string | null;
  /** The finer kind of newer versions. */
  readonly apiError: string | null;
  readonly apiErrorType: string | null;
  /** HTTP. */
  readonly status: number | null;
  readonly terminalReason: string | null;
  readonly stopReason: string | null;
  /** What the refused request's own answer said about the limit. */
  readonly rateLimit: RateLimitInfo | null;
  /** When it was said, ISO 8601. */
  readonly at: string | null;
}

/** Subtype and exit code alone do not tell success (facts/claude-code.md 0.1). */
export function isGood(result: ResultFacts | null): boolean {
  return result !== null && result.subtype === 'success' && result.isError === false;
}

/** What does not say that it is good, is not. */
export function isBad(result: ResultFacts | null): boolean {
  return result !== null && !isGood(result);
}

/**
 * Null where the stream ends on no failure: on a good result, or in the middle of a turn. A synthetic message that
 * no result follows (the stream was cut between the two) is a failure as well.
 */
export function failureOf(digest: AgentDigest): Failure | null {
  const result = digest.turnOver && isBad(digest.result) ? digest.result : null;
  const synthetic = result === null ? digest.syntheticError : result.syntheticError;
  if (result === null && (synthetic === null || digest.turnOver)) return null;
  const text = oneLine(withCause(textOf(result, synthetic?.text ?? ''), synthetic?.compactError ?? null), TEXT_LIMIT);
  return {
    subtype: result?.subtype ?? null,
    text,
    error: synthetic?.error ?? null,
    apiError: result?.apiError ?? synthetic?.apiError ?? null,
    apiErrorType: result?.apiErrorType ?? synthetic?.apiErrorType ?? null,
    status: result?.apiErrorStatus ?? synthetic?.status ?? statusIn(text),
    terminalReason: result?.terminalReason ?? null,
    stopReason: result?.stopReason ?? null,
    rateLimit: synthetic?.rateLimit ?? null,
    at: synthetic?.at ?? result?.at ?? digest.lastAt,
  };
}

function textOf(result: ResultFacts | null, syntheticText: string): string {
  const error = result?.errors.find((text) => !text.startsWith(DIAGNOSTIC)) ?? result?.errors[0];
  return error ?? (result?.text || syntheticText);
}

/** Versions before these two tell it in no field. */
function statusIn(text: string): number | null {
  const status = STATUS.exec(text)?.[1];
  return status === undefined ? null : Number(status);
}

const STATUS = /^(?:Failed to authenticate\. |Please run \/login · )?API Error: (?:Request rejected \()?([1-5]\d\d)\b/;

/** As newer versions say it themselves: a limit that kept the conversation from being made shorter is a limit. */
function withCause(text: string, compactError: string | null): string {
  return text === TOO_LONG && compactError !== null ? `${text} · automatic compaction failed: ${compactError}` : text;
}

const TOO_LONG = 'Prompt is too long';

/** Of the agent to its makers: says in which state it stopped, not why. */
const DIAGNOSTIC = '[ede_diagnostic]';

/** `error_max_turns: Reached maximum number of turns (3)`, `529 Overloaded (HTTP 529)`. */
export function failureText(failure: Failure): string {
  const subtype = failure.subtype !== null && failure.subtype !== 'success' ? `${failure.subtype}: ` : '';
  return `${subtype}${failure.text || 'no text'}${failure.status === null ? '' : ` (HTTP ${failure.status})`}`;
}
