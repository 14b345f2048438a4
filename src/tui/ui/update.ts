// What a key does to the screen's state, and what it asks of the world: one pure function, as in the core.
import type { RunCommand } from '../../core/run-command.ts';
import { type ActionBinding, type ActionId, bindingFor } from '../keymap/bindings.ts';
import { isPausedOrPausing } from '../keymap/run-keys.ts';
import { type Model, sameAttempt } from '../store/model.ts';
import { dialogText } from './dialog-options.ts';
import type { UiEffect } from './effects.ts';
import { filteredRows, scrolled, searched } from './log-rows.ts';
import { panelRowKeys, shownEntries } from './panel-rows.ts';
import { isListPanel, type ListPanelId, type Message, PANEL_IDS, type PanelId, type UiState } from './ui-state.ts';

/** How much of each thing is on the screen: how far a page is. */
export interface PageSizes {
  /** Lines of the focused panel. */
  readonly focusRows: number;
  readonly logRows: number;
  /** Lines of the help, and how many of them are on the screen. */
  readonly helpLines: number;
  readonly helpRows: number;
}

export interface UpdateContext {
  readonly model: Model;
  readonly pages: PageSizes;
  /** The text that `y` copies from a panel. */
  readonly visibleText: (panel: PanelId) => string;
}

export interface Updated {
  readonly ui: UiState;
  readonly effects: readonly UiEffect[];
}

export function pressKey(ui: UiState, key: string, context: UpdateContext): Updated {
  const fresh: UiState = ui.message === null ? ui : { ...ui, message: null };
  if (fresh.prompt !== null) return typeKey(fresh, key, context);
  if (fresh.dialog !== null) return dialogKey(fresh, key, context);
  const binding = bindingFor(key);
  if (fresh.helpOffset !== null) return helpKey(fresh, fresh.helpOffset, binding, context);
  if (binding === null) return only(fresh);
  const reason = binding.disabledReason({ model: context.model, ui: fresh });
  if (reason !== null) return only(say(fresh, reason, 'plain'));
  return act(fresh, binding.id, key, context);
}

function act(ui: UiState, id: ActionId, key: string, context: UpdateContext): Updated {
  const { model } = context;
  switch (id) {
    case 'pause':
      return pauseOrGoOn(ui, model);
    case 'try_now':
      return send(ui, { name: 'resume', next: false });
    case 'stop':
    case 'kill':
      return only(openLossDialog(ui, id, model));
    case 'restart':
      return model.state.current === null
        ? send(ui, { name: 'restart', attempt: null })
        : only(openLossDialog(ui, id, model));
    case 'more':
    case 'fewer':
      return changeMax(ui, model, id === 'more' ? 1 : -1);
    case 'help':
      return only({ ...ui, helpOffset: 0 });
    case 'quit':
      if (model.state.phase.name === 'finished') return { ui, effects: [{ type: 'quit' }] };
      return only({ ...ui, dialog: { kind: 'quit', choice: 0 } });
    case 'next_panel':
      return only(focused(ui, neighbour(ui.focus, 1)));
    case 'previous_panel':
      return only(focused(ui, neighbour(ui.focus, -1)));
    case 'panel':
      return only(focused(ui, PANEL_IDS[Number(key) - 1] ?? ui.focus));
    case 'zoom':
      return only({ ...ui, isZoomed: !ui.isZoomed });
    case 'open':
      return ui.focus === 'commits' ? openCommit(ui) : openIteration(ui, model);
    case 'edit':
      return only({ ...ui, dialog: { kind: 'edit', choice: 0 } });
    case 'undo':
      return {
        ui: say(ui, 'looking what would be undone', 'plain'),
        effects: [{ type: 'plan_undo', iteration: chosenIteration(ui, model) }],
      };
    case 'diff':
      return openShown(ui, model, 'diff');
    case 'raw_log':
      return openShown(ui, model, 'raw_log');
    case 'back':
      return back(ui);
    case 'copy':
      return { ui, effects: [copyEffect(ui, context)] };
    case 'redraw':
      return { ui, effects: [{ type: 'redraw' }] };
    case 'suspend':
      return { ui, effects: [{ type: 'suspend' }] };
    case 'down':
      return move(ui, 1, context);
    case 'up':
      return move(ui, -1, context);
    case 'page_down':
      return move(ui, Math.max(1, context.pages.focusRows - 1), context);
    case 'page_up':
      return move(ui, -Math.max(1, context.pages.focusRows - 1), context);
    case 'top':
      return move(ui, Number.NEGATIVE_INFINITY, context);
    case 'bottom':
      return move(ui, Number.POSITIVE_INFINITY, context);
    case 'search':
      return only({ ...focused(ui, 'log'), prompt: { kind: 'search', text: '' } });
    case 'filter':
      return only({ ...focused(ui, 'log'), prompt: { kind: 'filter', text: ui.log.filter } });
    case 'next_match':
      return searchOn(ui, -1, context);
    case 'previous_match':
      return searchOn(ui, 1, context);
    case 'follow':
      return showAttempt({ ...ui, log: { ...ui.log, anchor: 'end', match: null } }, null);
    case 'wrap':
      return only({ ...ui, log: { ...ui.log, wrap: !ui.log.wrap } });
    case 'times':
      return only({ ...ui, log: { ...ui.log, times: !ui.log.times } });
    case 'earlier_attempt':
      return stepAttempt(ui, model, -1);
    case 'later_attempt':
      return stepAttempt(ui, model, 1);
  }
}

