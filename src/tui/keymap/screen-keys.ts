// Keys of the screen: its panels, help, and the way out.
import { binding, onEveryPage } from './binding.ts';

export const SCREEN_KEYS = [
  binding({ id: 'next_panel', keys: ['tab'], label: 'next panel' }),
  binding({ id: 'previous_panel', keys: ['shift+tab'], label: 'panel before' }),
  binding({ id: 'panel', keys: ['1', '2', '3', '4', '5'], label: 'go to the panel with that number' }),
  binding({
    id: 'zoom',
    keys: ['z'],
    label: 'zoom the panel, and back',
    short: ({ ui }) => (ui.isZoomed ? 'unzoom' : 'zoom'),
  }),
  binding({ id: 'back', keys: ['escape', 'h'], label: 'back: close, unzoom, newest log', onPage: onEveryPage() }),
  binding({
    id: 'copy',
    keys: ['y'],
    label: 'copy what is on the screen of it, or the row under the cursor',
    onPage: onEveryPage(),
  }),
  binding({ id: 'redraw', keys: ['ctrl+l'], label: 'draw the screen again', onPage: onEveryPage() }),
  binding({ id: 'suspend', keys: ['ctrl+z'], label: 'suspend the viewer; the run goes on', onPage: onEveryPage() }),
  binding({ id: 'help', keys: ['?'], label: 'these keys', short: () => 'help', onPage: onEveryPage() }),
  binding({
    id: 'quit',
    keys: ['q', 'ctrl+c'],
    label: 'quit the viewer; asks what becomes of the run (^C twice: leaves it running)',
    short: () => 'quit',
    onPage: onEveryPage('close'),
  }),
] as const;
