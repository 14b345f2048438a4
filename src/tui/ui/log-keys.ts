// What keys do to the log: scrolling, searching, and which attempt's log it is.
import { sameAttempt } from '../../core/attempt-ref.ts';
import type { Model } from '../store/model.ts';
import { anchorIndex, atBeginning, filteredRows, followed, lowestIndex, scrolled, searched } from './log-rows.ts';
import type { UiState } from './ui-state.ts';
import type { PanelSizes } from './updated.ts';
import { answer, atEnd, only, say, showAttempt, type UpdateContext, type Updated } from './updated.ts';

/** Down is towards what is newer; infinite to the beginning or the end of all of it. */
export function scrollLog(ui: UiState, count: number, { model, sizes }: UpdateContext): Updated {
  const log = model.shown?.log;
  const rows = filteredRows(log?.rows ?? [], ui.log.filter);
  if (count === Number.POSITIVE_INFINITY) return only({ ...ui, log: followed(ui.log) });
  if (count === Number.NEGATIVE_INFINITY) {
    const first = { ...ui, log: atBeginning(ui.log, rows) };
    return log?.hasOlder === true ? { ui: first, effects: [{ type: 'log_beginning' }] } : only(first);
  }
  return only({ ...ui, log: scrolled(ui.log, rows, count, sizes.logRows, log?.hasNewer !== true) });
}

/**
 * The next line that has the words, up (-1) or down: of what is in memory at once, else of the file. A first search
 * that finds nothing above looks below.
 */
export function searchLog(ui: UiState, direction: 1 | -1, context: UpdateContext): Updated {
  const { model, sizes } = context;
  const log = model.shown?.log;
  const rows = filteredRows(log?.rows ?? [], ui.log.filter);
  const found = searched(ui.log, rows, direction, sizes.logRows);
  if (found !== null) return only({ ...ui, log: found });
  const hasMore = direction === -1 ? log?.hasOlder : log?.hasNewer;
  if (hasMore !== true) return searchEnded(ui, direction, context);
  const { search, filter } = ui.log;
  return { ui: say(ui, `searching ${search}`, 'plain'), effects: [{ type: 'search_log', direction, search, filter }] };
}

/** What follows when there is nothing in that direction, down to the end of the file. */
export function searchEnded(ui: UiState, direction: 1 | -1, context: UpdateContext): Updated {
  const { match, search, unfolded } = ui.log;
  // What is folded is no line that could be found.
  const where = unfolded ? 'the log' : 'the folded log';
  if (match !== null) return answer(ui, `no further ${search} ${direction === 1 ? 'below' : 'above'} in ${where}`);
  if (direction === -1) return searchLog(ui, 1, context);
  return answer(ui, `nothing in ${where} has ${search}${unfolded ? '' : ': Enter unfolds, n searches again'}`);
}

const SCREENS_AHEAD = 2;

/** Which part of the log has to be read so that the screen is full, and the next page is there before it is wanted. */
export function missingLog(
  { log: view }: UiState,
  { shown }: Model,
  { logRows }: PanelSizes,
): 'older' | 'newer' | 'end' | null {
  if (shown === null || shown.log.isOpening || shown.log.isLoading || logRows === 0) return null;
  if (shown.log.hasNewer && view.anchor === 'end') return 'end';
  const rows = filteredRows(shown.log.rows, view.filter);
  const lowest = anchorIndex(rows, view.anchor);
  if (shown.log.hasOlder && lowest + 1 < logRows * SCREENS_AHEAD) return 'older';
  const below = rows.length - 1 - lowest;
  return shown.log.hasNewer && below < logRows * SCREENS_AHEAD ? 'newer' : null;
}

/** Another number of lines fits on the screen: whoever sees the last line follows it. */
export function refitLog(ui: UiState, { shown }: Model, { logRows }: PanelSizes): UiState {
  if (ui.log.anchor === 'end' || shown === null) return ui;
  const rows = filteredRows(shown.log.rows, ui.log.filter);
  const isAtEnd = !shown.log.hasNewer && lowestIndex(rows, ui.log.anchor, logRows) >= rows.length - 1;
  return isAtEnd ? { ...ui, log: followed(ui.log) } : ui;
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
