// A model for tests of pure functions: of a state that a story told, with a log of so many lines.
import type { RunState } from '../../src/core/state/run-state.ts';
import { statusReport } from '../../src/report/status.ts';
import { NO_HISTORY } from '../../src/tui/store/history.ts';
import type { LogRow } from '../../src/tui/store/log-row.ts';
import type { LogWindow } from '../../src/tui/store/log-window.ts';
import type { Model } from '../../src/tui/store/model.ts';

export const NOW = Date.parse('2026-11-21T10:10:00.000Z');

export function modelOf(state: RunState, change: Partial<Model> = {}): Model {
  return {
    now: NOW,
    state,
    report: statusReport({ state, live: null, supervisorAlive: true, fullDisk: null, now: NOW }),
    history: NO_HISTORY,
    plan: null,
    uncommitted: null,
    shown: null,
    liveOutput: null,
    ...change,
  };
}

/** Rows with the ids from `first` on; the text of each is its number in words like `line 7`. */
export function logRows(count: number, first = 0): LogRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: first + index,
    time: '10:00:00',
    kind: 'text',
    indent: 0,
    tag: 'text',
    text: `line ${first + index}`,
    isError: false,
    toolUseId: null,
  }));
}

export function shownLog(
  state: RunState,
  rows: readonly LogRow[],
  change: Partial<LogWindow> = {},
): NonNullable<Model['shown']> {
  const log = { rows, hasOlder: false, hasNewer: false, isLoading: false, isOpening: false, ...change };
  const ref = state.current ?? { iteration: 1, attempt: 1 };
  return { ref, isRunning: state.current !== null, log, samples: [], memoryLimitBytes: null };
}
