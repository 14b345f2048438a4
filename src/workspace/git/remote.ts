// Where `--push` pushes to: looked up before the agent runs, and held against what it may have planted.
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigEntry, configValue } from '../git-config-text.ts';
import { type Repository, readConfig } from '../locate.ts';
import { isRefName, resolveRef } from '../refs.ts';
import { isInside } from '../safe-read.ts';

export interface Remote {
  readonly name: string;
  /** May hold a password: show and log `anonymousUrl(url)`. A relative path is made absolute. */
  readonly url: string;
  /** The repository knows a branch of that name there. */
  readonly branchKnown: boolean;
}

/**
 * The remote that `git push` would take for a branch: branch.<name>.pushRemote, remote.pushDefault,
 * branch.<name>.remote, else `origin`, else the only one; its pushurl before its url. The text of the
 * repository's configuration is read, without includes; url.*.insteadOf counts where it stands in the
 * person's global configuration, because git itself applies that when it pushes.
 */
export async function rememberRemote(repository: Repository, branch: string): Promise<Remote | null> {
  const entries = await readConfig(repository.commonDir);
  const names = [
    configValue(entries, 'branch', branch, 'pushremote'),
    configValue(entries, 'remote', '', 'pushdefault'),
    configValue(entries, 'branch', branch, 'remote'),
    'origin',
    onlyRemote(entries),
  ];
  for (const name of names) {
    if (name === null || !isRefName(name)) continue;
    const url = configValue(entries, 'remote', name, 'pushurl') ?? configValue(entries, 'remote', name, 'url');
    if (url === null || url === '') continue;
    const known = await resolveRef(repository.commonDir, `refs/remotes/${name}/${branch}`);
    return {
      name,
      url: isLocalPath(url) ? resolve(repository.top, url) : url,
      branchKnown: 'sha' in known && known.sha !== null,
    };
  }
  return null;
}

/** Whether any remote stands in the repository's own configuration. */
export async function hasRemote(repository: Repository): Promise<boolean> {
  return namesOfRemotes(await readConfig(repository.commonDir)).size > 0;
}

export type PushTarget = { readonly url: string } | { readonly why: string };

/**
 * Refuses a URL that would run something: transport helpers (`ext::…`), options, and repositories where
 * the agent can write, whose hooks would run on this machine.
 */
export async function checkPushUrl(repository: Repository, url: string): Promise<PushTarget> {
  if (/^-|[\x00-\x1f\x7f]/.test(url)) return { why: 'the remote URL is not one' };
  if (/^[A-Za-z0-9+.-]*::/.test(url))
    return { why: 'the remote URL names a transport helper, which could run anything' };
  const path = localPathOf(repository, url);
  if (path === null) return { url };
  try {
    const real = await realpath(path);
    const writable = [repository.top, repository.gitDir, repository.commonDir].some((folder) => isInside(folder, real));
    return writable
      ? { why: 'the remote lies where the agent can write; its hooks could run anything' }
      : { url: real };
  } catch {
    return { why: `the remote ${path} does not exist` };
  }
}

/** The URL without user name and password. */
export function anonymousUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function namesOfRemotes(entries: readonly ConfigEntry[]): ReadonlySet<string> {
  return new Set(
    entries.filter((entry) => entry.section === 'remote' && entry.key === 'url').map((entry) => entry.subsection),
  );
}

function onlyRemote(entries: readonly ConfigEntry[]): string | null {
  const names = namesOfRemotes(entries);
  return names.size === 1 ? ([...names][0] ?? null) : null;
}

function localPathOf(repository: Repository, url: string): string | null {
  if (/^file:\/\//i.test(url)) {
    try {
      return fileURLToPath(url);
    } catch {
      return url;
    }
  }
  return isLocalPath(url) ? resolve(repository.top, url) : null;
}

/** As git decides (git-push(1), "Git URLs"): no scheme, and no colon before the first slash. */
function isLocalPath(url: string): boolean {
  return !/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url) && !/^[^/]*:/.test(url);
}
