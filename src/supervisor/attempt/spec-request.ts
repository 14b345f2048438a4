// Gathers what a sandbox of the run is made from: exchange folders, cache volume, login, identity.
import { randomUUID } from 'node:crypto';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { SupervisorContext } from '../context.ts';
import { cacheVolumeOf, type RunSandbox } from '../run-sandbox.ts';
import { fillExchange } from './exchange.ts';
import { placesInContainer, placesOnHost } from './places.ts';
import type { SpecRequest } from './spec.ts';

/** @param prompt what the inbox holds for the agent; empty where there is none */
export async function specRequest(
  context: SupervisorContext,
  sandbox: RunSandbox,
  ref: AttemptRef,
  prompt: string,
): Promise<SpecRequest> {
  const { repository, folders, run, namespace, identity } = context;
  const { options } = context.state();
  const [exchange, cacheVolume] = await Promise.all([
    fillExchange(folders, run, ref, prompt, repository.owner),
    cacheVolumeOf(sandbox, namespace, repository, folders, options.image),
  ]);
  const places = cacheVolume === null ? placesOnHost(exchange) : placesInContainer(repository, exchange, cacheVolume);
  return {
    run,
    ref,
    namespace,
    repository,
    folders,
    options,
    login: context.login.current,
    identity,
    sessionId: randomUUID(),
    places,
  };
}
