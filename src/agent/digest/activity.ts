// Signs of life: how long an agent may print nothing, and when it is pointless to let it go on.
import type { AgentDigest } from './digest.ts';
import type { RunningTool } from './tools.ts';

/** Limits of the Bash tool. */
export interface ToolLimits {
  readonly bashDefaultMs: number;
  readonly bashMaxMs: number;
}

/** As the Bash tool documents them to the model: 2 minutes, 10 at most. */
export const DEFAULT_TOOL_LIMITS: ToolLimits = { bashDefaultMs: 120_000, bashMaxMs: 600_000 };

/** A command that is out of time is killed and reported first; that takes a moment. */
const REPORT_MS = 60_000;

/** @param environment the agent's own, which may change them */
export function toolLimitsIn(environment: Readonly<Record<string, string | undefined>>): ToolLimits {
  return {
    bashDefaultMs: milliseconds(environment.BASH_DEFAULT_TIMEOUT_MS) ?? DEFAULT_TOOL_LIMITS.bashDefaultMs,
    bashMaxMs: milliseconds(environment.BASH_MAX_TIMEOUT_MS) ?? DEFAULT_TOOL_LIMITS.bashMaxMs,
  };
}

/** The agent leaves out what is no number above 0. */
function milliseconds(text: string | undefined): number | null {
  const ms = Number.parseInt(text ?? '', 10);
  return ms > 0 ? ms : null;
}

/**
 * How long the agent may be silent now: `idleMs`, or as long as its longest running command may take, with time to
 * report that it ran out. Subagents and tools without a limit of their own (agents, MCP, web) extend nothing.
 */
export function silenceLimitMs(digest: AgentDigest, idleMs: number, limits: ToolLimits): number {
  const commandsMs = digest.runningTools.map((tool) => commandLimitMs(tool, limits)).filter((ms) => ms !== null);
  return Math.max(idleMs, ...commandsMs.map((ms) => ms + REPORT_MS));
}

/** How long a call may run by its own rules; null for tools that have none. */
function commandLimitMs(tool: RunningTool, limits: ToolLimits): number | null {
  if (tool.name !== 'Bash') return null;
  // Also for a wish that is no time: the agent falls back to its default.
  const asked = tool.timeoutMs === null || tool.timeoutMs <= 0 ? limits.bashDefaultMs : tool.timeoutMs;
  return Math.min(asked, Math.max(limits.bashMaxMs, limits.bashDefaultMs));
}

/**
 * Whether going on is pointless: the second retry in a row with 401 or 403. Left alone, the agent tries a wrong key for
 * three minutes (facts/claude-code.md 0.8 and 4).
 */
export function mustEndNow({ apiRetries }: AgentDigest): boolean {
  return apiRetries.refusedInRow >= 2;
}
