// The digest of an agent's stream: everything that the loop and its viewers want to know of an
// attempt, as plain JSON of bounded size. It is cached beside the raw log and may be made again.
import type { ApiErrorFacts, BackgroundTask, RateLimitInfo, ResultMessage } from '../stream/message-types.ts';
import { EMPTY_SPEND, type SpendState } from './spend.ts';
import { EMPTY_SUBAGENTS, type SubagentFacts } from './subagents.ts';
import { EMPTY_TOOL_FACTS, type ToolFacts } from './tools.ts';
import type { UsageSample } from './usage-windows.ts';

/** Changes with every change of the shape: an older cache is thrown away. */
export const DIGEST_SCHEMA = 5;

export interface RetryFacts {
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly delayMs: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly at: string | null;
}

/** What is kept of a result. */
export interface ResultFacts
  extends Pick<
    ResultMessage,
    | 'subtype'
    | 'isError'
    | 'text'
    | 'errors'
    | 'terminalReason'
    | 'stopReason'
    | 'turns'
    | 'durationMs'
    | 'apiErrorStatus'
    | 'apiErrorType'
    | 'apiError'
  > {
  /** The agent says in it that everything is done. */
  readonly claimsDone: boolean;
  /** The failed request that its turn ended on, which says more. */
  readonly syntheticError: SyntheticError | null;
  /** When it came, ISO 8601; null where neither the line nor its reader knew a time. */
  readonly at: string | null;
}

export interface ApiRetries {
  readonly count: number;
  /** Refused logins (401, 403) in a row, with no answer of a model between them. */
  readonly refusedInRow: number;
  readonly last: RetryFacts | null;
}

export interface SyntheticError extends ApiErrorFacts {
  readonly text: string;
  /** Why the conversation could not be made shorter before, which older versions say nowhere else. */
  readonly compactError: string | null;
  readonly at: string | null;
}

export interface ContextGauge {
  /** Prompt of the main conversation's last request, cached or not; 0 before the first. */
  readonly tokens: number;
  readonly peakTokens: number;
  /** What they have to fit in; known once a result has reported it. */
  readonly windowTokens: number | null;
}

export interface AgentDigest extends ToolFacts {
  readonly schema: typeof DIGEST_SCHEMA;
  /** Ours, or the one that the log is in. */
  readonly sessionId: string | null;
  /** We asked for that session, so that no line of the stream can name another. */
  readonly sessionChosen: boolean;
  /** The one that the log was in before. */
  readonly sessionBefore: string | null;
  readonly model: string | null;
  readonly agentVersion: string | null;
  readonly apiKeySource: string | null;
  readonly workdir: string | null;
  /** Messages that counted, of any type. */
  readonly messages: number;
  /** Lines that are no message: cut, broken, too long. */
  readonly skippedLines: number;
  /** Messages of another session: forged, or somebody else's. */
  readonly foreignLines: number;
  /** ISO 8601 of the first and the last message that counted. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Of the main conversation. */
  readonly lastText: string | null;
  readonly lastTextClaimsDone: boolean;
  readonly lastThinking: string | null;
  readonly subagents: SubagentFacts;
  readonly apiRetries: ApiRetries;
  readonly compactions: number;
  readonly rateLimit: RateLimitInfo | null;
  /** How full the plan's windows were, as the agent heard it, oldest first. */
  readonly usage: readonly UsageSample[];
  readonly backgroundTasks: readonly BackgroundTask[];
  readonly context: ContextGauge;
  readonly spend: SpendState;
  readonly results: number;
  /** Of the last result of a turn that did something: a process may print several, and the last one counts. */
  readonly result: ResultFacts | null;
  /** A result has come, and the main conversation has not gone on since. */
  readonly turnOver: boolean;
  /** The agent has begun anew since its last result: with another turn, or as another process. */
  readonly begunAnew: boolean;
  /** The failed request that the main conversation's turn ended on; null once a model has answered again. */
  readonly syntheticError: SyntheticError | null;
  /** Making the conversation shorter failed of this, and no model has answered since. */
  readonly compactError: string | null;
  /** The agent noted that somebody interrupted it, and the main conversation has not gone on since. */
  readonly interrupted: boolean;
}

/** `sessionId`: the one that we chose with `--session-id`; without it the stream's first one is taken. */
export function emptyDigest(sessionId: string | null = null): AgentDigest {
  return {
    schema: DIGEST_SCHEMA,
    sessionId,
    sessionChosen: sessionId !== null,
    sessionBefore: null,
    model: null,
    agentVersion: null,
    apiKeySource: null,
    workdir: null,
    messages: 0,
    skippedLines: 0,
    foreignLines: 0,
    firstAt: null,
    lastAt: null,
    ...EMPTY_TOOL_FACTS,
    lastText: null,
    lastTextClaimsDone: false,
    lastThinking: null,
    subagents: EMPTY_SUBAGENTS,
    apiRetries: { count: 0, refusedInRow: 0, last: null },
    compactions: 0,
    rateLimit: null,
    usage: [],
    backgroundTasks: [],
    context: { tokens: 0, peakTokens: 0, windowTokens: null },
    spend: EMPTY_SPEND,
    results: 0,
    result: null,
    turnOver: false,
    begunAnew: false,
    syntheticError: null,
    compactError: null,
    interrupted: false,
  };
}
