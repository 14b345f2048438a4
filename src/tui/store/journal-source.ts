// Reads a run's journal and follows it: the core's state, and what people look back at.
import type { Event } from '../../core/events.ts';
import { apply, replay } from '../../core/state/apply.ts';
import type { RunState } from '../../core/state/run-state.ts';
import { parseJournalLine } from '../../journal/envelope.ts';
import { readJournal } from '../../journal/read.ts';
import { tailLines } from '../../journal/tail-lines.ts';
import { type History, NO_HISTORY, remember } from './history.ts';

export class JournalSource {
  readonly #path: string;
  readonly #from: number;
  #state: RunState;
  #history: History;

  private constructor(path: string, from: number, state: RunState, history: History) {
    this.#path = path;
    this.#from = from;
    this.#state = state;
    this.#history = history;
  }

  /** @throws the system's error (`ENOENT`) for a journal that is not there, Error for one that tells nothing. */
  static async open(path: string): Promise<JournalSource> {
    const { events, wholeBytes } = await readJournal<Event>(path);
    return new JournalSource(path, wholeBytes, replay(events), events.reduce(remember, NO_HISTORY));
  }

  get state(): RunState {
    return this.#state;
  }

  get history(): History {
    return this.#history;
  }

  /** Takes in what is appended, until the signal. */
  async follow(signal: AbortSignal, changed: () => void): Promise<void> {
    for await (const { lines, restarted } of tailLines(this.#path, { from: this.#from, signal })) {
      // A journal is only ever appended to; one that was cut is not read twice.
      if (restarted) return;
      for (const { text } of lines) {
        const { event } = parseJournalLine<Event>(text, 0);
        if (event === null) continue;
        this.#state = apply(this.#state, event);
        this.#history = remember(this.#history, event);
      }
      changed();
    }
  }
}
