// Keys while a dialog asks: they choose an answer, or close it, which is the harmless one.
import type { Model } from '../store/model.ts';
import { dialogText } from './dialog-options.ts';
import type { Dialog, UiState } from './ui-state.ts';
import { only, type Updated } from './updated.ts';

const STEPS: Readonly<Record<string, number>> = {
  down: 1,
  j: 1,
  tab: 1,
  right: 1,
  up: -1,
  k: -1,
  'shift+tab': -1,
  left: -1,
};

export function dialogKey(ui: UiState, dialog: Dialog, key: string, model: Model): Updated {
  const { options } = dialogText(dialog, model);
  const closed: UiState = { ...ui, dialog: null };
  const step = STEPS[key];
  if (step !== undefined) {
    const choice = (dialog.choice + step + options.length) % options.length;
    return only({ ...ui, dialog: { ...dialog, choice } });
  }
  // The second of two fast ^C: out, whatever is asked.
  if (key === 'ctrl+c' && (dialog.kind === 'quit' || dialog.kind === 'quit_demo'))
    return { ui: closed, effects: [{ type: 'quit' }] };
  if (['escape', 'q', 'ctrl+c'].includes(key)) return only(closed);
  const chosen = key === 'enter' ? options[dialog.choice] : options.find((option) => option.key === key);
  return chosen === undefined ? only(ui) : { ui: closed, effects: chosen.effects };
}
