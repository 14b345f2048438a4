// Writes loop-main.log, where untrusted words (tasks, commit subjects) become text.
import { appendFileSync } from 'node:fs';
import type { Event } from '../core/events.ts';
import type { Vitals } from '../core/sandbox.ts';
import type { RunState } from '../core/state/run-state.ts';
import { vitalsLine } from '../report/fact-lines.ts';
import { formatDate, formatTimeOfDay } from '../text/clock.ts';
import type { Redactor } from '../text/redact.ts';
import { sanitize } from '../text/sanitize.ts';
import { loopLogLines } from './loop-log.ts';

export class MainLog {
  readonly #path: string;
  readonly #redact: Redactor;
  readonly #onLine: ((line: string) => void) | null;

  constructor(path: string, redact: Redactor, onLine: ((line: string) => void) | null) {
    this.#path = path;
    this.#redact = redact;
    this.#onLine = onLine;
  }

  event(event: Event, state: RunState): void {
    for (const line of loopLogLines(event, state)) this.line(line, event.at);
  }

  /** Nothing while no attempt runs. */
  vitals(state: RunState, vitals: Vitals | null): void {
    if (vitals !== null) this.line(vitalsLine(state, vitals), vitals.at);
  }

  line(text: string, at: string = new Date().toISOString()): void {
    const line = sanitize(`${formatDate(at)} ${formatTimeOfDay(at)} ${text}`, { oneLine: true, redact: this.#redact });
    this.#onLine?.(line);
    try {
      appendFileSync(this.#path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A log for people: the journal is what counts, and it complains about a full disk by itself.
    }
  }
}
