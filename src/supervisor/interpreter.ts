// Carries out what the core wants done, and tells it what came of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDigest } from '../agent/digest.ts';
import { assertNever } from '../core/assert-never.ts';
import type { Effect } from '../core/effects.ts';
import type { AttemptRef } from '../core/events.ts';
import { SandboxError, type SandboxId, type Vitals } from '../core/sandbox.ts';
import { attemptFiles } from '../journal/folders.ts';
import { createRedactor } from '../text/redact.ts';
import { secretValues } from './agent-login.ts';
import { beginAttempt } from './attempt/begin.ts';
import { followAttempt } from './attempt/follow.ts';
import { AttemptRecorder } from './attempt/recorder.ts';
import { sealAttempt } from './attempt/seal.ts';
import type { SupervisorContext } from './context.ts';
import type { Pusher } from './push.ts';
import type { RunSandbox } from './run-sandbox.ts';
import { sleepUntil } from './wake.ts';

export class Interpreter {
  readonly #context: SupervisorContext;
  readonly #sandbox: RunSandbox;
  readonly #pusher: Pusher | null;
  /** Ends whatever waits for a time or for the engine: aborted when the run stops waiting. */
  #waiting = new AbortController();
  /** Of the attempt that ended last, until it is sealed. */
  #digest: AgentDigest | null = null;
  #lastVitals: Vitals | null = null;

  constructor(context: SupervisorContext, sandbox: RunSandbox, pusher: Pusher | null) {
    this.#context = context;
    this.#sandbox = sandbox;
    this.#pusher = pusher;
  }

  /** The newest sample of the running attempt; null while none runs. */
  get lastVitals(): Vitals | null {
    return this.#lastVitals;
  }

  /** The run does something else now: waits that were for nothing end. */
  endWaits(): void {
    this.#waiting.abort();
    this.#waiting = new AbortController();
  }

  async perform(effect: Exclude<Effect, { type: 'record' | 'exit' }>): Promise<void> {
    const context = this.#context;
    switch (effect.type) {
      case 'survey':
        return context.dispatch({ type: 'surveyed', survey: await context.facts.look() });
      case 'begin':
        return beginAttempt(context, this.#sandbox, effect.ref);
      case 'follow':
        return this.#follow(effect.ref, effect.sandboxId);
      case 'stop':
        return this.#end(effect.sandboxId, () => context.provider.stop(effect.sandboxId, effect.graceMs));
      case 'kill':
        return this.#end(effect.sandboxId, () => context.provider.kill(effect.sandboxId));
      case 'seal':
        return this.#seal(effect.ref);
      case 'remove':
        return this.#remove(effect.ref, effect.sandboxId);
      case 'push':
        return this.#pusher?.push(effect.branch, effect.head);
      case 'wake':
        return this.#wake(effect.until);
      case 'await_engine':
        return this.#awaitEngine(effect.until);
      default:
        return assertNever(effect);
    }
  }

  async #follow(ref: AttemptRef, sandboxId: SandboxId): Promise<void> {
    const context = this.#context;
    const current = context.state().current;
    if (current === null) return;
    const recorder = new AttemptRecorder({
      files: attemptFiles(context.files.folder, ref),
      sessionId: current.sessionId,
      redact: createRedactor(secretValues(context.login)),
    });
    await followAttempt(context, ref, sandboxId, recorder, {
      onVitals: (vitals) => {
        this.#lastVitals = vitals;
      },
      onEnd: () => {
        this.#lastVitals = null;
        this.#digest = recorder.digest;
      },
    });
  }

  async #seal(ref: AttemptRef): Promise<void> {
    const digest = this.#digest;
    this.#digest = null;
    await sealAttempt(this.#context, ref, digest);
  }

  /** Asks until the engine has heard it, or the sandbox has ended by itself. */
  async #end(sandboxId: SandboxId, ask: () => Promise<void>): Promise<void> {
    const context = this.#context;
    while (context.state().current?.sandboxId === sandboxId && context.state().current?.exit === null) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof SandboxError) || error.code !== 'engine_away') throw error;
        context.say(`cannot end the attempt yet: ${error.message}`);
        await sleep(context.policy.engineRetryMs);
      }
    }
  }

  async #remove(ref: AttemptRef, sandboxId: SandboxId): Promise<void> {
    try {
      await this.#context.provider.remove(sandboxId);
      this.#context.dispatch({ type: 'sandbox_removed', ...ref });
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      // The next attempt clears what is left of this run.
      this.#context.dispatch({
        type: 'warned',
        message: `the sandbox of ${ref.iteration}.${ref.attempt} is not removed yet: ${error.message}`,
      });
    }
  }

  async #wake(until: string): Promise<void> {
    if (await sleepUntil(until, this.#waiting.signal)) this.#context.dispatch({ type: 'woke', until });
  }

  async #awaitEngine(until: string): Promise<void> {
    const { provider, namespace, run, policy } = this.#context;
    const { signal } = this.#waiting;
    while (!signal.aborted) {
      const answers = await provider.find({ namespace, run }).then(
        () => true,
        () => false,
      );
      if (signal.aborted) return;
      if (answers || Date.now() >= Date.parse(until)) return this.#context.dispatch({ type: 'engine_seen', answers });
      await sleep(policy.engineRetryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
