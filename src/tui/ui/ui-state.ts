// What a person has made of the screen: focus, zoom, where they have scrolled to, what they search, which dialog is
// open. Nothing in here is about the run.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { Page } from './pages.ts';

/** In the order of their numbers on the screen. */
export const PANEL_IDS = ['plan', 'iterations', 'commits', 'vitals', 'log'] as const;

export type PanelId = (typeof PANEL_IDS)[number];

/** Panels that have rows with a cursor. */
export type ListPanelId = 'plan' | 'iterations' | 'commits';

export interface LogView {
  /** Id of the lowest row on the screen; `end` follows what comes. */
  readonly anchor: number | 'end';
  /** The newest row when the end was let go: what is above it is new. */
  readonly heldAt: number;
  /** Answers, thoughts and commands in full. */
  readonly unfolded: boolean;
  readonly wrap: boolean;
  readonly times: boolean;
  /** Empty for none. Case does not count; a filter that begins with ! leaves out what matches. */
  readonly filter: string;
  readonly search: string;
  /** Id of the row that the search stands on; null once somebody has scrolled on. */
  readonly match: number | null;
}

export interface Prompt {
  readonly kind: 'search' | 'filter';
  readonly text: string;
}

export type Dialog =
  /** What becomes of the run when the viewer goes. */
  | { readonly kind: 'quit'; readonly choice: number }
  /** Whether it is to end: the run of a demo goes with its viewer. */
  | { readonly kind: 'quit_demo'; readonly choice: number }
  /** A loss has to be agreed to. The command names its attempt: a late answer never hits the next one. */
  | {
      readonly kind: 'stop' | 'kill' | 'restart';
      readonly attempt: AttemptRef;
      readonly choice: number;
    }
  /** What an undo throws away, and whether that is wanted. */
  | { readonly kind: 'undo'; readonly lines: readonly string[]; readonly choice: number }
  /** Which file to edit. */
  | { readonly kind: 'edit'; readonly choice: number }
  /** After an attempt was stopped: the same iteration again, the next one, or stay. */
  | { readonly kind: 'after_stop'; readonly choice: number };

export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'bad';
}

export interface UiState {
  readonly focus: PanelId;
  readonly isZoomed: boolean;
  /** Key of the row under the cursor; null while nobody has moved it: the panel shows what matters. */
  readonly cursors: Readonly<Record<ListPanelId, string | null>>;
  readonly log: LogView;
  /** The attempt that was opened, or that is being read; null for the newest, whichever that is. */
  readonly opened: AttemptRef | null;
  readonly prompt: Prompt | null;
  readonly dialog: Dialog | null;
  /** The run goes when the viewer goes: that of a demo. */
  readonly endsRun: boolean;
  /** What lies over the panels, the one on top last. */
  readonly pages: readonly Page[];
  /** The answer to the last key, until the next one or for some seconds. */
  readonly message: Message | null;
}

export const FIRST_UI: UiState = {
  focus: 'log',
  isZoomed: false,
  cursors: { plan: null, iterations: null, commits: null },
  log: { anchor: 'end', heldAt: 0, unfolded: false, wrap: false, times: true, filter: '', search: '', match: null },
  opened: null,
  prompt: null,
  dialog: null,
  endsRun: false,
  pages: [],
  message: null,
};

export function isListPanel(panel: PanelId): panel is ListPanelId {
  return panel === 'plan' || panel === 'iterations' || panel === 'commits';
}
