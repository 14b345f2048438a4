// What a pause asks for: somebody who helps, told once and told again; a headless run ends instead.
import type { Effect } from '../effects.ts';
import type { PauseReason } from '../events.ts';
import type { Policy } from '../policy.ts';
import { isPausedForSpace } from '../state/paused-for-space.ts';
import type { RunState } from '../state/run-state.ts';
import { finish } from './decisions.ts';
import { helpAtEnd } from './help.ts';

/** Headless, nobody is there to help; else whoever can is told, and told again. */
export function whilePaused(state: RunState, reason: PauseReason, since: string, policy: Policy): Effect[] {
  if (reason.headlessExit === null) return [];
  const { message, help } = reason;
  if (state.headless) return [finish(state, reason.headlessExit, withHelp(message, helpAtEnd(reason)))];
  return [{ type: 'notify', what: 'needs_you', message, help }, remind(state, since, policy)];
}

/** Headless, the run ends instead. */
export function awaitSpace(state: RunState): Effect[] {
  return isPausedForSpace(state) && !state.headless ? [{ type: 'await_space' }] : [];
}

function withHelp(message: string, help: string | null): string {
  return help === null ? message : `${message} · ${help}`;
}

export function remindAgain(state: RunState, since: string, policy: Policy): Effect[] {
  const { phase } = state;
  return phase.name === 'paused' && phase.since === since ? whilePaused(state, phase.reason, since, policy) : [];
}

/** Whoever started the supervisor again is there; others are told at the usual time. */
export function remindOf(
  state: RunState,
  { reason, since }: { reason: PauseReason; since: string },
  policy: Policy,
): Effect[] {
  return reason.headlessExit === null ? [] : [remind(state, since, policy)];
}

function remind(state: RunState, since: string, policy: Policy): Effect {
  return { type: 'remind', at: new Date(Date.parse(state.at) + policy.remindEveryMs).toISOString(), since };
}

/** Pausing ends a wait, and tells what was waited for. */
export function pausedWhileWaiting(why: string) {
  return {
    kind: 'asked',
    message: `paused by you while waiting: ${why}`,
    help: 'ralph-tui resume',
    headlessExit: null,
  } as const;
}
