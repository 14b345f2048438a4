// Keys that look into what is on the screen: receipts, diffs, the agent's own output.
import type { PageContent } from '../ui/pages.ts';
import type { UiState } from '../ui/ui-state.ts';
import { binding, onPages, type Situation } from './binding.ts';

function needsAttempt({ model }: Situation): string | null {
  return model.shown === null ? 'nothing has run yet' : null;
}

/** What Enter does in the focused panel; null where there is nothing to open. */
function opened({ focus, cursors, isZoomed, log }: UiState): string | null {
  switch (focus) {
    case 'iterations':
    case 'commits':
      return cursors[focus] === null ? null : 'open';
    case 'plan':
      return isZoomed ? null : 'whole plan';
    case 'log':
      return log.unfolded ? 'fold' : 'unfold';
    default:
      return null;
  }
}

/** A diff that may be otherwise now can be read again. */
function diffOnPage(page: PageContent): string | null {
  if (page.kind === 'receipt') return 'diff';
  return page.kind === 'diff' && page.readAt !== null ? 'read again' : null;
}

export const LOOK_KEYS = [
  binding({
    id: 'diff',
    keys: ['d'],
    label: 'the work of the attempt on the screen, as a diff; on one of files that change, read it again',
    short: ({ model }) => (model.shown === null ? null : 'diff'),
    disabledReason: needsAttempt,
    onPage: diffOnPage,
  }),
  binding({
    id: 'open',
    keys: ['enter'],
    label: "open: an iteration's receipt and then its log, a commit's diff, the whole plan, the log's answers in full",
    short: ({ ui }) => opened(ui),
    disabledReason: ({ ui }) => (ui.focus === 'vitals' ? 'nothing to open here; 2 goes to the iterations' : null),
    onPage: onPages({ receipt: 'log' }),
  }),
  binding({
    id: 'raw_log',
    keys: ['v'],
    label: "the agent's own output in $PAGER; on a diff, the diff",
    disabledReason: needsAttempt,
    onPage: onPages({ receipt: 'raw log', diff: '$PAGER' }),
  }),
] as const;
