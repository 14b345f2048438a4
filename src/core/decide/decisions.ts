// Decisions, as effects: each is a fact that goes into the journal.
import type { Effect, UndatedEvent } from '../effects.ts';
import type { PauseReason } from '../events.ts';
import type { FinishReason } from '../exit-code.ts';
import type { RunState } from '../state/run-state.ts';
import { nextCommand } from './next-command.ts';

/** The decision that ends the run. */
export function finish(state: RunState, reason: FinishReason, message: string): Effect {
  return record({ type: 'finished', reason, message, nextCommand: nextCommand(state, reason) });
}

/** The decision to stand still until somebody says how to go on. */
export function pause(reason: PauseReason): Effect {
  return record({ type: 'paused', reason });
}

export function record(event: UndatedEvent): Effect {
  return { type: 'record', event };
}
