// Keys that move within whatever has the focus.
import { binding } from './binding.ts';

export const MOVE_KEYS = [
  binding({ id: 'down', keys: ['j', 'down'], label: 'down' }),
  binding({ id: 'up', keys: ['k', 'up'], label: 'up' }),
  binding({ id: 'page_down', keys: ['pagedown', 'ctrl+d', 'space'], label: 'a page down' }),
  binding({ id: 'page_up', keys: ['pageup', 'ctrl+u'], label: 'a page up' }),
  binding({ id: 'top', keys: ['g', 'home'], label: 'to the beginning' }),
  binding({ id: 'bottom', keys: ['G', 'end'], label: 'to the end' }),
] as const;