function pauseOrGoOn(ui: UiState, model: Model): Updated {
  const { phase } = model.state;
  if (phase.name === 'paused' && phase.reason.kind === 'after_stop') {
    return only({ ...ui, dialog: { kind: 'after_stop', choice: 0 } });
  }
  return send(ui, isPausedOrPausing(model) ? { name: 'resume', next: false } : { name: 'pause' });
}

function openLossDialog(ui: UiState, kind: 'stop' | 'kill' | 'restart', model: Model): UiState {
  const { current } = model.state;
  if (current === null) return ui;
  const { iteration, attempt } = current;
  return { ...ui, dialog: { kind, attempt: { iteration, attempt }, choice: 0 } };
}

function changeMax(ui: UiState, { state }: Model, change: number): Updated {
  const { maxIterations } = state.options;
  return maxIterations === null ? only(ui) : send(ui, { name: 'set_max', max: Math.max(1, maxIterations + change) });
}

function dialogKey(ui: UiState, key: string, { model }: UpdateContext): Updated {
  const { dialog } = ui;
  if (dialog === null) return only(ui);
  const { options } = dialogText(dialog, model);
  const closed: UiState = { ...ui, dialog: null };
  const step = DIALOG_STEPS[key];
  if (step !== undefined) {
    const choice = (dialog.choice + step + options.length) % options.length;
    return only({ ...ui, dialog: { ...dialog, choice } });
  }
  // The second of two fast ^C: out, whatever is asked.
  if (key === 'ctrl+c' && dialog.kind === 'quit') return { ui: closed, effects: [{ type: 'quit' }] };
  if (['escape', 'q', 'ctrl+c'].includes(key)) return only(closed);
  const chosen = key === 'enter' ? options[dialog.choice] : options.find((option) => option.key === key);
  return chosen === undefined ? only(ui) : { ui: closed, effects: chosen.effects };
}

const DIALOG_STEPS: Readonly<Record<string, number>> = {
  down: 1,
  j: 1,
  tab: 1,
  right: 1,
  up: -1,
  k: -1,
  'shift+tab': -1,
  left: -1,
};

function typeKey(ui: UiState, key: string, context: UpdateContext): Updated {
  const { prompt } = ui;
  if (prompt === null) return only(ui);
  if (key === 'escape' || key === 'ctrl+c') return only({ ...ui, prompt: null });
  if (key === 'enter') return typed({ ...ui, prompt: null }, prompt, context);
  if (key === 'backspace' || key === 'delete') {
    return only({ ...ui, prompt: { ...prompt, text: [...prompt.text].slice(0, -1).join('') } });
  }
  if (key === 'ctrl+u') return only({ ...ui, prompt: { ...prompt, text: '' } });
  const character = key === 'space' ? ' ' : key;
  // Names of other keys are longer than what they type.
  if ([...character].length !== 1 || prompt.text.length > 200) return only(ui);
  return only({ ...ui, prompt: { ...prompt, text: prompt.text + character } });
}

