// What keys do to the panels that are lists: the cursor, and what the row under it opens.
import type { Model } from '../store/model.ts';
import { panelRowKeys, shownEntries } from './panel-rows.ts';
import type { ListPanelId, UiState } from './ui-state.ts';
import { answer, atEnd, focused, only, openPage, readDiff, showAttempt, type Updated } from './updated.ts';

export function moveCursor(ui: UiState, panel: ListPanelId, count: number, model: Model): UiState {
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

/** A receipt of an attempt that has ended; the log of the one that runs. */
export function openIteration(ui: UiState, model: Model): Updated {
  const key = ui.cursors.iterations;
  const entry = shownEntries(model).find((candidate) => candidate.key === key);
  if (entry?.kind === 'attempt') {
    const { iteration, attempt } = entry.receipt;
    return only(openPage(ui, { kind: 'receipt', attempt: { iteration, attempt } }));
  }
  if (entry !== undefined) return answer(ui, 'only an attempt has a receipt');
  return model.state.current === null
    ? answer(ui, 'j and k choose an iteration first')
    : showAttempt(atEnd(focused(ui, 'log')), null);
}

export function openCommit(ui: UiState): Updated {
  const sha = ui.cursors.commits;
  return sha === null ? answer(ui, 'j and k choose a commit first') : readDiff(ui, { kind: 'commit', sha });
}

/** The iteration under the cursor; null where none is: the last one is meant. */
export function chosenIteration(ui: UiState, model: Model): number | null {
  const entry =
    ui.focus === 'iterations' ? shownEntries(model).find(({ key }) => key === ui.cursors.iterations) : undefined;
  return entry?.kind === 'attempt' ? entry.receipt.iteration : null;
}
