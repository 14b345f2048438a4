// What a person would run after a run has ended.
import type { FinishReason } from './exit-code.ts';
import type { RunState } from './run-state.ts';

const TRUNKS: readonly string[] = ['main', 'master'];

/** The command, or null where nothing follows. */
export function nextCommand(state: RunState, reason: FinishReason): string | null {
  const { mode } = state.options;
  switch (reason) {
    case 'done':
    case 'max_reached':
      if (mode !== 'build') return mode === 'plan' ? 'ralph-tui build' : 'ralph-tui build 20';
      if (reason === 'max_reached') return `ralph-tui build ${state.options.maxIterations ?? ''}`.trim();
      return state.branch === null || TRUNKS.includes(state.branch)
        ? null
        : `gh pr create --fill --head ${state.branch}`;
    case 'stopped':
    case 'environment':
    case 'needs_person':
    case 'budget':
      return `ralph-tui ${mode}`;
    case 'gave_up':
      return 'ralph-tui logs';
    case 'internal_error':
      return null;
  }
}
