// Signs of life: what the digest says of an attempt that prints nothing. A running command may be silent for as
// long as its own limit; a process whose last result has come may be held by what runs in the background.
import type { AgentDigest } from './digest.ts';
import type { RunningTool } from './tools.ts';

/** Limits of the Bash tool; the agent's environment may change them (BASH_DEFAULT_TIMEOUT_MS, BASH_MAX_TIMEOUT_MS). */
export interface ToolLimits {
  readonly bashDefaultMs: number;
  readonly bashMaxMs: number;
}

/** As the Bash tool documents them to the model: 2 minutes, 10 at most. */
export const DEFAULT_TOOL_LIMITS: ToolLimits = { bashDefaultMs: 120_000, bashMaxMs: 600_000 };

/** A command that is out of time is killed and reported first; that takes a moment. */
const REPORT_MS = 60_000;

export interface Activity {
  /** The running call that may be silent longest; null when none runs, or none that has a limit of its own. */
  readonly limitedTool: { readonly tool: RunningTool; readonly limitMs: number } | null;
  /** Calls that are not answered yet, subagents and tools without a limit included. */
  readonly runningTools: number;
  /** The last result has come, and the main conversation has not gone on since: the process should end. */
  readonly turnOver: boolean;
  /** Tasks that hold the process although its turn is over; 0 while it is not. */
  readonly holdingTasks: number;
}

export function activityOf(digest: AgentDigest, limits: ToolLimits = DEFAULT_TOOL_LIMITS): Activity {
  const limited = digest.runningTools
    .flatMap((tool) => {
      const limitMs = toolLimitMs(tool, limits);
      return limitMs === null ? [] : [{ tool, limitMs }];
    })
    .sort((a, b) => b.limitMs - a.limitMs);
  return {
    limitedTool: limited[0] ?? null,
    runningTools: digest.runningTools.length,
    turnOver: digest.turnOver,
    holdingTasks: digest.turnOver ? digest.backgroundTasks.length : 0,
  };
}

/**
 * How long the agent may be silent now: `idleMs`, or as long as its longest running command may take, with time to
 * report that it ran out. Subagents and tools without a limit of their own (agents, MCP, web) extend nothing.
 */
export function silenceLimitMs(digest: AgentDigest, idleMs: number, limits: ToolLimits = DEFAULT_TOOL_LIMITS): number {
  const tool = activityOf(digest, limits).limitedTool;
  return tool === null ? idleMs : Math.max(idleMs, tool.limitMs + REPORT_MS);
}

/** How long a call may run by its own rules; null for tools that have none. */
export function toolLimitMs(tool: RunningTool, limits: ToolLimits = DEFAULT_TOOL_LIMITS): number | null {
  if (tool.name !== 'Bash') return null;
  // Also for a wish that is no time: the agent falls back to its default.
  const asked = tool.timeoutMs === null || tool.timeoutMs <= 0 ? limits.bashDefaultMs : tool.timeoutMs;
  return Math.min(asked, Math.max(limits.bashMaxMs, limits.bashDefaultMs));
}

export interface MustEnd {
  readonly why: 'auth_retries';
  /** One line for people. */
  readonly message: string;
}

/**
 * What makes going on pointless: the second retry in a row with 401 or 403. Left alone, the agent tries a wrong key
 * for three minutes (facts/claude-code.md 0.8 and 4).
 */
export function mustEndNow(digest: AgentDigest): MustEnd | null {
  const { refusedInRow, last } = digest.apiRetries;
  if (refusedInRow < 2) return null;
  const error = last?.error ?? null;
  return {
    why: 'auth_retries',
    message: `the login was refused ${refusedInRow} times in a row (HTTP ${last?.status}${error === null ? '' : `, ${error.slice(0, 80)}`})`,
  };
}
