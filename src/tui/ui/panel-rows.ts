// The rows of the list panels by their keys, in the order of the screen: what a cursor can stand on.
import { attemptKey, type HistoryEntry } from '../store/history.ts';
import type { Model } from '../store/model.ts';
import type { ListPanelId } from './ui-state.ts';

export function panelRowKeys(panel: ListPanelId, model: Model): readonly string[] {
  switch (panel) {
    case 'plan':
      return (model.plan ?? []).map((item) => planKey(item.line));
    case 'iterations': {
      const current = model.state.current;
      const running = current === null ? [] : [attemptKey(current)];
      return [...running, ...shownEntries(model).map((entry) => entry.key)];
    }
    case 'commits':
      return model.history.commits.map((commit) => commit.sha).reverse();
  }
}

export function planKey(line: number): string {
  return `line ${line}`;
}

/** A pause or wait shorter than that is no history. */
const SHORT_MS = 60_000;

/** What the iterations panel lists beside the running attempt, newest first. */
export function shownEntries({ history }: Model): readonly HistoryEntry[] {
  return history.entries
    .filter((entry) => {
      if (entry.kind === 'attempt' || entry.kind === 'mark' || entry.endedAt === null) return true;
      return Date.parse(entry.endedAt) - Date.parse(entry.since) >= SHORT_MS;
    })
    .reverse();
}
