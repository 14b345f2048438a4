// Follows a growing journal, event by event. On a full disk its writer leaves part of a line and cuts it off again:
// whoever has read that part has read nothing.
import { type JournalEvent, type Journaled, parseJournalLine } from './envelope.ts';
import type { JournalContent } from './read.ts';
import { tailLines } from './tail-lines.ts';

/** What is known of a journal: bytes of whole lines, and the number of the last event in them. */
export interface JournalPosition {
  readonly wholeBytes: number;
  readonly lastSeq: number;
}

export interface JournalNews<E extends JournalEvent> {
  readonly events: readonly Journaled<E>[];
  /** Behind these events: to follow from another time. */
  readonly position: JournalPosition;
}

const BEGINNING: JournalPosition = { wholeBytes: 0, lastSeq: 0 };

/** Each event once, in batches, in the order of their numbers, until the signal. */
export async function* followJournal<E extends JournalEvent>(
  path: string,
  { from = BEGINNING, signal }: { readonly from?: JournalPosition; readonly signal: AbortSignal },
): AsyncGenerator<JournalNews<E>, void, void> {
  let { wholeBytes, lastSeq } = from;
  /** A line that was read twice and made no sense either time stays as it is. */
  let readAgainAt = -1;
  while (!signal.aborted) {
    let isTorn = false;
    for await (const { lines } of tailLines(path, { from: wholeBytes, signal })) {
      const events: Journaled<E>[] = [];
      for (const { text, offset, endOffset } of lines) {
        // After a cut the tail begins again at the first line.
        if (endOffset <= wholeBytes) continue;
        const { event } = parseJournalLine<E>(text, 0);
        // Else it is the part that was cut off, with the rest of another line behind it.
        isTorn = event?.seq !== lastSeq + 1 && offset !== readAgainAt;
        if (isTorn) {
          readAgainAt = offset;
          break;
        }
        wholeBytes = endOffset;
        if (event === null) continue;
        lastSeq = event.seq;
        events.push(event);
      }
      if (events.length > 0) yield { events, position: { wholeBytes, lastSeq } };
      if (isTorn) break;
    }
  }
}

/** The end of a journal that was read. */
export function endOf({ events, wholeBytes }: JournalContent): JournalPosition {
  return { wholeBytes, lastSeq: events.reduce((last, { seq }) => Math.max(last, seq), 0) };
}
