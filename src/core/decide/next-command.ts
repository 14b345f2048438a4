// What a person would run after a run has ended: the same options, and the mode that follows.
import { shellWord } from '../../text/shell-word.ts';
import type { FinishReason } from '../exit-code.ts';
import type { Mode } from '../options.ts';
import type { RunState } from '../state/run-state.ts';
import { isTrunk } from '../trunk.ts';

/** The playbook's number for the build behind a plan-work. */
const BUILDS_OF_ONE_WORK = 20;

/** The command, or null where nothing follows. */
export function nextCommand(state: RunState, reason: FinishReason): string | null {
  const { mode, maxIterations } = state.options;
  switch (reason) {
    case 'done':
    case 'max_reached':
      if (mode !== 'build') return start(state, 'build', mode === 'plan' ? null : BUILDS_OF_ONE_WORK);
      if (reason === 'max_reached') return start(state, mode, maxIterations);
      // Nothing can be asked of a remote that is not there.
      return state.branch === null || isTrunk(state.branch) || !state.hasRemote
        ? null
        : `gh pr create --fill --head ${shellWord(state.branch)}`;
    case 'stopped':
    case 'environment':
    case 'needs_person':
    case 'budget':
      return start(state, mode, maxIterations === null ? null : Math.max(1, maxIterations - state.iteration + 1));
    case 'gave_up':
      return 'ralph-tui receipts';
    case 'internal_error':
      return null;
  }
}

function start({ options, begunAs, typed }: RunState, mode: Mode, max: number | null): string {
  const work = mode === 'plan-work' && options.work !== null ? [shellWord(options.work)] : [];
  const number = max === null ? [] : [String(max)];
  // The prompt that a person chose is for the mode that the run began with.
  const flags = mode === begunAs.mode ? typed : typed.filter((flag) => !flag.startsWith('--prompt '));
  return ['ralph-tui', mode, ...work, ...number, ...flags].join(' ');
}
