// Whoever has scrolled away from the end, searches or filters reads that attempt's log: it stays when the next attempt
// begins, until somebody asks for another one, or is back at the end of the newest.
import { sameAttempt } from '../../core/attempt-ref.ts';
import type { Model } from '../store/model.ts';
import type { LogView, UiState } from './ui-state.ts';
import { showAttempt, type Updated } from './updated.ts';

/** @param before the state that the update comes from */
export function holdAttempt(before: UiState, updated: Updated, { state, shown }: Model): Updated {
  const { ui, effects } = updated;
  // Somebody has asked for an attempt just now.
  if (shown === null || effects.some(({ type }) => type === 'show')) return updated;
  if (ui.opened === null && holds(before.log, ui.log)) return show(updated, shown.ref);
  const newest = state.current ?? state.receipts.at(-1) ?? null;
  const letsGo = isHeld(before.log) && !isHeld(ui.log);
  return letsGo && ui.opened !== null && sameAttempt(ui.opened, newest) ? show(updated, null) : updated;
}

/** Only what is new holds: a filter that is still there when `f` follows the newest log goes along with it. */
function holds(before: LogView, after: LogView): boolean {
  return (
    (after.anchor !== 'end' && before.anchor === 'end') ||
    (after.search !== '' && after.search !== before.search) ||
    (after.filter !== '' && after.filter !== before.filter)
  );
}

function isHeld({ anchor, search, filter }: LogView): boolean {
  return anchor !== 'end' || search !== '' || filter !== '';
}

/** First which log it is, then what happens in it. */
function show({ ui, effects }: Updated, attempt: UiState['opened']): Updated {
  const shown = showAttempt(ui, attempt);
  return { ui: shown.ui, effects: [...shown.effects, ...effects] };
}
