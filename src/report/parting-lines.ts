// What a viewer that is closed leaves in the terminal: how the run stands, and what can be done about it.
import { exitCodeOf } from '../core/exit-code.ts';
import type { RunState } from '../core/state/run-state.ts';
import { safeLine } from '../text/sanitize.ts';

/** One line; a run that has ended adds what comes next. @param alive somebody supervises it */
export function partingLines(state: RunState, alive: boolean): string[] {
  return linesOf(state, alive).map((line) => safeLine(line));
}

function linesOf({ run, phase, iteration, current, stopAfterAsked }: RunState, alive: boolean): string[] {
  if (phase.name === 'finished') {
    const next = phase.nextCommand === null ? [] : [`next: ${phase.nextCommand}`];
    return [`run ${run} has ended: ${phase.message} (exit ${exitCodeOf(phase.reason)})`, ...next];
  }
  if (!alive) return [`run ${run} has no supervisor: ralph-tui starts it again`];
  if (phase.name === 'paused') {
    const { message, help, headlessExit } = phase.reason;
    const how = headlessExit === null ? 'is paused' : 'needs you';
    return [`run ${run} ${how}: ${message}${help === null ? '' : ` · ${help}`}`];
  }
  if (current?.stopAsked?.next === 'finish')
    return [`run ${run} ends as soon as iteration ${iteration} has stopped: ralph-tui status tells`];
  if (stopAfterAsked) return [`run ${run} ends after iteration ${iteration}: ralph-tui resume takes that back`];
  // With a run's id it just fits 80 columns.
  return [`run ${run} goes on: ralph-tui opens it, ralph-tui stop ends it`];
}
