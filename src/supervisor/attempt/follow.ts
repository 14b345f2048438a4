// Follows a started sandbox to its end: output into files, vitals, and the exit. An engine that goes
// away for a while is waited for; the sandbox may well have gone on without it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRef } from '../../core/events.ts';
import { type Exit, SandboxError, type SandboxId, type SandboxProvider, type Vitals } from '../../core/sandbox.ts';
import { writeDigest } from '../../journal/digest-cache.ts';
import { attemptFiles } from '../../journal/folders.ts';
import type { SupervisorContext } from '../context.ts';
import type { AttemptRecorder } from './recorder.ts';

/** After the end, output that is still in the engine's pipe comes within moments. */
const LAST_OUTPUT_MS = 30_000;

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

/** Resolves when the sandbox has ended and everything it said is on disk; `attempt_exited` is dispatched then. */
export async function followAttempt(
  context: SupervisorContext,
  ref: AttemptRef,
  sandboxId: SandboxId,
  recorder: AttemptRecorder,
  listener: FollowListener,
): Promise<void> {
  const { provider } = context;
  const ended = new AbortController();
  const vitals = persistently(context, ended.signal, () =>
    copyVitals(provider, sandboxId, recorder, ended.signal, listener),
  );
  const output = persistently(context, ended.signal, () => copyOutput(context, sandboxId, recorder, ended.signal));
  const exit =
    (await persistently(context, ended.signal, () => provider.wait(sandboxId, ended.signal))) ?? UNKNOWN_EXIT;
  const late = new AbortController();
  await Promise.race([output, sleep(LAST_OUTPUT_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  ended.abort();
  await Promise.allSettled([vitals, output]);
  recorder.end(context.now());
  // Only a cache: an attempt without it is read again.
  await writeDigest(attemptFiles(context.files.folder, ref).digest, recorder.snapshot()).catch(() => undefined);
  listener.onEnd();
  context.dispatch({ type: 'attempt_exited', iteration: ref.iteration, attempt: ref.attempt, exit });
}

/** Tries again while the engine is away; null when it stays away, does not know the sandbox, or all is over. */
async function persistently<T>(
  context: SupervisorContext,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T | null> {
  const { engineAwayMs, engineRetryMs } = context.policy;
  let giveUpAtMs: number | null = null;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof SandboxError)) throw error;
      if (error.code !== 'engine_away') return null;
      giveUpAtMs ??= Date.now() + engineAwayMs;
      if (Date.now() >= giveUpAtMs) return null;
      context.say(`the engine is away, trying again: ${error.message}`);
      await sleep(engineRetryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function copyOutput(
  context: SupervisorContext,
  id: SandboxId,
  recorder: AttemptRecorder,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of context.provider.output(id, recorder.offsets, signal)) recorder.write(chunk, context.now());
}

async function copyVitals(
  provider: SandboxProvider,
  id: SandboxId,
  recorder: AttemptRecorder,
  signal: AbortSignal,
  listener: FollowListener,
): Promise<void> {
  for await (const sample of provider.vitals(id, signal)) {
    recorder.sample(sample);
    listener.onVitals(sample);
  }
}
