// What a key leads to, and what it is judged by: shared by all who turn keys into a new state of the screen.
import type { RunCommand } from '../../core/run-command.ts';
import type { Model } from '../store/model.ts';
import type { UiEffect } from './effects.ts';
import type { Page, PageContent, PageSize } from './pages.ts';
import { newPage } from './pages.ts';
import type { Message, PanelId, UiState } from './ui-state.ts';

/** How much of each thing is on the screen: how far a page is. */
export interface PanelSizes {
  /** Lines of the focused panel. */
  readonly focusRows: number;
  readonly logRows: number;
}

export interface UpdateContext {
  readonly model: Model;
  readonly sizes: PanelSizes;
  /** The terminal shows nothing but that it is too small: no key may do what nobody can see. */
  readonly isTooSmall: boolean;
  readonly pageSize: (page: Page) => PageSize;
  /** The text that `y` copies from a panel, or from a page. */
  readonly visibleText: (place: PanelId | Page) => string;
}

export interface Updated {
  readonly ui: UiState;
  readonly effects: readonly UiEffect[];
}

export function only(ui: UiState): Updated {
  return { ui, effects: [] };
}

export function say(ui: UiState, text: string, tone: Message['tone']): UiState {
  return { ...ui, message: { text, tone } };
}

/** A plain answer, and nothing else. */
export function answer(ui: UiState, text: string): Updated {
  return only(say(ui, text, 'plain'));
}

export function send(ui: UiState, command: RunCommand): Updated {
  return { ui, effects: [{ type: 'send', command }] };
}

export function askToQuit(ui: UiState): UiState {
  return { ...ui, dialog: { kind: ui.endsRun ? 'quit_demo' : 'quit', choice: 0 } };
}

export function openPage(ui: UiState, content: PageContent): UiState {
  return { ...ui, message: null, pages: [...ui.pages, newPage(content)] };
}

/** Reads a diff; a page opens when it is there. */
export function readDiff(ui: UiState, request: Extract<UiEffect, { type: 'read_diff' }>['request']): Updated {
  return { ui: say(ui, 'reading the diff', 'plain'), effects: [{ type: 'read_diff', request }] };
}

/** Puts an attempt's log on the screen; null for the newest, whichever that is. */
export function showAttempt(ui: UiState, attempt: UiState['opened']): Updated {
  return { ui: { ...ui, opened: attempt }, effects: [{ type: 'show', attempt }] };
}

export function atEnd(ui: UiState): UiState {
  return { ...ui, log: { ...ui.log, anchor: 'end', match: null } };
}

export function focused(ui: UiState, focus: PanelId): UiState {
  return focus === ui.focus ? ui : { ...ui, focus };
}
