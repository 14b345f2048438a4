// When a run changes its mode: at a person's word, and back to building when planning again is done.
import type { Effect } from '../effects.ts';
import type { RunState } from '../state/run-state.ts';
import { record } from './decisions.ts';

/**
 * The change that is due while nothing runs.
 * @param planned an iteration has left the plan as it was
 */
export function dueModeChange({ modeAsked, planningAgain }: RunState, planned: boolean): Effect | null {
  if (modeAsked !== null) return record({ type: 'mode_changed', mode: modeAsked, why: 'asked' });
  return planningAgain && planned ? record({ type: 'mode_changed', mode: 'build', why: 'planned' }) : null;
}
