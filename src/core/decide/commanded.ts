// What follows from a person's command; what it changes of the state at once stands in state/apply-command.ts.
import { assertNever } from '../assert-never.ts';
import type { Effect } from '../effects.ts';
import type { CommandReceived } from '../events.ts';
import type { Policy } from '../policy.ts';
import { isPausedForSpace } from '../state/paused-for-space.ts';
import type { RunState } from '../state/run-state.ts';
import { stopCurrent } from './attempt-effects.ts';
import { finish, record } from './decisions.ts';
import { pausedWhileWaiting } from './while-paused.ts';

export function commanded(before: RunState | null, state: RunState, event: CommandReceived, policy: Policy): Effect[] {
  const { command } = event;
  const wasIdle = before?.phase.name === 'paused' || before?.phase.name === 'waiting';
  switch (command.name) {
    case 'pause':
      if (state.phase.name === 'paused' && isPausedForSpace(state))
        return [record({ type: 'paused', reason: pausedWhileWaiting(state.phase.reason.message) })];
      return state.phase.name === 'waiting'
        ? [record({ type: 'paused', reason: pausedWhileWaiting(state.phase.why) })]
        : [];
    case 'resume':
      return wasIdle ? [{ type: 'survey' }] : [];
    case 'restart':
      if (wasIdle) return [{ type: 'survey' }];
      return stopCurrent(state, policy);
    case 'stop':
      if (before?.phase.name === 'checking' && command.when === 'now') return [{ type: 'end_check' }];
      if (wasIdle && command.when !== 'attempt') return [finish(state, 'stopped', 'stopped by you')];
      return command.when === 'after_iteration' ? [] : stopCurrent(state, policy);
    case 'kill':
      return stopCurrent(state, policy);
    case 'note_edit':
      return [{ type: 'survey' }];
    case 'note_undo':
      return [{ type: 'look_anew' }];
    case 'set_max':
    case 'set_mode':
      return [];
    default:
      return assertNever(command);
  }
}
