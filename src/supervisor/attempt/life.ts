// Signs of life of a running attempt: whether it has to be ended because it is silent, late, held back, or drowning us.
import { DEFAULT_TOOL_LIMITS, mustEndNow, silenceLimitMs, type ToolLimits } from '../../agent/digest/activity.ts';
import type { AgentDigest } from '../../agent/digest/digest.ts';
import type { OverdueReason } from '../../core/events.ts';
import type { RunOptions } from '../../core/options.ts';
import type { Policy } from '../../core/policy.ts';
import { formatBytes } from '../../text/bytes.ts';
import { formatDuration } from '../../text/duration.ts';

export interface LifeSigns {
  readonly digest: AgentDigest;
  /** Milliseconds since 1970, as all times here. */
  readonly startedMs: number;
  readonly lastOutputMs: number;
  readonly outputBytes: number;
}

export interface Overdue {
  readonly why: OverdueReason;
  /** The limit that was hit, in words; null where there is none. */
  readonly limit: string | null;
}

type Limits = Pick<RunOptions, 'idleLimitMs' | 'iterationTimeoutMs'>;

/** Looks once a second; keeps what it needs to know of the seconds before. */
export class LifeWatch {
  readonly #limits: Limits;
  readonly #policy: Policy;
  readonly #toolLimits: ToolLimits;
  #turnOverSinceMs: number | null = null;
  #bytesBefore: number | null = null;
  #floodedSeconds = 0;

  constructor(limits: Limits, policy: Policy, toolLimits: ToolLimits = DEFAULT_TOOL_LIMITS) {
    this.#limits = limits;
    this.#policy = policy;
    this.#toolLimits = toolLimits;
  }

  /** Why the attempt has to be ended now; null while it may go on. */
  look(signs: LifeSigns, nowMs: number): Overdue | null {
    const { idleLimitMs, iterationTimeoutMs } = this.#limits;
    if (mustEndNow(signs.digest)) return { why: 'auth_retries', limit: null };
    const flood = this.#flood(signs.outputBytes);
    if (flood !== null) return flood;
    if (this.#isHeld(signs, nowMs)) return { why: 'background', limit: formatDuration(this.#policy.backgroundGraceMs) };
    if (iterationTimeoutMs !== null && nowMs - signs.startedMs > iterationTimeoutMs) {
      return { why: 'timeout', limit: formatDuration(iterationTimeoutMs) };
    }
    const silenceMs = silenceLimitMs(signs.digest, idleLimitMs ?? this.#policy.idleLimitMs, this.#toolLimits);
    if (nowMs - Math.max(signs.lastOutputMs, signs.startedMs) > silenceMs)
      return { why: 'idle', limit: formatDuration(silenceMs) };
    return null;
  }

  /** The turn is over, and tasks in the background hold the process (facts/claude-code.md 3). */
  #isHeld({ digest }: LifeSigns, nowMs: number): boolean {
    if (!digest.turnOver) {
      this.#turnOverSinceMs = null;
      return false;
    }
    this.#turnOverSinceMs ??= nowMs;
    return nowMs - this.#turnOverSinceMs > this.#policy.backgroundGraceMs;
  }

  #flood(outputBytes: number): Overdue | null {
    const { floodBytes, floodBytesPerSecond, floodSeconds } = this.#policy;
    const grownBytes = outputBytes - (this.#bytesBefore ?? outputBytes);
    this.#bytesBefore = outputBytes;
    this.#floodedSeconds = grownBytes > floodBytesPerSecond ? this.#floodedSeconds + 1 : 0;
    if (outputBytes > floodBytes) return { why: 'flood', limit: formatBytes(floodBytes) };
    return this.#floodedSeconds < floodSeconds
      ? null
      : { why: 'flood', limit: `${formatBytes(floodBytesPerSecond)} a second` };
  }
}
