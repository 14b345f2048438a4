// When the branch is pushed, and what a push that failed is worth.
import type { Effect } from '../effects.ts';
import type { Pushed } from '../events.ts';
import type { RunState } from '../state/run-state.ts';
import { record } from './decisions.ts';

/** Pushing comes before what follows, so that the end of a run is not printed before its work is out. */
export function pushAfter(state: RunState): Effect[] | null {
  const { options, head, branch, lastPush } = state;
  if (!options.push || state.pushTarget === null || head === null || branch === null) return null;
  // What was committed on another branch does not belong on this one.
  if (state.lastSealed?.survey.branch !== branch) return null;
  if (lastPush?.ok === true && lastPush.head === head) return null;
  if (lastPush === null && head === state.lastSealed?.before.head) return null;
  return [{ type: 'push', branch, head }];
}

export function pushWarning(event: Pushed): Effect[] {
  return event.ok ? [] : [record({ type: 'warned', message: `push failed: ${event.message}` })];
}
