// The Docker provider: the sandbox contract, carried out by the engine.
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildImageCommand } from '../../core/image-command.ts';
import {
  type AttemptSpec,
  type FoundSandbox,
  SandboxError,
  type SandboxFilter,
  type SandboxId,
  type SandboxProvider,
} from '../../core/sandbox.ts';
import { secretsInput } from './command.ts';
import { containerConfig } from './container-config.ts';
import { inspectContainer, nullIfGone, sandboxState } from './container-state.ts';
import { endContainer, killContainer } from './end-container.ts';
import { answerOf, type Engine, engineAway, isEngineAway, statusOf } from './engine.ts';
import { fromLabels, labelFilter } from './labels.ts';
import { DEFAULT_OUTAGE_POLICY, type OutagePolicy } from './outage.ts';
import { followOutput } from './output.ts';
import { followVitals, handleOf } from './vitals.ts';
import { waitForExit } from './wait.ts';

/** Creating unpacks, starting sets up networks: on a busy disk that takes its time. */
const START_DEADLINE_MS = 60_000;
const REMOVAL_DEADLINE_MS = 30_000;
const REMOVAL_POLL_MS = 20;

export interface DockerProviderOptions {
  /** How long output, wait and vitals put up with an engine that is away before they reject. */
  readonly outage?: OutagePolicy;
}

/** A provider without any state of its own: two of them, or one after a restart, know the same. */
export function createDockerProvider(engine: Engine, options: DockerProviderOptions = {}): SandboxProvider {
  const outage = options.outage ?? DEFAULT_OUTAGE_POLICY;
  return {
    kind: 'docker',
    start: (spec) => startContainer(engine, spec),
    find: (filter) => findContainers(engine, filter),
    output: (id, from, signal) => followOutput(engine, id, from, signal, outage),
    wait: (id, signal) => waitForExit(engine, id, signal, outage),
    vitals: (id, signal) => followVitals(engine, id, signal, outage),
    handle: (id) => handleOf(engine, id),
    stop: (id, graceMs) => endContainer(engine, id, graceMs),
    kill: (id) => killContainer(engine, id),
    remove: (id) => removeContainer(engine, id),
  };
}

async function startContainer(engine: Engine, spec: AttemptSpec): Promise<SandboxId> {
  const config = containerConfig(spec);
  const secrets = Object.keys(spec.secrets).length > 0 ? secretsInput(spec.secrets) : null;
  const { id } = await engine
    .call('create the sandbox', (abortSignal) => engine.docker.createContainer({ ...config, abortSignal }), {
      deadlineMs: START_DEADLINE_MS,
    })
    .catch((error: unknown) => {
      throw createError(engine, spec, error);
    });
  try {
    const input = secrets === null ? null : await openInput(engine, id);
    await engine.call('start the sandbox', (abortSignal) => engine.docker.getContainer(id).start({ abortSignal }), {
      deadlineMs: START_DEADLINE_MS,
    });
    if (input !== null) await finished(input.end(secrets), { readable: false });
    return id;
  } catch (error) {
    // An engine that is away may have started it: whoever recovers finds it by its labels.
    if (isEngineAway(error)) throw error;
    await removeContainer(engine, id);
    throw startError(engine, error);
  }
}

/** The one connection that goes into the container: for secrets, closed at once. Nothing is read through it. */
async function openInput(engine: Engine, id: SandboxId): Promise<Duplex> {
  const options = { stream: true, stdin: true, stdout: false, stderr: false, hijack: true } as const;
  const socket = (await engine.call('open the sandbox’s input', (abortSignal) =>
    engine.docker.getContainer(id).attach({ ...options, abortSignal }),
  )) as Duplex;
  // Without a listener a break would end the process; the wrapper in the container notices missing secrets.
  socket.on('error', () => {});
  socket.resume();
  return socket;
}

function createError(engine: Engine, spec: AttemptSpec, error: unknown): unknown {
  const answer = answerOf(error);
  switch (statusOf(error)) {
    case null:
      return error;
    case 409:
      return new SandboxError('name_taken', `a sandbox named ${spec.name} is there already: ${answer}`, {
        cause: error,
      });
    case 404:
      if (/image/i.test(answer)) {
        const help = `${buildImageCommand(spec.image)} builds it; --image names another`;
        return new SandboxError('start_failed', `the image ${spec.image} is not there: ${help}`, { cause: error });
      }
      return startError(engine, error);
    default:
      return startError(engine, error);
  }
}

/** A refusal of the engine; but when its lower half is down, it is away (facts/sandbox.md 4.2). */
function startError(engine: Engine, error: unknown): unknown {
  if (statusOf(error) === null) return error;
  const answer = answerOf(error);
  if (/containerd|connection (refused|error)|transport is closing/i.test(answer)) {
    return engineAway(engine.endpoint, 'start the sandbox', answer, error);
  }
  return new SandboxError('start_failed', `Docker could not start the sandbox: ${answer}`, { cause: error });
}

async function findContainers(engine: Engine, filter: SandboxFilter): Promise<FoundSandbox[]> {
  const containers = await engine.call('list the sandboxes', (abortSignal) =>
    engine.docker.listContainers({ all: true, filters: { label: labelFilter(filter) }, abortSignal }),
  );
  return containers.flatMap((container) => {
    const labels = fromLabels(container.Labels);
    if (labels === null) return [];
    const name = (container.Names[0] ?? '').replace(/^\//, '');
    return [{ id: container.Id, name, labels, state: sandboxState(container.State) }];
  });
}

async function removeContainer(engine: Engine, id: SandboxId): Promise<void> {
  try {
    await nullIfGone(
      engine.call('remove the sandbox', (abortSignal) =>
        engine.docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
      ),
    );
  } catch (error) {
    // 409: another removal is under way: of the attempt before, while the next one clears leftovers.
    if (statusOf(error) !== 409) throw error;
    await untilGone(engine, id);
  }
}

async function untilGone(engine: Engine, id: SandboxId): Promise<void> {
  const deadline = performance.now() + REMOVAL_DEADLINE_MS;
  while ((await inspectContainer(engine, id)) !== null) {
    if (performance.now() >= deadline) {
      const why = `its removal has been under way for ${REMOVAL_DEADLINE_MS / 1_000} s`;
      throw engineAway(engine.endpoint, 'remove the sandbox', why);
    }
    await sleep(REMOVAL_POLL_MS);
  }
}
