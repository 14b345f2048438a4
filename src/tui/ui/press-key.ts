// What a key does to the screen's state, and what it asks of the world: one pure function, as in the core.
// Whatever lies on top gets the key: a line that is typed into, a dialog, a page, the panels.
import { type ActionId, bindingFor } from '../keymap/bindings.ts';
import { isPausedOrPausing, otherMode } from '../keymap/run-keys.ts';
import type { Model } from '../store/model.ts';
import { dialogKey } from './dialog-keys.ts';
import type { UiEffect } from './effects.ts';
import { lineStep } from './line-step.ts';
import { chosenIteration, moveCursor, openCommit, openIteration } from './list-keys.ts';
import { scrollLog, searchLog, stepAttempt } from './log-keys.ts';
import { pageKey } from './page-keys.ts';
import { planKey } from './panel-rows.ts';
import { promptKey } from './prompt-keys.ts';
import { smallScreenKey } from './small-screen-keys.ts';
import { isListPanel, PANEL_IDS, type PanelId, type UiState } from './ui-state.ts';
import {
  answer,
  askToQuit,
  atEnd,
  focused,
  only,
  openPage,
  readDiff,
  say,
  send,
  showAttempt,
  type UpdateContext,
  type Updated,
} from './updated.ts';

export function pressKey(ui: UiState, key: string, context: UpdateContext): Updated {
  if (context.isTooSmall) return smallScreenKey(ui, key);
  const fresh: UiState = ui.message === null ? ui : { ...ui, message: null };
  const binding = bindingFor(key);
  // The terminal's own keys, whatever lies on top.
  if (binding?.id === 'suspend' || binding?.id === 'redraw') return act(fresh, binding.id, key, context);
  if (fresh.prompt !== null) return promptKey(fresh, fresh.prompt, key, context);
  if (fresh.dialog !== null) return dialogKey(fresh, fresh.dialog, key, context.model);
  const page = fresh.pages.at(-1);
  if (page !== undefined) return pageKey(fresh, page, key, context);
  if (binding === null) return only(fresh);
  const reason = binding.disabledReason({ model: context.model, ui: fresh });
  if (reason !== null) return answer(fresh, reason);
  const step = lineStep(binding.id, context.sizes.focusRows);
  return step === null ? act(fresh, binding.id, key, context) : move(fresh, step, context);
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
    case 'plan_again':
      return send(ui, { name: 'set_mode', mode: otherMode(model) });
    case 'help':
      return only(openPage(ui, { kind: 'help' }));
    case 'quit':
      if (model.state.phase.name === 'finished') return { ui, effects: [{ type: 'quit' }] };
      return only(askToQuit(ui));
    case 'next_panel':
      return only(focused(ui, neighbour(ui.focus, 1)));
    case 'previous_panel':
      return only(focused(ui, neighbour(ui.focus, -1)));
    case 'panel':
      return only(focused(ui, PANEL_IDS[Number(key) - 1] ?? ui.focus));
    case 'zoom':
      return only({ ...ui, isZoomed: !ui.isZoomed });
    case 'open':
      return open(ui, model);
    case 'edit':
      return only({ ...ui, dialog: { kind: 'edit', choice: 0 } });
    case 'undo':
      return {
        ui: say(ui, 'looking what would be undone', 'plain'),
        effects: [{ type: 'plan_undo', iteration: chosenIteration(ui, model) }],
      };
    case 'diff':
      return model.shown === null ? only(ui) : readDiff(ui, { kind: 'attempt', attempt: model.shown.ref });
    case 'raw_log':
      if (model.shown === null) return only(ui);
      return { ui, effects: [{ type: 'open_program', what: { kind: 'raw_log', attempt: model.shown.ref } }] };
    case 'back':
      return back(ui);
    case 'copy':
      return { ui, effects: [copyEffect(ui, context)] };
    case 'redraw':
      return { ui, effects: [{ type: 'redraw' }] };
    case 'suspend':
      return { ui, effects: [{ type: 'suspend' }] };
    case 'search':
      return only({ ...focused(ui, 'log'), prompt: { kind: 'search', text: '' } });
    case 'filter':
      return only({ ...focused(ui, 'log'), prompt: { kind: 'filter', text: ui.log.filter } });
    case 'next_match':
      return searchLog(ui, -1, context);
    case 'previous_match':
      return searchLog(ui, 1, context);
    case 'follow':
      return showAttempt(atEnd(ui), null);
    case 'wrap':
      return only({ ...ui, log: { ...ui.log, wrap: !ui.log.wrap } });
    case 'times':
      return only({ ...ui, log: { ...ui.log, times: !ui.log.times } });
    case 'earlier_attempt':
      return stepAttempt(ui, model, -1);
    case 'later_attempt':
      return stepAttempt(ui, model, 1);
    default:
      return only(ui);
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

/** What was found out about an undo becomes a question; an attempt that began since forbids it. */
export function askUndo(ui: UiState, model: Model, lines: readonly string[]): UiState {
  if (model.state.current !== null || ui.dialog !== null) return ui;
  return { ...ui, message: null, dialog: { kind: 'undo', lines, choice: 0 } };
}

function neighbour(panel: PanelId, step: number): PanelId {
  const index = (PANEL_IDS.indexOf(panel) + step + PANEL_IDS.length) % PANEL_IDS.length;
  return PANEL_IDS[index] ?? panel;
}

function move(ui: UiState, count: number, context: UpdateContext): Updated {
  if (ui.focus === 'log') return scrollLog(ui, count, context);
  return only(isListPanel(ui.focus) ? moveCursor(ui, ui.focus, count, context.model) : ui);
}

function open(ui: UiState, model: Model): Updated {
  switch (ui.focus) {
    case 'iterations':
      return openIteration(ui, model);
    case 'commits':
      return openCommit(ui);
    case 'log': {
      const unfolded = !ui.log.unfolded;
      return { ui: { ...ui, log: { ...ui.log, unfolded } }, effects: [{ type: 'unfold', unfolded }] };
    }
    default:
      return only({ ...ui, isZoomed: !ui.isZoomed });
  }
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
    const item = model.plan?.find(({ line }) => key === planKey(line));
    if (item !== undefined) return { type: 'copy', text: item.text, what: 'the task' };
  }
  const text = visibleText(ui.focus);
  return { type: 'copy', text, what: `${text.split('\n').length} lines` };
}
