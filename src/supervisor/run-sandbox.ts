// The provider of a run's sandboxes, and what only one kind of it needs.
import { join } from 'node:path';
import { hostEnvironment } from '../agent/start/environment.ts';
import type { RunOptions } from '../core/options.ts';
import type { SandboxProvider } from '../core/sandbox.ts';
import type { RepositoryFolders } from '../journal/folders.ts';
import { ensureCacheVolume } from '../sandbox/docker/cache-volume.ts';
import { resolveEndpoint } from '../sandbox/docker/endpoint.ts';
import { createEngine, type Engine } from '../sandbox/docker/engine.ts';
import { engineInfo, imageExists } from '../sandbox/docker/engine-info.ts';
import { createDockerProvider } from '../sandbox/docker/provider.ts';
import { createHostProvider } from '../sandbox/host/provider.ts';
import { homeFolder } from '../system/home-folder.ts';
import type { Repository } from '../workspace/locate.ts';

export interface RunSandbox {
  readonly provider: SandboxProvider;
  /** Null on the host. */
  readonly engine: Engine | null;
}

/** @throws SandboxError `engine_away` for an address of the engine that cannot be used */
export async function openRunSandbox(
  kind: RunOptions['sandbox'],
  folders: RepositoryFolders,
  environment: NodeJS.ProcessEnv,
): Promise<RunSandbox> {
  if (kind === 'host') {
    const provider = createHostProvider({
      stateRoot: join(folders.root, 'host'),
      baseEnvironment: hostEnvironment(environment),
    });
    return { provider, engine: null };
  }
  const endpoint = await resolveEndpoint({ environment, homeFolder: homeFolder(environment) });
  const engine = createEngine(endpoint);
  return { provider: createDockerProvider(engine), engine };
}

/** Name of the repository's cache volume, made if need be; null on the host. */
export async function cacheVolumeOf(
  { engine }: RunSandbox,
  namespace: string,
  repository: Repository,
  folders: RepositoryFolders,
  image: string,
): Promise<string | null> {
  if (engine === null) return null;
  return ensureCacheVolume(engine, { namespace, repository: folders.key, user: repository.owner, image });
}

/** Versions of engine and agent, for the journal; what does not answer is left out. */
export async function sandboxVersions({ engine }: RunSandbox, image: string): Promise<Record<string, string>> {
  if (engine === null) return {};
  const [info, facts] = await Promise.all([
    engineInfo(engine).catch(() => null),
    imageExists(engine, image).catch(() => null),
  ]);
  return {
    ...(info && { docker: info.version }),
    ...(facts && { image: facts.id }),
    ...(facts?.agentVersion && { claude: facts.agentVersion }),
  };
}
