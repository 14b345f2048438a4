// What a person's command changes of a run's state at once; what follows from it is decided in decide/commanded.ts.
import { meantMode } from '../mode.ts';
import type { RunCommand } from '../run-command.ts';
import type { RunState, StopAsked } from './run-state.ts';
import { undone } from './undone.ts';

export function applyCommand(state: RunState, command: RunCommand, at: string): RunState {
  const active = state.current !== null && state.current.exit === null;
  switch (command.name) {
    case 'pause':
      return { ...state, pauseAsked: true };
    case 'resume':
      return resumed(state, command.next);
    case 'stop':
      if (command.when === 'after_iteration') return { ...state, stopAfterAsked: true };
      if (!active) return command.when === 'now' ? { ...state, stopAfterAsked: true } : state;
      return stopping(state, { kind: 'stop', next: command.when === 'now' ? 'finish' : 'pause' });
    case 'kill':
      return active ? stopping(state, { kind: 'kill', next: 'pause' }) : state;
    case 'restart':
      return active
        ? stopping({ ...state, pauseAsked: false }, { kind: 'stop', next: 'restart' })
        : resumed(state, false);
    case 'set_max':
      return { ...state, options: { ...state.options, maxIterations: command.max } };
    case 'note_edit':
      return { ...state, edited: [...new Set([...state.edited, command.file])] };
    case 'note_undo':
      return undone(state, command, at);
    case 'set_mode': {
      const mode = meantMode(state.options, command.mode);
      return { ...state, modeAsked: mode === state.options.mode ? null : mode };
    }
  }
}

function stopping(state: RunState, asked: StopAsked): RunState {
  if (state.current === null) return state;
  // A kill after a stop changes the means, not what was to follow.
  const next = state.current.stopAsked?.next === 'finish' ? 'finish' : asked.next;
  return { ...state, current: { ...state.current, stopAsked: { kind: asked.kind, next } } };
}

function resumed(state: RunState, next: boolean): RunState {
  const idle = state.phase.name === 'paused' || state.phase.name === 'waiting';
  const skipping = next && state.attempt > 1;
  return {
    ...state,
    pauseAsked: false,
    stopAfterAsked: false,
    stepped: false,
    streak: idle ? null : state.streak,
    branch: state.phase.name === 'paused' && state.phase.reason.kind === 'branch_changed' ? null : state.branch,
    iteration: skipping ? state.iteration + 1 : state.iteration,
    attempt: skipping ? 1 : state.attempt,
    phase: idle ? { name: 'between' } : state.phase,
  };
}
