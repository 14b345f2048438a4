// Asks what a container is doing, and says it in the words of the contract.
import type Dockerode from 'dockerode';
import type { SandboxId, SandboxState } from '../../core/sandbox.ts';
import { type CallOptions, type Engine, statusOf } from './engine.ts';

/** `State` of inspect; optional where dockerode's types are too sure. */
export type ContainerState = Dockerode.ContainerInspectInfo['State'];

export interface InspectedContainer {
  readonly id: string;
  /** ISO 8601, of the engine's clock. */
  readonly createdAt: string;
  readonly state: ContainerState;
}

/**
 * The container as it is now; null when there is none any more.
 * @throws SandboxError `engine_away`
 */
export async function inspectContainer(
  engine: Engine,
  id: SandboxId,
  options?: CallOptions,
): Promise<InspectedContainer | null> {
  const container = await nullIfGone(
    engine.call(
      'say how the sandbox is',
      (abortSignal) => engine.docker.getContainer(id).inspect({ abortSignal }),
      options,
    ),
  );
  return container === null ? null : { id: container.Id, createdAt: container.Created, state: container.State };
}

/** Null instead of the engine's "no such container". */
export async function nullIfGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Docker's words (inspect and list) in those of the contract. */
export function sandboxState(status: string): SandboxState {
  switch (status) {
    case 'created':
      return 'created';
    case 'running':
    case 'restarting':
      return 'running';
    case 'paused':
      return 'paused';
    default:
      return 'exited';
  }
}

export function isRunning(container: InspectedContainer | null): boolean {
  if (container === null) return false;
  const state = sandboxState(container.state.Status);
  return state === 'running' || state === 'paused';
}

/** Docker writes the year 1 for "never". */
export function timeOrNull(time: string | undefined): string | null {
  return !time || time.startsWith('0001-') ? null : time;
}
