// A disk that is full pauses a run, and space alone lets it go on: the one pause that nobody has to end.
import type { RunState } from './run-state.ts';

export function isPausedForSpace({ phase }: Pick<RunState, 'phase'>): boolean {
  return phase.name === 'paused' && phase.reason.kind === 'disk_full';
}
