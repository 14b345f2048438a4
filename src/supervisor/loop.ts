// The heart of the supervisor: facts go into the journal, through the core, and come out as effects.
import { step } from '../core/decide/step.ts';
import type { Effect, UndatedEvent } from '../core/effects.ts';
import type { Event } from '../core/events.ts';
import type { Policy } from '../core/policy.ts';
import type { RunState } from '../core/state/run-state.ts';

export interface LoopPorts {
  /** Puts an event on disk before anything is done about it. */
  readonly journal: { append(event: Event, durable: boolean): void };
  /** ISO 8601 in UTC. */
  now(): string;
  /** Carries out one effect; what happens comes back as events. A rejection ends the run as an internal error. */
  perform(effect: Exclude<Effect, { type: 'record' | 'exit' }>): Promise<void>;
  /** Told of every event after the state has changed. */
  observe(event: Event, state: RunState): void;
  readonly policy: Policy;
}

/** Takes events one at a time, in the order in which they came, and keeps the state. */
export class Loop {
  readonly #ports: LoopPorts;
  readonly #queue: UndatedEvent[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #exit = Promise.withResolvers<void>();
  #state: RunState | null;
  #busy = false;
  #failure: { readonly error: unknown } | null = null;
  #over = false;

  /** @param state what a journal says so far; null for a new run. */
  constructor(ports: LoopPorts, state: RunState | null) {
    this.#ports = ports;
    this.#state = state;
    // Whoever asks for the end is told; that nobody has asked yet is no error of its own.
    this.#exit.promise.catch(() => undefined);
  }

  /** Null before the first event. */
  get begun(): RunState | null {
    return this.#state;
  }

  /** @throws Error before the first event. */
  get state(): RunState {
    if (this.#state === null) throw new Error('the run has not started');
    return this.#state;
  }

  /** Resolves when the run has ended and every effect is carried out; rejects when the journal cannot be written. */
  get ended(): Promise<void> {
    return this.#exit.promise;
  }

  /** @throws what keeps the journal from being written, now and ever after: what is not written down did not happen */
  dispatch(event: UndatedEvent): void {
    if (this.#failure !== null) throw this.#failure.error;
    // A look at the workspace may come in late; the journal may be closed by then.
    if (this.#over) return;
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next);
    } catch (error) {
      this.#failure = { error };
      this.#exit.reject(error);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  #take(undated: UndatedEvent): void {
    const event = { ...undated, at: this.#ports.now() } as Event;
    const phaseBefore = this.#state?.phase.name;
    const { state, effects } = step(this.#state, event, this.#ports.policy);
    const phaseChanges =
      state.phase.name !== phaseBefore || event.type.startsWith('attempt_') || event.type === 'command_received';
    this.#ports.journal.append(event, phaseChanges);
    this.#state = state;
    this.#ports.observe(event, state);
    for (const effect of effects) this.#start(effect);
  }

  #start(effect: Effect): void {
    if (effect.type === 'record') {
      this.#queue.push(effect.event);
      return;
    }
    if (effect.type === 'exit') {
      void this.#settle();
      return;
    }
    const work: Promise<void> = this.#ports
      .perform(effect)
      .catch((error: unknown) => this.#failed(effect, error))
      // Only a journal that cannot be written is left here, and `ended` has told of it.
      .catch(() => undefined)
      .finally(() => this.#pending.delete(work));
    this.#pending.add(work);
  }

  #failed(effect: Effect, error: unknown): void {
    const message = `${effect.type}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    this.dispatch({ type: 'warned', message });
    if (this.#state?.phase.name !== 'finished') {
      this.dispatch({
        type: 'finished',
        reason: 'internal_error',
        message: message.split('\n')[0] ?? message,
        nextCommand: null,
      });
    }
  }

  async #settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending]);
    this.#over = true;
    this.#exit.resolve();
  }
}
