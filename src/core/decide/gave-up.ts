// What a run says that gives up after several ends of one bad kind: what they were, and what helps against it.
import { formatBytes } from '../../text/bytes.ts';
import type { Outcome } from '../outcome.ts';
import { OUTCOME_NAMES } from '../outcome-names.ts';
import type { RunState } from '../state/run-state.ts';

/** @param last how the last of them ended */
export function gaveUpMessage(state: RunState, inRow: number, last: Outcome): string {
  const help = last.kind === 'oom' ? ` · ${memoryHelp(state)}` : '';
  return `${inRow} attempts in a row: ${OUTCOME_NAMES[last.kind]}; the last: ${last.message}${help}`;
}

/** On the bare host no limit of ours can be raised. */
function memoryHelp({ options }: RunState): string {
  const smaller = 'make the steps of the plan smaller';
  return options.sandbox === 'host'
    ? smaller
    : `give it more memory (--memory, now ${formatBytes(options.memoryBytes)}) or ${smaller}`;
}
