// One line of the journal: an event with its version and number around it.
import { z } from 'zod';

/** The version that this program writes; it reads this one and older ones. */
export const JOURNAL_VERSION = 1;

/** What a journal can hold: the core's events are of this shape. */
export interface JournalEvent {
  readonly type: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** An event as it stands in the file. `seq` counts from 1 without holes. */
export type Journaled<E extends JournalEvent = JournalEvent> = E & { readonly v: number; readonly seq: number };

/** The line's own fields; whatever else the event has is handed through. */
const envelopeSchema = z.looseObject({
  v: z.int().min(1).max(JOURNAL_VERSION),
  seq: z.int().min(1),
  at: z.iso.datetime(),
  type: z.string().min(1),
});

export type LineProblemKind =
  /** No JSON, or not of the journal's form. */
  | 'broken'
  /** Written by a newer ralph-tui. */
  | 'newer_version'
  /** The number is not the one behind the last line's: lines are missing or twice. */
  | 'sequence';

export interface LineProblem {
  readonly kind: LineProblemKind;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type ParsedLine<E extends JournalEvent> =
  | { readonly event: Journaled<E>; readonly problem: null }
  | { readonly event: null; readonly problem: LineProblem };

/**
 * Reads one whole line. Types that this program does not know come through as they are, so a fold over `E` has to
 * pass over what it does not know.
 */
export function parseJournalLine<E extends JournalEvent>(text: string, line: number): ParsedLine<E> {
  const broken = (message: string): ParsedLine<E> => ({ event: null, problem: { kind: 'broken', line, message } });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken(`line ${line} is not JSON`);
  }
  const version = z.looseObject({ v: z.number() }).safeParse(value);
  if (version.success && version.data.v > JOURNAL_VERSION) {
    const message = `line ${line} was written by a newer ralph-tui (journal version ${version.data.v}, this program reads up to ${JOURNAL_VERSION})`;
    return { event: null, problem: { kind: 'newer_version', line, message } };
  }
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) {
    const issue = envelope.error.issues[0];
    return broken(`line ${line} is no journal entry: ${issue?.path.join('.') || 'entry'}: ${issue?.message}`);
  }
  // The envelope is checked; the event's own fields were checked by the compiler when they were written.
  return { event: envelope.data as unknown as Journaled<E>, problem: null };
}
