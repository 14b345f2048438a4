// What keys do to the log: scrolling, searching, and which attempt's log it is.
import type { Model } from '../store/model.ts';
import { sameAttempt } from '../store/model.ts';
import { filteredRows, scrolled, searched } from './log-rows.ts';
import type { UiState } from './ui-state.ts';
import { answer, atEnd, only, say, showAttempt, type UpdateContext, type Updated } from './updated.ts';

/** Down is towards what is newer. */
export function scrollLog(ui: UiState, count: number, { model, sizes }: UpdateContext): Updated {
  const log = model.shown?.log;
  const rows = filteredRows(log?.rows ?? [], ui.log.filter);
  const bounded = Math.max(-rows.length, Math.min(rows.length, count));
  const view = scrolled(ui.log, rows, bounded, sizes.logRows);
  // Near the beginning of what is in memory the page before it is loaded.
  const first = rows.findIndex((row) => row.id === view.anchor) - sizes.logRows;
  const needsOlder = log?.hasOlder === true && count < 0 && first < sizes.logRows * 2;
  return { ui: { ...ui, log: view }, effects: needsOlder ? [{ type: 'older_log' }] : [] };
}

/** The next line that has the words, up (-1) or down. */
export function searchLog(ui: UiState, direction: 1 | -1, { model, sizes }: UpdateContext): Updated {
  const rows = filteredRows(model.shown?.log.rows ?? [], ui.log.filter);
  const found = searched(ui.log, rows, direction, sizes.logRows);
  if (found !== null) return only({ ...ui, log: found });
  const hasOlder = direction === -1 && model.shown?.log.hasOlder === true;
  const where = direction === 1 ? 'below' : hasOlder ? 'in what is loaded; loading more, n again' : 'above';
  return {
    ui: say(ui, `no ${ui.log.search} ${where}`, 'plain'),
    effects: hasOlder ? [{ type: 'older_log' }] : [],
  };
}

/** The log of the attempt before the shown one (-1), or behind it. */
export function stepAttempt(ui: UiState, { state, shown }: Model, step: 1 | -1): Updated {
  const { current, receipts } = state;
  const attempts = [...receipts, ...(current === null ? [] : [current])];
  const at = attempts.findIndex((candidate) => sameAttempt(candidate, shown?.ref ?? null));
  const next = attempts[at + step];
  if (at < 0 || next === undefined) {
    return answer(ui, step === 1 ? 'this is the newest attempt' : 'this is the first attempt');
  }
  const { iteration, attempt } = next;
  const isNewest = at + step === attempts.length - 1;
  return showAttempt(atEnd(ui), isNewest ? null : { iteration, attempt });
}
