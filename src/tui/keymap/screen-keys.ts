// Keys of the screen: its panels, what they open, help, and the way out.
import type { UiState } from '../ui/ui-state.ts';
import { binding } from './binding.ts';
import { needsAttempt } from './log-keys.ts';

function opensSomething(ui: UiState): ui is UiState & { readonly focus: 'iterations' | 'commits' } {
  return ui.focus === 'iterations' || ui.focus === 'commits';
}

export const SCREEN_KEYS = [
  binding({
    id: 'diff',
    keys: ['d'],
    label: 'the work of the attempt on the screen, as a diff in $PAGER',
    short: ({ model }) => (model.shown === null ? null : 'diff'),
    disabledReason: needsAttempt,
  }),
  binding({ id: 'next_panel', keys: ['tab'], label: 'next panel' }),
  binding({ id: 'previous_panel', keys: ['shift+tab'], label: 'panel before' }),
  binding({ id: 'panel', keys: ['1', '2', '3', '4', '5'], label: 'go to the panel with that number' }),
  binding({
    id: 'open',
    keys: ['enter'],
    label: "open: an iteration's log, a commit's diff",
    short: ({ ui }) => (opensSomething(ui) && ui.cursors[ui.focus] !== null ? 'open' : null),
    disabledReason: ({ ui }) => (opensSomething(ui) ? null : 'nothing to open here; 2 goes to the iterations'),
  }),
  binding({
    id: 'zoom',
    keys: ['z'],
    label: 'zoom the panel, and back',
    short: ({ ui }) => (ui.isZoomed ? 'unzoom' : 'zoom'),
  }),
  binding({ id: 'back', keys: ['escape', 'h'], label: 'back: close, unzoom, newest log' }),
  binding({ id: 'copy', keys: ['y'], label: 'copy what the panel shows (log), or the row under the cursor' }),
  binding({ id: 'redraw', keys: ['ctrl+l'], label: 'draw the screen again' }),
  binding({ id: 'suspend', keys: ['ctrl+z'], label: 'suspend the viewer; the run goes on' }),
  binding({ id: 'help', keys: ['?'], label: 'these keys', short: () => 'help' }),
  binding({
    id: 'quit',
    keys: ['q', 'ctrl+c'],
    label: 'quit the viewer; asks what becomes of the run (^C twice: leaves it running)',
    short: () => 'quit',
  }),
] as const;
