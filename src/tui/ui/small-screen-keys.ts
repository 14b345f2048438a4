// Keys while the terminal is too small to show anything: only those that need nothing seen. Whatever is open stays as
// it is until there is room again.
import { bindingFor } from '../keymap/bindings.ts';
import type { UiState } from './ui-state.ts';
import { only, type Updated } from './updated.ts';

export function smallScreenKey(ui: UiState, key: string): Updated {
  const id = bindingFor(key)?.id;
  switch (id) {
    // A question could not be read: the viewer goes, and the run goes on.
    case 'quit':
    case 'redraw':
    case 'suspend':
      return { ui, effects: [{ type: id }] };
    default:
      return only(ui);
  }
}
