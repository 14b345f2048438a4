// Keys that move within whatever has the focus.
import { binding, onEveryPage } from './binding.ts';

export const MOVE_KEYS = [
  binding({ id: 'down', keys: ['j', 'down'], label: 'down', onPage: onEveryPage() }),
  binding({ id: 'up', keys: ['k', 'up'], label: 'up', onPage: onEveryPage() }),
  binding({
    id: 'page_down',
    keys: ['pagedown', 'ctrl+d', 'space'],
    label: 'a page down',
    onPage: onEveryPage(),
  }),
  binding({ id: 'page_up', keys: ['pageup', 'ctrl+u'], label: 'a page up', onPage: onEveryPage() }),
  binding({ id: 'top', keys: ['g', 'home'], label: 'to the beginning', onPage: onEveryPage() }),
  binding({ id: 'bottom', keys: ['G', 'end'], label: 'to the end', onPage: onEveryPage() }),
] as const;
