// When what a person asks of a running loop is possible.
import { sameAttempt } from '../attempt-ref.ts';
import { meantMode } from '../mode.ts';
import type { Mode } from '../options.ts';
import type { RunCommand } from '../run-command.ts';
import { comingMode } from '../state/coming-mode.ts';
import { isPausedForSpace } from '../state/paused-for-space.ts';
import type { RunState } from '../state/run-state.ts';

/** Why the command cannot be carried out now, in one line; null when it can. */
export function refusal(state: RunState, command: RunCommand): string | null {
  const { phase } = state;
  if (phase.name === 'finished') return 'the run is finished; start a new one with: ralph-tui';
  const named = 'attempt' in command ? command.attempt : null;
  if (named !== null && !sameAttempt(state.current, named))
    return `attempt ${named.iteration}.${named.attempt} is not running any more`;
  switch (command.name) {
    case 'pause':
      // One that would go on by itself can be kept from it.
      if (isPausedForSpace(state)) return null;
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
    case 'note_edit':
    case 'note_undo':
      return null;
    case 'set_mode': {
      const coming = comingMode(state);
      const meant = meantMode(state.options, command.mode);
      if (coming !== meant) return refuseWithoutNextIteration(state, meant);
      const when = state.modeAsked === null ? '' : ' from the next iteration on';
      return `the run ${coming === 'build' ? 'builds' : 'plans'}${when} already`;
    }
  }
}

/** Whoever takes a change back needs no further iteration for it. */
function refuseWithoutNextIteration({ options, iteration, current }: RunState, meant: Mode): string | null {
  const { maxIterations: max } = options;
  const next = current === null ? iteration : iteration + 1;
  if (max === null || next <= max || meant === options.mode) return null;
  return `iteration ${max} of ${max} is the last one; raise the maximum first: + in the pane`;
}

function refuseWithoutAttempt(state: RunState): string | null {
  if (state.current === null) return 'no attempt is running';
  if (state.current.exit !== null) return 'the attempt has just ended';
  return null;
}
