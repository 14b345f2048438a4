// Where things of an attempt lie, as seen from inside its sandbox: a container has paths of its own, the host has ours.
import type { CacheVolume, Mount } from '../../core/sandbox.ts';
import type { ExchangeFolders } from '../../journal/folders.ts';
import type { Repository } from '../../workspace/locate.ts';

export interface Places {
  readonly agent: string;
  readonly inbox: string;
  readonly mounts: readonly Mount[];
  readonly volumes: readonly CacheVolume[];
  /** Variables that point package managers to the cache volume. */
  readonly environment: Readonly<Record<string, string>>;
}

const INSIDE = { agent: '/ralph/agent', inbox: '/ralph/inbox', cache: '/ralph/cache' } as const;

/** A home on tmpfs counts as memory and forgets everything: what is downloaded goes to the volume. */
const CACHE_ENVIRONMENT: Readonly<Record<string, string>> = {
  npm_config_cache: `${INSIDE.cache}/npm`,
  PIP_CACHE_DIR: `${INSIDE.cache}/pip`,
  YARN_CACHE_FOLDER: `${INSIDE.cache}/yarn`,
  XDG_CACHE_HOME: `${INSIDE.cache}/xdg`,
  CARGO_HOME: `${INSIDE.cache}/cargo`,
  GOMODCACHE: `${INSIDE.cache}/go-mod`,
};

/** @param cacheVolume the repository's, for Docker. */
export function placesInContainer(repository: Repository, exchange: ExchangeFolders, cacheVolume: string): Places {
  const { top, commonDir } = repository;
  // A linked worktree's .git is a file that names the common directory by its path outside (facts/sandbox.md 6).
  const common = commonDir.startsWith(`${top}/`) ? [] : [{ source: commonDir, target: commonDir, readonly: false }];
  return {
    agent: INSIDE.agent,
    inbox: INSIDE.inbox,
    mounts: [
      { source: top, target: top, readonly: false },
      ...common,
      { source: exchange.agent, target: INSIDE.agent, readonly: false },
      { source: exchange.inbox, target: INSIDE.inbox, readonly: true },
    ],
    volumes: [{ name: cacheVolume, target: INSIDE.cache }],
    environment: CACHE_ENVIRONMENT,
  };
}

export function placesOnHost(exchange: ExchangeFolders): Places {
  return { agent: exchange.agent, inbox: exchange.inbox, mounts: [], volumes: [], environment: {} };
}
