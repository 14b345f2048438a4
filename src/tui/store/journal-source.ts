// Reads a run's journal and follows it: the core's state, and what people look back at.
import type { Event } from '../../core/events.ts';
import { apply, replay } from '../../core/state/apply.ts';
import type { RunState } from '../../core/state/run-state.ts';
import { endOf, followJournal, type JournalPosition } from '../../journal/follow.ts';
import { readJournal } from '../../journal/read.ts';
import { type History, NO_HISTORY, remember } from './history.ts';

export class JournalSource {
  readonly #path: string;
  #position: JournalPosition;
  #state: RunState;
  #history: History;

  private constructor(path: string, position: JournalPosition, state: RunState, history: History) {
    this.#path = path;
    this.#position = position;
    this.#state = state;
    this.#history = history;
  }

  /** @throws the system's error (`ENOENT`) for a journal that is not there, Error for one that tells nothing. */
  static async open(path: string): Promise<JournalSource> {
    const content = await readJournal<Event>(path);
    const { events } = content;
    return new JournalSource(path, endOf(content), replay(events), events.reduce(remember, NO_HISTORY));
  }

  get state(): RunState {
    return this.#state;
  }

  get history(): History {
    return this.#history;
  }

  /** Takes in what is appended, until the signal. After a failure it can be called again, and goes on. */
  async follow(signal: AbortSignal, changed: () => void): Promise<void> {
    for await (const { events, position } of followJournal<Event>(this.#path, { from: this.#position, signal })) {
      for (const event of events) {
        this.#state = apply(this.#state, event);
        this.#history = remember(this.#history, event);
      }
      this.#position = position;
      changed();
    }
  }
}
