// “While you were away”: what a run did since somebody last looked, in one line.
import type { Event } from '../core/events.ts';
import type { Receipt } from '../core/receipt.ts';
import { markUndone } from '../core/state/undone.ts';
import { formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';
import { addSpend, formatCost, NO_SPEND } from './spend.ts';

/**
 * The line, such as `While you were away: 9 iterations, 7 ok, 2h10 waited, 8 tasks, 5 commits, ≈$5.90`; null when no
 * attempt ended since.
 * @param since ISO 8601
 */
export function whileAway(events: readonly Event[], since: string): string | null {
  const receipts = receiptsOf(events)
    .filter(({ sealedAt }) => sealedAt > since)
    .map(({ receipt }) => receipt);
  if (receipts.length === 0) return null;
  const ok = receipts.filter(({ outcome }) => outcome.kind === 'completed').length;
  const standing = receipts.filter(({ undone }) => undone === undefined);
  const waitedMs = waited(events, since);
  const parts = [
    plural(receipts.length, 'attempt'),
    `${ok} ok`,
    ...(standing.length === receipts.length ? [] : [`${receipts.length - standing.length} undone`]),
    ...(waitedMs === 0 ? [] : [`${formatDuration(waitedMs)} waited`]),
    plural(
      sum(standing, ({ tasksFinished }) => tasksFinished.length),
      'task',
    ),
    plural(
      sum(standing, ({ commits }) => commits.length),
      'commit',
    ),
    formatCost(receipts.reduce(addSpend, NO_SPEND)),
  ];
  return `While you were away: ${parts.join(', ')}`;
}

/** All of them, marked where they were undone since. */
function receiptsOf(events: readonly Event[]) {
  let sealed: { readonly sealedAt: string; readonly receipt: Receipt }[] = [];
  for (const event of events) {
    if (event.type === 'attempt_sealed') sealed.push({ sealedAt: event.at, receipt: event.receipt });
    if (event.type !== 'command_received' || event.command.name !== 'note_undo') continue;
    const { command, at } = event;
    sealed = sealed.map((one) => ({ ...one, receipt: markUndone(one.receipt, command, at) }));
  }
  return sealed;
}

/** From each wait to whatever ended it, or to now's last fact. */
function waited(events: readonly Event[], since: string): number {
  let total = 0;
  let from: string | null = null;
  for (const event of events) {
    if (from !== null && event.at > since) total += Date.parse(event.at) - Date.parse(from > since ? from : since);
    if (from !== null) from = event.type === 'supervisor_started' || event.type === 'warned' ? event.at : null;
    if (event.type === 'waiting') from = event.at;
  }
  return total;
}

function sum(receipts: readonly Receipt[], count: (receipt: Receipt) => number): number {
  return receipts.reduce((total, receipt) => total + count(receipt), 0);
}