function typed(ui: UiState, { kind, text }: NonNullable<UiState['prompt']>, context: UpdateContext): Updated {
  if (kind === 'filter') return only({ ...ui, log: { ...ui.log, filter: text, anchor: 'end' } });
  const next: UiState = { ...ui, log: { ...ui.log, search: text, match: null } };
  return text === '' ? only(next) : searchOn(next, -1, context);
}

function searchOn(ui: UiState, direction: 1 | -1, { model, pages }: UpdateContext): Updated {
  const rows = filteredRows(model.shown?.log.rows ?? [], ui.log.filter);
  const found = searched(ui.log, rows, direction, pages.logRows);
  if (found !== null) return only({ ...ui, log: found });
  const hasOlder = direction === -1 && model.shown?.log.hasOlder === true;
  const where = direction === 1 ? 'below' : hasOlder ? 'in what is loaded; loading more, n again' : 'above';
  return {
    ui: say(ui, `no ${ui.log.search} ${where}`, 'plain'),
    effects: hasOlder ? [{ type: 'older_log' }] : [],
  };
}

function helpKey(ui: UiState, offset: number, binding: ActionBinding | null, { pages }: UpdateContext): Updated {
  const last = Math.max(0, pages.helpLines - pages.helpRows);
  const to = (wanted: number) => only({ ...ui, helpOffset: Math.min(last, Math.max(0, wanted)) });
  switch (binding?.id) {
    case 'down':
      return to(offset + 1);
    case 'up':
      return to(offset - 1);
    case 'page_down':
      return to(offset + pages.helpRows - 1);
    case 'page_up':
      return to(offset - pages.helpRows + 1);
    case 'top':
      return to(0);
    case 'bottom':
      return to(last);
    case 'help':
    case 'quit':
    case 'back':
      return only({ ...ui, helpOffset: null });
    case 'redraw':
      return { ui, effects: [{ type: 'redraw' }] };
    case 'suspend':
      return { ui, effects: [{ type: 'suspend' }] };
    default:
      return only(ui);
  }
}

function focused(ui: UiState, focus: PanelId): UiState {
  return focus === ui.focus ? ui : { ...ui, focus };
}

function neighbour(panel: PanelId, step: number): PanelId {
  const index = (PANEL_IDS.indexOf(panel) + step + PANEL_IDS.length) % PANEL_IDS.length;
  return PANEL_IDS[index] ?? panel;
}

/** Down is towards what is newer in the log, and further down the list elsewhere. */
function move(ui: UiState, count: number, context: UpdateContext): Updated {
  if (ui.focus === 'log') return scrollLog(ui, count, context);
  return only(isListPanel(ui.focus) ? moveCursor(ui, ui.focus, count, context.model) : ui);
}

function scrollLog(ui: UiState, count: number, { model, pages }: UpdateContext): Updated {
  const log = model.shown?.log;
  const rows = filteredRows(log?.rows ?? [], ui.log.filter);
  const bounded = Math.max(-rows.length, Math.min(rows.length, count));
  const view = scrolled(ui.log, rows, bounded, pages.logRows);
  // Near the beginning of what is in memory the page before it is loaded.
  const first = rows.findIndex((row) => row.id === view.anchor) - pages.logRows;
  const needsOlder = log?.hasOlder === true && count < 0 && first < pages.logRows * 2;
  return { ui: { ...ui, log: view }, effects: needsOlder ? [{ type: 'older_log' }] : [] };
}

function moveCursor(ui: UiState, panel: ListPanelId, count: number, model: Model): UiState {
  const keys = panelRowKeys(panel, model);
  const last = keys.length - 1;
  if (last < 0) return ui;
  const at = keys.indexOf(ui.cursors[panel] ?? '');
  // The first key press puts the cursor where the eye is: on the first row, or on the task that is worked on.
  const from = at >= 0 ? at : startRow(panel, model) - Math.sign(count);
  const index = Math.min(last, Math.max(0, from + count));
  return { ...ui, cursors: { ...ui.cursors, [panel]: keys[index] ?? null } };
}

function startRow(panel: ListPanelId, { plan, report }: Model): number {
  if (panel !== 'plan') return 0;
  return Math.max(0, plan?.findIndex((item) => !item.done && item.text === report.currentTask) ?? 0);
}

