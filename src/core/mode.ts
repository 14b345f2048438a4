// Changing a run's mode on the way: planning again in the middle of a build, and back.
import { record } from './decide/decisions.ts';
import type { Effect } from './effects.ts';
import type { Mode, RunOptions } from './options.ts';
import type { RunState } from './state/run-state.ts';

/** What a person can ask for; which way to plan is the run's own. */
export type AskedMode = 'build' | 'plan';

/** A run that plans one piece of work plans that again. */
export function meantMode({ work }: RunOptions, asked: AskedMode): Mode {
  if (asked === 'build') return 'build';
  return work === null ? 'plan' : 'plan-work';
}

/** The mode that the next iteration has. */
export function comingMode({ modeAsked, options }: RunState): Mode {
  return modeAsked ?? options.mode;
}

/**
 * The change that is due while nothing runs: what a person asked for, or back to building when planning again is done.
 * @param planned an iteration has left the plan as it was
 */
export function dueModeChange({ modeAsked, planningAgain }: RunState, planned: boolean): Effect | null {
  if (modeAsked !== null) return record({ type: 'mode_changed', mode: modeAsked, why: 'asked' });
  return planningAgain && planned ? record({ type: 'mode_changed', mode: 'build', why: 'planned' }) : null;
}

/** The prompt that a person chose is for the mode that the run began with. */
export function optionsIn(mode: Mode, { options, begunAs }: RunState): RunOptions {
  return { ...options, mode, promptPath: mode === begunAs.mode ? begunAs.promptPath : null };
}
