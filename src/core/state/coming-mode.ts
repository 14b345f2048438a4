// The mode of the next iteration, where a person asked for another one.
import type { Mode, RunOptions } from '../options.ts';
import type { RunState } from './run-state.ts';

/** The mode that the next iteration has. */
export function comingMode({ modeAsked, options }: RunState): Mode {
  return modeAsked ?? options.mode;
}

/** The prompt that a person chose is for the mode that the run began with. */
export function optionsIn(mode: Mode, { options, begunAs }: RunState): RunOptions {
  return { ...options, mode, promptPath: mode === begunAs.mode ? begunAs.promptPath : null };
}
