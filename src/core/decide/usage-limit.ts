// How long a usage limit is waited for: until its reset, not longer than a person allows, and not all runs at once.
import type { Effect } from '../effects.ts';
import type { Policy } from '../policy.ts';
import type { RunState } from '../state/run-state.ts';
import type { AccountLimit } from '../survey.ts';
import { pause, record } from './decisions.ts';

/** The wait after an attempt that ended at a limit. `resetsAt` is ISO 8601; `place` this run's among those that wait. */
export function waitForReset(state: RunState, resetsAt: string, place: number, why: string, policy: Policy): Effect {
  const nowMs = Date.parse(state.at);
  const untilMs = Math.max(Date.parse(resetsAt) + policy.afterResetMs, nowMs) + place * policy.staggerMs;
  const until = new Date(untilMs).toISOString();
  if (untilMs - nowMs > (state.options.maxWaitMs ?? policy.maxWaitMs)) return pause(tooLong(until, why));
  return record({ type: 'waiting', kind: 'usage_limit', until, why });
}

/** The same for a limit that another run noticed, or this one before; null when it is over, or a person said to try. */
export function waitForAccount(state: RunState, limit: AccountLimit | null, policy: Policy): Effect | null {
  if (limit === null || (state.resumedAt !== null && state.resumedAt > limit.noticedAt)) return null;
  const overMs = Date.parse(limit.until) + policy.afterResetMs + limit.place * policy.staggerMs;
  return overMs <= Date.parse(state.at) ? null : waitForReset(state, limit.until, limit.place, limit.message, policy);
}

function tooLong(until: string, why: string) {
  return {
    kind: 'limit_too_long',
    message: `${why}; it would last until ${until}, longer than --max-wait allows`,
    help: 'wait and then, or try at once: ralph-tui resume',
    remedy: 'wait until then, or allow a longer --max-wait',
    headlessExit: 'needs_person',
  } as const;
}
