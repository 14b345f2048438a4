// What a failed turn means for the loop: the rules of facts/claude-code.md 4 (“Rules, in order”), on the last result
// with an error or on the synthetic message before it.
import type { OutcomeKind } from '../../core/outcome.ts';
import { plural } from '../../text/plural.ts';
import type { AgentDigest } from '../digest/digest.ts';
import type { EndEvidence, Verdict } from './evidence.ts';
import { type Failure, failureOf, failureText } from './failure.ts';
import { resetFromInfo, resetFromText } from './reset-time.ts';
import { kindFromText, saysLimit, saysLongContextCredits, saysMoney, saysNotYourLimit } from './texts.ts';
import { afterWork } from './words.ts';

/** Null where the stream ends on no failure, or on one that says nothing we know. */
export function failedTurn({ digest, exit }: EndEvidence): Verdict | null {
  const failure = failureOf(digest);
  if (failure === null) return null;
  const limit = usageLimit(failure, digest, exit.finishedAt);
  if (limit !== null) return limit;
  const kind = kindOf(failure);
  if (kind === null) return null;
  return { kind, message: `${LEADS[kind] ?? ''}${failureText(failure)}${effort(kind, digest)}` };
}

/** Rule 1. `endedAt` stands in for the time of messages that carry none. */
function usageLimit(failure: Failure, digest: AgentDigest, endedAt: string | null): Verdict | null {
  const refusal = digest.rateLimit?.status === 'rejected' ? digest.rateLimit : null;
  // A subagent may have been refused alone, and with extra usage requests go on: only the turn's own end counts.
  const explains = refusal !== null && refusal.resetsAt !== null && !refusal.isUsingOverage;
  const isLimit =
    failure.apiError === 'usage_limit_reached' ||
    saysLimit(failure.text) ||
    (failure.status === 429 && explains && !saysNotYourLimit(failure.text));
  if (!isLimit || saysLongContextCredits(failure.text)) return null;
  const resetsAt =
    resetFromInfo(failure.rateLimit) ?? resetFromInfo(refusal) ?? resetFromText(failure.text, failure.at ?? endedAt);
  const tell = (kind: OutcomeKind, lead: string) => `${lead}: ${failureText(failure)}${effort(kind, digest)}`;
  if (resetsAt !== null) {
    return { kind: 'usage_limit', message: tell('usage_limit', `usage limit until ${moment(resetsAt)}`), resetsAt };
  }
  if (saysMoney(failure.text)) return { kind: 'billing', message: tell('billing', NOT_PAID) };
  return { kind: 'usage_limit', message: tell('usage_limit', 'usage limit, without a time at which it ends') };
}

/** Rules 2 to 4. */
function kindOf(failure: Failure): OutcomeKind | null {
  return (
    SUBTYPES[failure.subtype ?? ''] ??
    API_ERRORS[failure.apiError ?? ''] ??
    personMustAct(failure) ??
    trouble(failure) ??
    cutShort(failure) ??
    kindFromText(failure.text)
  );
}

const SUBTYPES: Readonly<Record<string, OutcomeKind>> = {
  error_max_turns: 'turn_limit',
  error_max_budget_usd: 'budget',
};

/** The finer kinds of newer versions, as the CLI describes them itself. */
const API_ERRORS: Readonly<Record<string, OutcomeKind>> = {
  api_key_auth_disabled: 'auth',
  gateway_session_expired: 'auth',
  gateway_signin_required: 'auth',
  invalid_credential_header: 'auth',
  oauth_refresh_store_refused: 'auth',
  org_disabled_credential: 'auth',
  provider_credentials: 'auth',
  stored_login_refused: 'auth',
  consent_unanswered: 'billing',
  long_context_credits_required: 'billing',
  model_requires_usage_credits: 'billing',
  advisor_incompatible: 'config',
  claude_code_version_too_old: 'config',
  effort_requires_thinking: 'config',
  field_not_granted: 'config',
  gateway_content_type: 'config',
  hook_denied: 'config',
  model_substitution_disabled: 'config',
  network_edge_blocked: 'config',
  no_allowed_fallback: 'config',
  tls_cert_signature_failure: 'config',
  tls_untrusted_ca: 'config',
  computer_slept: 'transient',
  connection_failed: 'transient',
  empty_completion: 'transient',
  no_response: 'transient',
  stream_idle_timeout: 'transient',
  autocompact_thrashing: 'context',
  max_output_tokens: 'context',
  message_over_context_limit: 'context',
  dlp_request_denied: 'refused',
  safety_monitor_blocked: 'refused',
};

const ERRORS: Readonly<Record<string, OutcomeKind>> = {
  account_on_hold: 'auth',
  authentication_failed: 'auth',
  cloud_credential_error: 'auth',
  oauth_org_not_allowed: 'auth',
  verification_required: 'auth',
  billing_error: 'billing',
  model_not_found: 'config',
};

/** Rule 2. */
function personMustAct({ error, status, text }: Failure): OutcomeKind | null {
  const named = ERRORS[error ?? ''];
  if (named !== undefined) return named;
  const said = kindFromText(text);
  if (said === 'auth' || said === 'billing' || said === 'config') return said;
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'billing';
  // No such endpoint or model, or none any more; a proxy that wants a login of its own.
  return status === 404 || status === 405 || status === 407 || status === 410 ? 'config' : null;
}

/** Rule 3. The CLI has retried for about three minutes by then. */
function trouble({ error, status, text }: Failure): OutcomeKind | null {
  const isTrouble =
    (status !== null && (BY_ITSELF.has(status) || status >= 500)) ||
    error === 'server_error' ||
    error === 'overloaded' ||
    error === 'rate_limit' ||
    kindFromText(text) === 'transient';
  return isTrouble ? 'transient' : null;
}

/** Statuses of requests that may go through another time. */
const BY_ITSELF: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Rule 4. */
function cutShort({ error, status, terminalReason, stopReason }: Failure): OutcomeKind | null {
  if (terminalReason === 'max_turns') return 'turn_limit';
  if (terminalReason === 'budget_exhausted') return 'budget';
  if (stopReason === 'refusal') return 'refused';
  const isContext =
    terminalReason === 'prompt_too_long' ||
    terminalReason === 'blocking_limit' ||
    terminalReason === 'rapid_refill_breaker' ||
    error === 'max_output_tokens' ||
    status === 413;
  return isContext ? 'context' : null;
}

const NOT_PAID = 'not paid for';
const LEADS: Partial<Record<OutcomeKind, string>> = {
  auth: 'login refused: ',
  billing: `${NOT_PAID}: `,
  transient: 'API trouble: ',
  context: 'too much for its context: ',
  refused: 'refused by safeguards: ',
};

/** `, after 10 retries, after 3 tool calls`: what had been tried, and what is lost. */
function effort(kind: OutcomeKind, digest: AgentDigest): string {
  const { count } = digest.apiRetries;
  const showsRetries = (kind === 'transient' || kind === 'auth') && count > 0;
  const parts = [
    ...(showsRetries ? [`after ${plural(count, 'retry', 'retries')}`] : []),
    ...(digest.toolCalls > 0 ? [afterWork(digest)] : []),
  ];
  return parts.map((part) => `, ${part}`).join('');
}

/** `2026-11-21 09:48:35 UTC`: what is stored is exact, and screens show it in their own zone. */
function moment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
