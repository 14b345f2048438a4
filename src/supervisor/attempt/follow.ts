// Follows a started sandbox to its end: output into files, vitals, and the exit. An engine that goes
// away for a while is waited for; the sandbox may well have gone on without it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { type Exit, SandboxError, type SandboxId, type Vitals } from '../../core/sandbox.ts';
import { writeDigest } from '../../journal/digest-cache.ts';
import { attemptFiles } from '../../journal/folders.ts';
import { messageOf } from '../../system/system-error.ts';
import type { SupervisorContext } from '../context.ts';
import { EngineOutage, type OutageContext } from '../engine-outage.ts';
import { Patience } from '../patience.ts';
import type { AttemptRecorder } from './recorder.ts';

/** The exit of a sandbox that nobody can ask any more. */
export const UNKNOWN_EXIT: Exit = {
  code: null,
  oomKilled: false,
  oomKillCount: null,
  startError: null,
  killEventSeen: false,
  daemonGap: true,
  startedAt: null,
  finishedAt: null,
};

export interface FollowListener {
  onVitals(vitals: Vitals): void;
  /** Everything is read, and the end is about to be dispatched. */
  onEnd(): void;
}

export interface FollowRequest {
  readonly ref: AttemptRef;
  readonly sandboxId: SandboxId;
  readonly recorder: AttemptRecorder;
  readonly listener: FollowListener;
  /** Aborted when this supervisor lets go of the attempt: nothing is written or dispatched from then on. */
  readonly left: AbortSignal;
}

type FollowContext = OutageContext & Pick<SupervisorContext, 'files' | 'now' | 'dispatch' | 'say'>;

/** Resolves when the sandbox has ended and everything it said is on disk; `attempt_exited` is dispatched then. */
export async function followAttempt(context: FollowContext, request: FollowRequest): Promise<void> {
  const { ref, recorder, listener, left } = request;
  const exit = await recordToTheEnd(context, request);
  if (left.aborted) return;
  // Only a cache: an attempt without it is read again.
  await writeDigest(attemptFiles(context.files.folder, ref).digest, recorder.snapshot()).catch(() => undefined);
  listener.onEnd();
  context.dispatch({ type: 'attempt_exited', iteration: ref.iteration, attempt: ref.attempt, exit });
}

async function recordToTheEnd(context: FollowContext, request: FollowRequest): Promise<Exit> {
  const { provider, policy } = context;
  const { sandboxId, recorder, listener, left } = request;
  const over = new AbortController();
  const signal = AbortSignal.any([left, over.signal]);
  const outage = new EngineOutage(context, signal);
  const patience = new Patience(policy.spaceRetryMs, signal);
  const output = persistently(outage, signal, async () => {
    for await (const chunk of provider.output(sandboxId, recorder.offsets, signal)) {
      if (signal.aborted) return;
      await patience.try(() => recorder.write(chunk, context.now()));
    }
  });
  const vitals = persistently(outage, signal, async () => {
    for await (const sample of provider.vitals(sandboxId, signal)) {
      if (signal.aborted) return;
      recorder.sample(sample);
      listener.onVitals(sample);
    }
    // Samples are for people: an attempt goes on without them.
  }).catch((error: unknown) => context.say(`no more memory and CPU figures: ${messageOf(error)}`));
  try {
    const exit = persistently(outage, signal, () => provider.wait(sandboxId, signal));
    const known = await Promise.race([exit, failureOf(output)]);
    const progress = () => recorder.offsets.stdout + recorder.offsets.stderr + outage.looks + patience.looks;
    await Promise.race([output, untilSilent(progress, policy.lastOutputMs, signal)]);
    return known ?? UNKNOWN_EXIT;
  } finally {
    over.abort();
    await Promise.allSettled([vitals, output]);
    recorder.end(context.now());
  }
}

/** Tries again whenever the engine is back; null when it stays away, does not know the sandbox, or all is over. */
async function persistently<T>(outage: EngineOutage, signal: AbortSignal, call: () => Promise<T>): Promise<T | null> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof SandboxError)) throw error;
      if (error.code !== 'engine_away' || !(await outage.over(error.message))) return null;
    }
  }
}

/** Resolves when `progress` has stayed the same for so long: what is still in the engine's pipe comes within moments. */
async function untilSilent(progress: () => number, limitMs: number, signal: AbortSignal): Promise<void> {
  for (let seen = -1; seen !== progress() && !signal.aborted; ) {
    seen = progress();
    await sleep(limitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Only ever rejects. */
function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => void work.catch(reject));
}
