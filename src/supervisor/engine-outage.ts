// An engine that went away while an attempt ran: whoever needs it waits here until it answers again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupervisorContext } from './context.ts';

export type OutageContext = Pick<SupervisorContext, 'provider' | 'namespace' | 'run' | 'policy' | 'dispatch'>;

/** Whether the engine answers now. */
export function engineAnswers({ provider, namespace, run }: OutageContext): Promise<boolean> {
  return provider.find({ namespace, run }).then(
    () => true,
    () => false,
  );
}

/** All who follow one attempt share one wait, so that an outage is told once. */
export class EngineOutage {
  readonly #context: OutageContext;
  readonly #signal: AbortSignal;
  #wait: Promise<boolean> | null = null;
  #looks = 0;

  constructor(context: OutageContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  /** How often it was waited for: while this grows, silence means nothing. */
  get looks(): number {
    return this.#looks;
  }

  /** Resolves when the engine is back; with false when it stays away for `policy.engineAwayMs`, or nobody waits any more. */
  over(why: string): Promise<boolean> {
    this.#wait ??= this.#waitForIt(why).finally(() => {
      this.#wait = null;
    });
    return this.#wait;
  }

  async #waitForIt(why: string): Promise<boolean> {
    const { policy, dispatch } = this.#context;
    // Not by the clock: a laptop that slept has not waited.
    const giveUpAtMs = performance.now() + policy.engineAwayMs;
    dispatch({ type: 'engine_away', why });
    for (;;) {
      await sleep(policy.engineRetryMs, undefined, { signal: this.#signal }).catch(() => undefined);
      if (this.#signal.aborted) return false;
      this.#looks += 1;
      const answers = await engineAnswers(this.#context);
      if (this.#signal.aborted) return false;
      if (answers) {
        dispatch({ type: 'engine_seen', answers: true });
        return true;
      }
      if (performance.now() >= giveUpAtMs) return false;
    }
  }
}
