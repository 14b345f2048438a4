// Follows a run across its attempts: each one as it begins, with a signal for its end, until the run has ended.
import type { AttemptRef } from '../core/attempt-ref.ts';
import type { Event } from '../core/events.ts';
import { followJournal } from '../journal/follow.ts';

export interface FollowedAttempt extends AttemptRef {
  /** Aborted when the attempt is sealed: its files are whole then. */
  readonly ended: AbortSignal;
}

/**
 * Yields the attempts of a journal in their order, also those that ended long ago.
 * Ends when the run is finished and all are yielded, or with the signal.
 */
export async function* followAttempts(
  journal: string,
  signal: AbortSignal,
): AsyncGenerator<FollowedAttempt, void, void> {
  const stop = new AbortController();
  const waiting: FollowedAttempt[] = [];
  const open = new Map<string, AbortController>();
  let ended = false;
  let news = Promise.withResolvers<void>();
  const take = (event: Event): void => {
    if (event.type === 'attempt_starting' && !open.has(nameOf(event))) {
      const end = new AbortController();
      open.set(nameOf(event), end);
      const { iteration, attempt } = event;
      waiting.push({ iteration, attempt, ended: end.signal });
    }
    if (event.type === 'attempt_sealed') open.get(nameOf(event))?.abort();
    if (event.type === 'finished') {
      ended = true;
      for (const end of open.values()) end.abort();
    }
  };
  const watching = (async () => {
    for await (const { events } of followJournal<Event>(journal, { signal: AbortSignal.any([signal, stop.signal]) })) {
      for (const event of events) take(event);
      news.resolve();
      if (ended) break;
    }
  })().finally(() => {
    ended = true;
    news.resolve();
  });
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended || signal.aborted) return;
      else {
        await news.promise;
        news = Promise.withResolvers<void>();
      }
    }
  } finally {
    stop.abort();
    await watching;
  }
}

function nameOf({ iteration, attempt }: AttemptRef): string {
  return `${iteration}.${attempt}`;
}
