// Keys that steer the run.
import type { AskedMode } from '../../core/mode.ts';
import { comingMode } from '../../core/state/coming-mode.ts';
import type { Model } from '../store/model.ts';
import { type Binding, binding, type DisabledReason, refused } from './binding.ts';

export function isPausedOrPausing({ state }: Model): boolean {
  return state.phase.name === 'paused' || state.pauseAsked || state.stopAfterAsked;
}

/** What `P` goes to. */
export function otherMode({ state }: Model): AskedMode {
  return comingMode(state) === 'build' ? 'plan' : 'build';
}

function whileRunning(word: string): Binding['short'] {
  return ({ model }) => (model.state.current === null ? null : word);
}

function needsMax(change: number): DisabledReason {
  return (situation) => {
    const { maxIterations } = situation.model.state.options;
    if (maxIterations === null) return 'this run has no maximum';
    return refused(situation, { name: 'set_max', max: Math.max(1, maxIterations + change) });
  };
}

export const RUN_KEYS = [
  binding({
    id: 'pause',
    keys: ['p'],
    label: 'pause after this iteration; go on',
    short: ({ model }) => (model.state.phase.name === 'finished' ? null : isPausedOrPausing(model) ? 'go on' : 'pause'),
    disabledReason: (situation) =>
      refused(situation, isPausedOrPausing(situation.model) ? { name: 'resume', next: false } : { name: 'pause' }),
  }),
  binding({
    id: 'try_now',
    keys: ['c'],
    label: 'try now: end a wait',
    short: ({ model }) => (model.state.phase.name === 'waiting' ? 'try now' : null),
    disabledReason: ({ model }) => (model.state.phase.name === 'waiting' ? null : 'the run waits for nothing'),
  }),
  binding({
    id: 'stop',
    keys: ['x'],
    label: 'stop the attempt (10 s to end), then pause',
    short: whileRunning('stop'),
    disabledReason: (situation) => refused(situation, { name: 'stop', when: 'attempt', attempt: null }),
    danger: true,
  }),
  binding({
    id: 'kill',
    keys: ['X'],
    label: 'kill the attempt now, then pause',
    short: whileRunning('kill'),
    disabledReason: (situation) => refused(situation, { name: 'kill', attempt: null }),
    danger: true,
  }),
  binding({
    id: 'restart',
    keys: ['r'],
    label: 'the same iteration again, with a fresh context',
    short: ({ model }) => (model.state.phase.name === 'finished' ? null : 'restart'),
    disabledReason: (situation) => refused(situation, { name: 'restart', attempt: null }),
    danger: true,
  }),
  binding({ id: 'more', keys: ['+', '='], label: 'one iteration more at most', disabledReason: needsMax(1) }),
  binding({ id: 'fewer', keys: ['-'], label: 'one iteration fewer at most', disabledReason: needsMax(-1) }),
  binding({ id: 'edit', keys: ['e'], label: 'edit prompt, plan or AGENTS.md in $EDITOR', short: () => 'edit' }),
  binding({
    id: 'plan_again',
    keys: ['P'],
    label: 'plan again from the next iteration on, until the plan stays as it is; back to build',
    short: ({ model }) => (otherMode(model) === 'plan' ? 're-plan' : 'build'),
    disabledReason: (situation) => refused(situation, { name: 'set_mode', mode: otherMode(situation.model) }),
  }),
  binding({
    id: 'undo',
    keys: ['u'],
    label: 'undo: back to before the iteration under the cursor, or the last one',
    disabledReason: ({ model }) => {
      if (model.state.current !== null) return 'not while an attempt runs: x stops it';
      return model.state.receipts.length === 0 ? 'nothing has run yet' : null;
    },
    danger: true,
  }),
] as const;
