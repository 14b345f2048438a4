// Reads a whole journal. A last line that was not finished is not there yet (or never will be): it is ignored.
import { readFile } from 'node:fs/promises';
import { type JournalEvent, type Journaled, type LineProblem, parseJournalLine } from './envelope.ts';

export interface JournalContent<E extends JournalEvent = JournalEvent> {
  readonly events: readonly Journaled<E>[];
  readonly problems: readonly LineProblem[];
  /** Bytes up to and with the last line end; a tail of the file goes on here. */
  readonly wholeBytes: number;
  /** Lines up to there. */
  readonly lines: number;
}

/** @throws the system's error where the file cannot be read (`ENOENT`). */
export async function readJournal<E extends JournalEvent = JournalEvent>(path: string): Promise<JournalContent<E>> {
  return parseJournal<E>(await readFile(path));
}

/** The journal in these bytes. Broken lines are left out and reported; the others are kept in order. */
export function parseJournal<E extends JournalEvent = JournalEvent>(bytes: Buffer): JournalContent<E> {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, wholeBytes).split('\n');
  lines.pop();
  const events: Journaled<E>[] = [];
  const problems: LineProblem[] = [];
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const parsed = parseJournalLine<E>(text, line);
    if (parsed.problem !== null) {
      problems.push(parsed.problem);
      continue;
    }
    const { seq } = parsed.event;
    const expected = (events.at(-1)?.seq ?? 0) + 1;
    if (seq !== expected) {
      problems.push({ kind: 'sequence', line, message: `line ${line} has number ${seq} where ${expected} was due` });
    }
    events.push(parsed.event);
  }
  return { events, problems, wholeBytes, lines: lines.length };
}
