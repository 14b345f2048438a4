// What we use of the agent's stream-json messages (facts/claude-code.md 1), one type a kind.
// All texts are raw: whoever shows them sanitizes them.

export interface MessageBase {
  readonly sessionId: string | null;
  /** The call of the agent tool that this line belongs to; null for the main conversation. */
  readonly parentToolUseId: string | null;
  /** ISO 8601, where the line carries a time. */
  readonly at: string | null;
}

export interface InitMessage extends MessageBase {
  readonly kind: 'init';
  readonly model: string | null;
  readonly agentVersion: string | null;
  /** `none` for a subscription and for no login at all. */
  readonly apiKeySource: string | null;
  readonly workdir: string | null;
}

/** Of one API request; the output count of the stream is a placeholder and not kept. */
export interface RequestUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly text: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type AssistantBlock = TextBlock | ThinkingBlock | ToolUseBlock;

/** What the agent's own (synthetic) messages say of a failed request. */
export interface ApiErrorFacts {
  /** The `error` enum: `rate_limit`, `authentication_failed`, … */
  readonly error: string | null;
  /** Newer versions: `usage_limit_reached`, `connection_failed`, … */
  readonly apiError: string | null;
  readonly apiErrorType: string | null;
  /** HTTP status. */
  readonly status: number | null;
  readonly rateLimit: RateLimitInfo | null;
}

/** One content block each, as it ends; several lines share one `messageId`. */
export interface AssistantMessage extends MessageBase {
  readonly kind: 'assistant';
  readonly messageId: string | null;
  readonly model: string | null;
  /** Written by the CLI itself, not by a model. */
  readonly synthetic: boolean;
  readonly usage: RequestUsage;
  readonly blocks: readonly AssistantBlock[];
  readonly apiError: ApiErrorFacts | null;
}

export interface FileChange {
  readonly path: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

export interface ToolResultBlock {
  readonly toolUseId: string;
  readonly isError: boolean;
  /** All text parts, joined by line feeds. */
  readonly text: string;
  /** Pictures and other parts that are no text. */
  readonly otherParts: number;
}

export interface UserMessage extends MessageBase {
  readonly kind: 'user';
  readonly results: readonly ToolResultBlock[];
  /** Text that the CLI put into the conversation (summaries, interruptions, a subagent's task). */
  readonly text: string;
  readonly fileChange: FileChange | null;
  /** Lines that Read returned, where it did. */
  readonly linesRead: number | null;
  /** What a subagent reports back; empty when it was only started; null where no subagent answers. */
  readonly subagentReport: string | null;
}

export interface ModelUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costUsd: number;
  readonly contextWindowTokens: number | null;
}

export interface ResultMessage extends MessageBase {
  readonly kind: 'result';
  readonly subtype: string | null;
  /** Null where the line does not say. */
  readonly isError: boolean | null;
  readonly text: string;
  readonly errors: readonly string[];
  readonly terminalReason: string | null;
  readonly stopReason: string | null;
  readonly turns: number | null;
  readonly durationMs: number | null;
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  readonly apiError: string | null;
  /** Running total of the process; of newer versions that resume a session, of the session. */
  readonly totalCostUsd: number | null;
  /** The same by model. */
  readonly models: ReadonlyMap<string, ModelUsage>;
  /** Of these the part since the process's result before this one; null where the version does not say. */
  readonly modelsSinceLast: ReadonlyMap<string, ModelUsage> | null;
  /** 0 for the first one of the process; null where the version does not say. */
  readonly index: number | null;
}

export interface RetryMessage extends MessageBase {
  readonly kind: 'api_retry';
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly delayMs: number | null;
  /** Null: no HTTP answer. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface UsageWindow {
  /** 0 to 1. */
  readonly utilization: number | null;
  /** ISO 8601. */
  readonly resetsAt: string | null;
}

export interface RateLimitInfo {
  /** `allowed`, `allowed_warning`, `rejected`. */
  readonly status: string | null;
  /** `five_hour`, `seven_day`, … */
  readonly limit: string | null;
  /** ISO 8601. */
  readonly resetsAt: string | null;
  readonly utilization: number | null;
  readonly overageStatus: string | null;
  readonly overageResetsAt: string | null;
  readonly isUsingOverage: boolean;
  readonly fiveHour: UsageWindow | null;
  readonly sevenDay: UsageWindow | null;
}

export interface RateLimitMessage extends MessageBase {
  readonly kind: 'rate_limit';
  readonly info: RateLimitInfo;
}

export interface CompactMessage extends MessageBase {
  readonly kind: 'compacted';
  readonly trigger: string | null;
  readonly preTokens: number | null;
  readonly postTokens: number | null;
}

export interface StatusMessage extends MessageBase {
  readonly kind: 'status';
  readonly status: string | null;
  readonly compactResult: string | null;
  readonly compactError: string | null;
}

export interface TaskMessage extends MessageBase {
  readonly kind: 'task';
  readonly event: 'started' | 'progress' | 'updated' | 'ended';
  readonly taskId: string | null;
  readonly toolUseId: string | null;
  /** `local_agent` is a subagent, `local_bash` a shell command. */
  readonly taskType: string | null;
  readonly description: string | null;
  readonly subagentType: string | null;
  readonly inBackground: boolean | null;
  readonly status: string | null;
  readonly summary: string | null;
  readonly totalTokens: number | null;
  readonly toolUses: number | null;
  readonly durationMs: number | null;
}

export interface BackgroundTask {
  readonly id: string;
  readonly type: string | null;
  readonly description: string | null;
}

/** The whole list of what runs behind the conversation; after a result it holds the process. */
export interface BackgroundTasksMessage extends MessageBase {
  readonly kind: 'background_tasks';
  readonly tasks: readonly BackgroundTask[];
}

export interface ThinkingTokensMessage extends MessageBase {
  readonly kind: 'thinking_tokens';
  /** Of the thinking that is going on. */
  readonly estimatedTokens: number | null;
}

/** With partial messages only: a request of the main conversation is over, and its output is known. */
export interface RequestEndMessage extends MessageBase {
  readonly kind: 'request_end';
  readonly outputTokens: number;
}

/** Something that the CLI tells its user: a fallback model, a safeguard, a hint. */
export interface NoticeMessage extends MessageBase {
  readonly kind: 'notice';
  readonly subtype: string;
  readonly text: string;
}

/** A well-formed message that we have no use for. */
export interface UnknownMessage extends MessageBase {
  readonly kind: 'unknown';
  readonly type: string;
}

export type AgentMessage =
  | InitMessage
  | AssistantMessage
  | UserMessage
  | ResultMessage
  | RetryMessage
  | RateLimitMessage
  | CompactMessage
  | StatusMessage
  | TaskMessage
  | BackgroundTasksMessage
  | ThinkingTokensMessage
  | RequestEndMessage
  | NoticeMessage
  | UnknownMessage;
