// What a key leads to in the world: plain data, carried out by the controller.

import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { RunCommand } from '../../core/run-command.ts';

export type UiEffect =
  /** Tell the supervisor; its answer becomes the message. */
  | { readonly type: 'send'; readonly command: RunCommand; readonly thenQuit?: boolean }
  | { readonly type: 'show'; readonly attempt: AttemptRef | null }
  | { readonly type: 'older_log' }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'redraw' }
  | { readonly type: 'suspend' }
  /** The viewer goes; the run goes on. */
  | { readonly type: 'quit' };

/** Everything that a key is judged by. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}