function openIteration(ui: UiState, model: Model): Updated {
  const key = ui.cursors.iterations;
  const { current } = model.state;
  const entry = shownEntries(model).find((candidate) => candidate.key === key);
  if (entry?.kind === 'attempt') {
    const { iteration, attempt } = entry.receipt;
    return showAttempt(atEnd(focused(ui, 'log')), { iteration, attempt });
  }
  if (entry !== undefined) return only(say(ui, 'a wait has no log', 'plain'));
  return current === null
    ? only(say(ui, 'j and k choose an iteration first', 'plain'))
    : showAttempt(atEnd(focused(ui, 'log')), null);
}

/** The iteration under the cursor; null where none is: the last one is meant. */
function chosenIteration(ui: UiState, model: Model): number | null {
  const entry =
    ui.focus === 'iterations' ? shownEntries(model).find(({ key }) => key === ui.cursors.iterations) : undefined;
  return entry?.kind === 'attempt' ? entry.receipt.iteration : null;
}

/** What was found out about an undo becomes a question; an attempt that began since forbids it. */
export function askUndo(ui: UiState, model: Model, lines: readonly string[]): UiState {
  if (model.state.current !== null || ui.dialog !== null) return ui;
  return { ...ui, message: null, dialog: { kind: 'undo', lines, choice: 0 } };
}

function openCommit(ui: UiState): Updated {
  const sha = ui.cursors.commits;
  if (sha === null) return only(say(ui, 'j and k choose a commit first', 'plain'));
  return { ui, effects: [{ type: 'open_program', what: { kind: 'commit', sha } }] };
}

function openShown(ui: UiState, { shown }: Model, kind: 'diff' | 'raw_log'): Updated {
  if (shown === null) return only(ui);
  return { ui, effects: [{ type: 'open_program', what: { kind, attempt: shown.ref } }] };
}

function stepAttempt(ui: UiState, { state, shown }: Model, step: 1 | -1): Updated {
  const { current, receipts } = state;
  const attempts = [...receipts, ...(current === null ? [] : [current])];
  const at = attempts.findIndex((candidate) => sameAttempt(candidate, shown?.ref ?? null));
  const next = attempts[at + step];
  if (at < 0 || next === undefined) {
    return only(say(ui, step === 1 ? 'this is the newest attempt' : 'this is the first attempt', 'plain'));
  }
  const { iteration, attempt } = next;
  const isNewest = at + step === attempts.length - 1;
  return showAttempt(atEnd(ui), isNewest ? null : { iteration, attempt });
}

function atEnd(ui: UiState): UiState {
  return { ...ui, log: { ...ui.log, anchor: 'end', match: null } };
}

function showAttempt(ui: UiState, attempt: UiState['opened']): Updated {
  return { ui: { ...ui, opened: attempt }, effects: [{ type: 'show', attempt }] };
}

/** One thing at a time, the nearest first. */
function back(ui: UiState): Updated {
  if (ui.isZoomed) return only({ ...ui, isZoomed: false });
  if (ui.log.filter !== '' || ui.log.search !== '')
    return only({ ...ui, log: { ...ui.log, filter: '', search: '', match: null } });
  if (ui.opened !== null || ui.log.anchor !== 'end') return showAttempt(atEnd(ui), null);
  if (isListPanel(ui.focus) && ui.cursors[ui.focus] !== null) {
    return only({ ...ui, cursors: { ...ui.cursors, [ui.focus]: null } });
  }
  return only(focused(ui, 'log'));
}

function copyEffect(ui: UiState, { model, visibleText }: UpdateContext): UiEffect {
  const key = isListPanel(ui.focus) ? ui.cursors[ui.focus] : null;
  if (key !== null && ui.focus === 'commits') return { type: 'copy', text: key, what: `commit ${key.slice(0, 7)}` };
  if (key !== null && ui.focus === 'plan') {
    const item = model.plan?.find(({ line }) => key === `line ${line}`);
    if (item !== undefined) return { type: 'copy', text: item.text, what: 'the task' };
  }
  const text = visibleText(ui.focus);
  return { type: 'copy', text, what: `${text.split('\n').length} lines` };
}

export function say(ui: UiState, text: string, tone: Message['tone']): UiState {
  return { ...ui, message: { text, tone } };
}

function send(ui: UiState, command: RunCommand): Updated {
  return { ui, effects: [{ type: 'send', command }] };
}

function only(ui: UiState): Updated {
  return { ui, effects: [] };
}
