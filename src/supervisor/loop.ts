// The heart of the supervisor: facts go into the journal, through the core, and come out as effects.
import { setTimeout as sleep } from 'node:timers/promises';
import { nextCommand } from '../core/decide/next-command.ts';
import { step } from '../core/decide/step.ts';
import type { Effect, UndatedEvent } from '../core/effects.ts';
import type { Event } from '../core/events.ts';
import type { Policy } from '../core/policy.ts';
import type { RunState } from '../core/state/run-state.ts';
import { isNoSpace } from '../journal/no-space.ts';
import { messageOf } from '../system/system-error.ts';

export interface LoopPorts {
  /** Puts an event on disk before anything is done about it. */
  readonly journal: { append(event: Event, durable: boolean): void };
  /** ISO 8601 in UTC. */
  now(): string;
  /** Carries out one effect; what happens comes back as events. A rejection ends the run as an internal error. */
  perform(effect: Exclude<Effect, { type: 'record' | 'exit' }>): Promise<void>;
  /** Told once, in one line, when the journal cannot be written for want of space. */
  stalled(message: string): void;
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
  #stall: { readonly message: string; readonly sinceMs: number } | null = null;

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

  /** Why nothing can be written down just now, one line: what happens waits for its turn. Null when all is well. */
  get stalled(): string | null {
    return this.#stall?.message ?? null;
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
    if (!this.#busy && this.#stall === null) this.#takeAll();
  }

  #takeAll(): void {
    this.#busy = true;
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        this.#take(next);
        this.#queue.shift();
      }
      this.#stall = null;
    } catch (error) {
      if (!isNoSpace(error) || this.#isWaitPointless()) {
        this.#failure = { error };
        this.#exit.reject(error);
        throw error;
      }
      this.#tryAgain(error);
    } finally {
      this.#busy = false;
    }
  }

  /** The journal is as it was before: the event that it had no space for stays the next one. */
  #tryAgain(error: unknown): void {
    if (this.#stall === null) {
      const message = `free some space: the run goes on by itself · ${messageOf(error)}`;
      this.#stall = { message, sinceMs: performance.now() };
      this.#ports.stalled(message);
    }
    setTimeout(() => {
      try {
        if (!this.#over) this.#takeAll();
      } catch {
        // `ended` has told of it.
      }
    }, this.#ports.policy.spaceRetryMs);
  }

  /** A run that has not begun is refused. Headless, nobody is there to free any: not for ever. */
  #isWaitPointless(): boolean {
    if (this.#state === null) return true;
    if (this.#stall === null || !this.#state.headless) return false;
    return performance.now() - this.#stall.sinceMs >= this.#ports.policy.engineAwayMs;
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
    const what = `${effect.type}: ${error}`;
    const isFull = isNoSpace(error);
    const place = error instanceof Error && !isFull ? error.stack : null;
    this.dispatch({ type: 'warned', message: place == null ? what : `${effect.type}: ${place}` });
    if (this.#state === null || this.#state.phase.name === 'finished') return;
    const reason = isFull ? 'environment' : 'internal_error';
    const message = isFull ? `the disk is full: ${what}` : what;
    this.dispatch({ type: 'finished', reason, message, nextCommand: nextCommand(this.#state, reason) });
  }

  async #settle(): Promise<void> {
    // What the last effects have to tell may wait for space, too.
    while (this.#pending.size > 0 || this.#stall !== null) {
      await Promise.allSettled([...this.#pending]);
      if (this.#stall !== null) await sleep(this.#ports.policy.spaceRetryMs);
    }
    this.#over = true;
    this.#exit.resolve();
  }
}
