// What a change of the run does to the screen's state: a question that has become pointless goes, a new one is asked.
import { sameAttempt } from '../../core/attempt-ref.ts';
import type { Model } from '../store/model.ts';
import type { UiState } from './ui-state.ts';
import { say } from './updated.ts';

/** @param before null when the screen has just been opened */
export function followModel(ui: UiState, before: Model | null, after: Model): UiState {
  const { dialog } = ui;
  if (dialog !== null && 'attempt' in dialog && !sameAttempt(dialog.attempt, after.state.current)) {
    return say({ ...ui, dialog: null }, `iteration ${dialog.attempt.iteration} has ended by itself`, 'plain');
  }
  if (dialog?.kind === 'after_stop' && !isAfterStop(after)) return { ...ui, dialog: null };
  const isNew = isAfterStop(after) && (before === null || !isAfterStop(before));
  return isNew && dialog === null ? { ...ui, dialog: { kind: 'after_stop', choice: 0 } } : ui;
}

function isAfterStop({ state: { phase } }: Model): boolean {
  return phase.name === 'paused' && phase.reason.kind === 'after_stop';
}
