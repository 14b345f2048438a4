// What one attempt was, in figures: written once, when the attempt is sealed.
import type { Outcome } from './outcome.ts';

export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface CommitInfo {
  readonly sha: string;
  /** First line of the message, as the agent wrote it: hostile until sanitized. */
  readonly subject: string;
  /** Author time, ISO 8601. */
  readonly at: string;
}

/** What moved while the attempt ran. */
export interface ProgressMade {
  readonly commits: boolean;
  readonly plan: boolean;
  /** Null when git could not tell. */
  readonly workTree: boolean | null;
  /** State of the uncommitted files after it, to hold the next attempt's against; null when unknown. */
  readonly workTreeHash: string | null;
}

export interface AttemptTraits {
  /** The error that it ended with, null when there was none. */
  readonly error: string | null;
  /** The last tool call, as a person would write it; null without any. */
  readonly lastTool: string | null;
  readonly filesRead: readonly string[];
  /** Written or edited by its tools; paths in the repository are relative to its top. */
  readonly filesChanged: readonly string[];
}

export interface CheckWord {
  readonly ok: boolean;
  readonly exitCode: number;
}

/** A person has taken back what the attempt did. */
export interface Undoing {
  /** ISO 8601. */
  readonly at: string;
  /** A command that brings back what was thrown away, as FETCH_HEAD. */
  readonly fetchCommand: string;
}

export interface Receipt {
  readonly iteration: number;
  readonly attempt: number;
  readonly outcome: Outcome;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly elapsedMs: number;
  readonly exitCode: number | null;
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  /** `reported` by the agent's last result, or `estimated` from its messages when there is none. */
  readonly costBasis: 'reported' | 'estimated';
  /** Most tokens that any request of the main conversation carried, and the window they had to fit in. */
  readonly contextPeakTokens: number;
  readonly contextWindowTokens: number | null;
  readonly model: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  readonly toolCalls: number;
  readonly commits: readonly CommitInfo[];
  /** Files changed or new against the last commit; null when git could not tell. */
  readonly uncommittedFiles: number | null;
  /** Tasks ticked or removed, and tasks added, during this attempt. */
  readonly tasksFinished: readonly string[];
  readonly tasksAdded: number;
  readonly openAfter: number;
  /** Highest sample, or the limit where a process was killed at it; null when there was none. */
  readonly peakMemoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  /** Null in a repository without any commit. */
  readonly baseCommit: string | null;
  readonly headCommit: string | null;
  /**
   * Every file as the attempt found it, what was uncommitted included: a commit of the shadow git, or the base commit
   * where nothing was. Null where it could not be kept; older journals do not say.
   */
  readonly foundCommit?: string | null;
  /** SHA-256 of the prompt as sent, hex. */
  readonly promptHash: string;
  /** The agent said that all is done. */
  readonly claimedDone: boolean;
  readonly progress: ProgressMade;
  /** What iterations that get nowhere may have in common. */
  readonly traits: AttemptTraits;
  readonly warnings: readonly string[];
  /** What the command of --until said of the workspace that it left; null where it was not asked. */
  readonly check: CheckWord | null;
  /** Not there while it stands. */
  readonly undone?: Undoing;
}
