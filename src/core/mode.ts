// Changing a run's mode on the way: planning again in the middle of a build, and back.
import type { Mode, RunOptions } from './options.ts';

/** What a person can ask for; which way to plan is the run's own. */
export type AskedMode = 'build' | 'plan';

/** A run that plans one piece of work plans that again. */
export function meantMode({ work }: RunOptions, asked: AskedMode): Mode {
  if (asked === 'build') return 'build';
  return work === null ? 'plan' : 'plan-work';
}
