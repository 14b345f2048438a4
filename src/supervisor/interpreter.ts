// Carries out what the core wants done, and tells it what came of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDigest } from '../agent/digest/digest.ts';
import { assertNever } from '../core/assert-never.ts';
import { type AttemptRef, sameAttempt } from '../core/attempt-ref.ts';
import type { Effect } from '../core/effects.ts';
import { SandboxError, type SandboxId, type Vitals } from '../core/sandbox.ts';
import { isPausedForSpace } from '../core/state/paused-for-space.ts';
import type { Phase } from '../core/state/run-state.ts';
import { attemptFiles } from '../journal/folders.ts';
import { messageOf } from '../system/system-error.ts';
import { beginAttempt } from './attempt/begin.ts';
import { followAttempt } from './attempt/follow.ts';
import { AttemptRecorder } from './attempt/recorder.ts';
import { sealAttempt } from './attempt/seal.ts';
import { watchLife } from './attempt/watch-life.ts';
import { runCheck } from './check.ts';
import type { SupervisorContext } from './context.ts';
import { engineAnswers } from './engine-outage.ts';
import { notify } from './notify.ts';
import { Patience } from './patience.ts';
import type { Pusher } from './push.ts';
import type { RunSandbox } from './run-sandbox.ts';
import { sleepUntil } from './wake.ts';

export class Interpreter {
  readonly #context: SupervisorContext;
  readonly #sandbox: RunSandbox;
  readonly #pusher: Pusher | null;
  /** Ends whatever waits for a time or for the engine: aborted when the run stops waiting. */
  #waiting = new AbortController();
  /** Ends everything that would outlast this supervisor: aborted when it lets go of the run. */
  readonly #left = new AbortController();
  /** Sandboxes that are on their way out: the next attempt does not wait for them. */
  readonly #removing = new Set<SandboxId>();
  /** The attempt that is being prepared, or started. */
  #beginning: AttemptRef | null = null;
  /** Of the attempt that ended last, until it is sealed. */
  #digest: AgentDigest | null = null;
  #lastVitals: Vitals | null = null;
  /** Ends reminders of a pause, and looks for space: aborted when it is over. */
  #reminding = new AbortController();
  /** Ends the command of --until. */
  #checking = new AbortController();

  constructor(context: SupervisorContext, sandbox: RunSandbox, pusher: Pusher | null) {
    this.#context = context;
    this.#sandbox = sandbox;
    this.#pusher = pusher;
  }

  /** The newest sample of the running attempt; null while none runs. */
  get lastVitals(): Vitals | null {
    return this.#lastVitals;
  }

  /** The run does something else now: waits and reminders that were for nothing end. */
  endWaits(phase: Phase['name']): void {
    if (phase === 'finished') this.#checking.abort();
    if (phase !== 'waiting') {
      this.#waiting.abort();
      this.#waiting = new AbortController();
    }
    if (phase !== 'paused') {
      this.#reminding.abort();
      this.#reminding = new AbortController();
    }
  }

  /** Lets go of whatever is still under way; sandboxes stay as they are. */
  close(): void {
    this.#left.abort();
    this.#waiting.abort();
    this.#reminding.abort();
    this.#checking.abort();
  }

