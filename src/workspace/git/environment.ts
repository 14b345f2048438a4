// The environments that git runs in: built from nothing, so that neither the caller's variables nor
// anybody's configuration reach it unasked.
import { delimiter, isAbsolute } from 'node:path';
import type { Repository } from '../locate.ts';
import { isInside } from '../safe-read.ts';

export type Environment = Readonly<Record<string, string>>;
type Inherited = Readonly<Record<string, string | undefined>>;

/** For looking at a repository: no configuration but the shadow's, no network, no questions (facts/sandbox.md 2.3, H1). */
export function lookingEnvironment(shadowPath: string, path: string): Environment {
  return {
    PATH: path,
    LC_ALL: 'C',
    GIT_DIR: shadowPath,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
  };
}

/** What a push may take from the person: their home for configuration and keys, agent socket, proxies. */
const PUSH_VARIABLES = [
  'HOME',
  'XDG_CONFIG_HOME',
  'SSH_AUTH_SOCK',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
];

/**
 * For pushing: the person's own configuration gives credentials, and nobody is asked for any: a
 * question would wait for an answer behind a screen that is not there.
 */
export function pushEnvironment(shadowPath: string, path: string, person: Inherited): Environment {
  return {
    ...pick(person, PUSH_VARIABLES),
    PATH: path,
    LC_ALL: 'C',
    GIT_DIR: shadowPath,
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Not `ext`, which runs a command that stands in the URL.
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'force',
  };
}

/** For reading the person's own global configuration. */
export function globalConfigEnvironment(path: string, person: Inherited): Environment {
  return { ...pick(person, ['HOME', 'XDG_CONFIG_HOME']), PATH: path, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1' };
}

/**
 * The search path for git: absolute folders outside of the repository only. `npx` puts the
 * repository's node_modules/.bin in front, where an agent can leave a "git" of its own.
 */
export function trustedPath(
  path: string | undefined,
  repository: Pick<Repository, 'top' | 'commonDir'> | null,
): string {
  const folders = (path ?? '').split(delimiter).filter((folder) => {
    if (!isAbsolute(folder)) return false;
    return repository === null || !(isInside(repository.top, folder) || isInside(repository.commonDir, folder));
  });
  return (folders.length > 0 ? folders : ['/usr/local/bin', '/usr/bin', '/bin']).join(delimiter);
}

function pick(from: Inherited, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
