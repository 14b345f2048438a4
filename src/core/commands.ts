// What a person can ask of a running loop, and when that is possible.
import type { AttemptRef } from './events.ts';
import type { RunState } from './run-state.ts';

export type RunCommand =
  /** Pause after the running iteration; at once when nothing runs. */
  | { readonly name: 'pause' }
  /** Go on: ends a pause or a wait, takes back a pause that has not come yet. `next` skips the iteration that was stopped. */
  | { readonly name: 'resume'; readonly next: boolean }
  /** End the run now, after the running iteration, or end the attempt only (the run is paused then). */
  | { readonly name: 'stop'; readonly when: 'now' | 'after_iteration' | 'attempt'; readonly attempt: AttemptRef | null }
  /** Kill every process of the attempt; the run is paused then. */
  | { readonly name: 'kill'; readonly attempt: AttemptRef | null }
  /** Stop the attempt if one runs, and start the next attempt of the same iteration. */
  | { readonly name: 'restart'; readonly attempt: AttemptRef | null }
  | { readonly name: 'set_max'; readonly max: number | null };

/** Why the command cannot be carried out now, in one line; null when it can. */
export function refusal(state: RunState, command: RunCommand): string | null {
  const { phase } = state;
  if (phase.name === 'finished') return 'the run is finished; start a new one with: ralph-tui';
  const named = 'attempt' in command ? command.attempt : null;
  if (named !== null && !isCurrent(state, named))
    return `attempt ${named.iteration}.${named.attempt} is not running any more`;
  switch (command.name) {
    case 'pause':
      if (phase.name === 'paused') return 'the run is paused already; go on with: ralph-tui resume';
      if (state.pauseAsked) return 'the run pauses after this iteration already; take it back with: ralph-tui resume';
      return null;
    case 'resume':
      if (command.next && phase.name !== 'paused') return 'only a paused run can skip an iteration';
      if (phase.name === 'paused' || phase.name === 'waiting') return null;
      return state.pauseAsked || state.stopAfterAsked ? null : 'the run is going on already';
    case 'stop':
      return command.when === 'attempt' ? refuseWithoutAttempt(state) : null;
    case 'kill':
      return refuseWithoutAttempt(state);
    case 'restart':
      if (phase.name === 'running') return refuseWithoutAttempt(state);
      return null;
    case 'set_max':
      if (command.max !== null && command.max < state.iteration) {
        return `iteration ${state.iteration} has been reached already; the maximum cannot be ${command.max}`;
      }
      return null;
  }
}

function isCurrent(state: RunState, ref: AttemptRef): boolean {
  return state.current?.iteration === ref.iteration && state.current.attempt === ref.attempt;
}

function refuseWithoutAttempt(state: RunState): string | null {
  if (state.current === null) return 'no attempt is running';
  if (state.current.exit !== null) return 'the attempt has just ended';
  return null;
}
