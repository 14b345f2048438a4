// What a viewer knows of the running attempt beyond the journal: read from its log and its vitals.
import type { TokenCounts } from '../core/receipt.ts';
import type { Vitals } from '../core/sandbox.ts';

export interface LiveTool {
  readonly name: string;
  /** The command, the file, the pattern: as the agent wrote it, hostile until sanitized. */
  readonly summary: string;
  /** ISO 8601, null when nobody knows. */
  readonly startedAt: string | null;
}

/** The agent asks again after an error, and has said nothing since. */
export interface LiveRetry {
  readonly attempt: number | null;
  readonly maxRetries: number | null;
  readonly delayMs: number | null;
  /** HTTP status, null without an answer. */
  readonly status: number | null;
  /** As the agent names it, hostile until sanitized. */
  readonly error: string | null;
}

export interface LiveFacts {
  /** Null while it gets answers. */
  readonly retry: LiveRetry | null;
  /** How full the plan's usage windows are: `5h 62% wk 31%`; null when nobody said. */
  readonly usage: string | null;
  /** Called and not answered yet, oldest first. */
  readonly runningTools: readonly LiveTool[];
  /** When the newest byte of output came, ISO 8601; null before the first. */
  readonly lastOutputAt: string | null;
  /** Prompt of the main conversation's last request, its highest, and what it has to fit in. */
  readonly contextTokens: number;
  readonly contextWindowTokens: number | null;
  readonly vitals: Vitals | null;
  readonly peakMemoryBytes: number | null;
  readonly sessionId: string | null;
  readonly model: string | null;
  readonly toolCalls: number;
  /** Files that the agent wrote or edited with its tools. */
  readonly filesChanged: number;
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  readonly costBasis: 'reported' | 'estimated';
}