  async perform(effect: Exclude<Effect, { type: 'record' | 'exit' }>): Promise<void> {
    const context = this.#context;
    switch (effect.type) {
      case 'survey':
        return this.#survey();
      case 'look_anew':
        await context.facts.begin();
        return;
      case 'begin':
        return this.#begin(effect.ref);
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
      case 'await_space':
        return this.#awaitSpace();
      case 'check':
        this.#checking = new AbortController();
        return runCheck(context, this.#sandbox, effect.command, this.#checking.signal);
      case 'end_check':
        return this.#checking.abort();
      case 'notify':
        return this.#notify(effect);
      case 'remind':
        return this.#remind(effect.at, effect.since);
      default:
        return assertNever(effect);
    }
  }

  /** The journal cannot tell of it, so nobody else does. */
  async tellStalled(message: string): Promise<void> {
    await this.#notify({ type: 'notify', what: 'needs_you', message, help: null }).catch(() => undefined);
  }

  /** Two looks may come to the same decision (an edit is noted, a person says to go on): one attempt comes of it. */
  async #begin(ref: AttemptRef): Promise<void> {
    if (sameAttempt(this.#beginning, ref)) return;
    this.#beginning = ref;
    try {
      await beginAttempt(this.#context, this.#sandbox, ref, this.#removing);
    } finally {
      this.#beginning = null;
    }
  }

  async #survey(): Promise<void> {
    const { facts, login, say, dispatch } = this.#context;
    const [survey, { present, missing }] = await Promise.all([facts.look(), login.refresh()]);
    if (missing !== null) say(missing);
    dispatch({ type: 'surveyed', survey, hasSecrets: present });
  }

  async #follow(ref: AttemptRef, sandboxId: SandboxId): Promise<void> {
    const context = this.#context;
    const current = context.state().current;
    if (current === null) return;
    const recorder = new AttemptRecorder({
      files: attemptFiles(context.files.folder, ref),
      sessionId: current.sessionId,
      redact: context.login.redact,
    });
    const watching = watchLife(context, ref, recorder);
    const listener = {
      onVitals: (vitals: Vitals) => {
        this.#lastVitals = vitals;
      },
      onEnd: () => {
        this.#lastVitals = null;
        this.#digest = recorder.digest;
      },
    };
    await followAttempt(context, { ref, sandboxId, recorder, listener, left: this.#left.signal }).finally(() =>
      clearInterval(watching),
    );
  }

  async #seal(ref: AttemptRef): Promise<void> {
    const digest = this.#digest;
    this.#digest = null;
    // Git writes what it compares; a receipt that waits is better than none.
    const patience = new Patience(this.#context.policy.spaceRetryMs, this.#left.signal);
    await patience.try(() => sealAttempt(this.#context, ref, digest));
  }

  /** Asks until the engine has heard it, or the sandbox has ended by itself. */
  async #end(sandboxId: SandboxId, ask: () => Promise<void>): Promise<void> {
    const context = this.#context;
    const { signal } = this.#left;
    const isNeeded = () => context.state().current?.sandboxId === sandboxId && context.state().current?.exit === null;
    while (isNeeded() && !signal.aborted) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof SandboxError) || error.code !== 'engine_away') throw error;
        context.say(`cannot end the attempt yet: ${error.message}`);
        await sleep(context.policy.engineRetryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #remove(ref: AttemptRef, sandboxId: SandboxId): Promise<void> {
    this.#removing.add(sandboxId);
    // An ended sandbox that stays is no reason to end a run: the next attempt clears what is left of this one.
    const problem = await this.#context.provider.remove(sandboxId).then(() => null, messageOf);
    this.#removing.delete(sandboxId);
    const name = `${ref.iteration}.${ref.attempt}`;
    this.#context.dispatch(
      problem === null
        ? { type: 'sandbox_removed', ...ref }
        : { type: 'warned', message: `the sandbox of ${name} is not removed yet: ${problem}` },
    );
  }

  async #notify({ what, message, help }: Extract<Effect, { type: 'notify' }>): Promise<void> {
    const { notifyTarget, repository, run, state, now, say } = this.#context;
    if (notifyTarget === null) return;
    const { iteration } = state();
    const problem = await notify(notifyTarget, {
      what,
      repository: repository.top,
      run,
      iteration,
      message,
      help,
      at: now(),
    });
    if (problem !== null) say(problem);
  }

  async #remind(at: string, since: string): Promise<void> {
    if (await sleepUntil(at, this.#reminding.signal)) this.#context.dispatch({ type: 'reminder_due', since });
  }

  async #wake(until: string): Promise<void> {
    if (await sleepUntil(until, this.#waiting.signal)) this.#context.dispatch({ type: 'woke', until });
  }

  async #awaitEngine(until: string): Promise<void> {
    const { signal } = this.#waiting;
    while (!signal.aborted) {
      // First the wait: an engine that answers need not be able to start anything yet.
      await sleep(this.#context.policy.engineRetryMs, undefined, { signal }).catch(() => undefined);
      const answers = await engineAnswers(this.#context);
      if (signal.aborted) return;
      if (answers || Date.now() >= Date.parse(until)) return this.#context.dispatch({ type: 'engine_seen', answers });
    }
  }

  /** Until there is space; a person who goes on, or who wants the run to stay paused, ends it. */
  async #awaitSpace(): Promise<void> {
    const { state, facts, policy, dispatch } = this.#context;
    const { signal } = this.#reminding;
    const isNeeded = () => !signal.aborted && isPausedForSpace(state());
    while (isNeeded()) {
      await sleep(policy.spaceRetryMs, undefined, { signal }).catch(() => undefined);
      const disk = await facts.fullDisk();
      if (disk === null && isNeeded()) return dispatch({ type: 'space_seen' });
    }
  }
}
