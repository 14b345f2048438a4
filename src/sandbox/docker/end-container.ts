// Ends a container: by asking first, or at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxError, type SandboxId } from '../../core/sandbox.ts';
import { inspectContainer, isRunning, nullIfGone } from './container-state.ts';
import { type Engine, statusOf } from './engine.ts';

/** A killed process that waits for the kernel (a dead network disk, say) may take this long. */
const KILL_DEADLINE_MS = 30_000;
const POLL_MS = 20;

/**
 * SIGTERM, and SIGKILL after the grace. Resolves when the container has ended. Unlike the engine's own stop the grace
 * has milliseconds, and no request lasts as long as it.
 * @throws SandboxError `engine_away`
 */
export async function endContainer(engine: Engine, id: SandboxId, graceMs: number): Promise<void> {
  const container = await inspectContainer(engine, id);
  if (!isRunning(container)) return;
  await send(engine, id, 'SIGTERM');
  // A frozen process would get the signal only when it is thawed.
  if (container?.state.Paused) await thaw(engine, id);
  if (!(await endsWithin(engine, id, graceMs))) await killContainer(engine, id);
}

/**
 * SIGKILL. The engine ends every process of the container with its first one.
 * @throws SandboxError `engine_away`, also when the container does not end
 */
export async function killContainer(engine: Engine, id: SandboxId): Promise<void> {
  await send(engine, id, 'SIGKILL');
  if (!(await endsWithin(engine, id, KILL_DEADLINE_MS))) {
    throw new SandboxError(
      'engine_away',
      `the sandbox ${id.slice(0, 12)} does not end although it was killed: look at docker ps and at the engine’s log`,
    );
  }
}

async function send(engine: Engine, id: SandboxId, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  try {
    await nullIfGone(
      engine.call('pass a signal on', (abortSignal) => engine.docker.getContainer(id).kill({ signal, abortSignal }), {
        deadlineMs: KILL_DEADLINE_MS,
      }),
    );
  } catch (error) {
    // 409: it does not run (any more).
    if (statusOf(error) !== 409) throw error;
  }
}

async function thaw(engine: Engine, id: SandboxId): Promise<void> {
  try {
    await nullIfGone(
      engine.call('resume the sandbox', (abortSignal) => engine.docker.getContainer(id).unpause({ abortSignal })),
    );
  } catch (error) {
    // It ended, or somebody else was faster.
    if (statusOf(error) === null) throw error;
  }
}

async function endsWithin(engine: Engine, id: SandboxId, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (isRunning(await inspectContainer(engine, id))) {
    if (performance.now() >= until) return false;
    await sleep(POLL_MS);
  }
  return true;
}
