// Writes down in the repository what a push did, as `git push -u` would: the shadow pushed, so the
// person's own git does not know of it.
import { configValue } from '../git-config-text.ts';
import { type Repository, readConfig } from '../locate.ts';
import { isRefName } from '../refs.ts';
import { readInside } from '../safe-read.ts';
import { replaceFileInside, type SafeWrite } from '../safe-write.ts';
import { requireSha } from './history.ts';

export interface PushRecord {
  /** Name of the remote: `origin`. */
  readonly remote: string;
  readonly branch: string;
  readonly sha: string;
}

/** Moves the remote-tracking ref, and gives the branch an upstream if it has none. */
export async function recordPush(repository: Repository, { remote, branch, sha }: PushRecord): Promise<SafeWrite> {
  if (!isRefName(remote) || !isRefName(branch)) return { ok: false, why: 'a name that git does not allow' };
  const { commonDir, owner } = repository;
  const tracking = `refs/remotes/${remote}/${branch}`;
  const written = await replaceFileInside(commonDir, tracking, Buffer.from(`${requireSha(sha)}\n`), owner);
  if (!written.ok) return written;
  const entries = await readConfig(commonDir);
  if (configValue(entries, 'branch', branch, 'remote') !== null) return written;
  const config = await readInside(commonDir, 'config');
  if (config.state !== 'read') return { ok: false, why: 'config cannot be read' };
  const section = `[branch ${quoted(branch)}]\n\tremote = ${quoted(remote)}\n\tmerge = ${quoted(`refs/heads/${branch}`)}\n`;
  const glue = config.bytes.length === 0 || config.bytes.at(-1) === 0x0a ? '' : '\n';
  return replaceFileInside(
    commonDir,
    'config',
    Buffer.concat([config.bytes, Buffer.from(glue + section)]),
    owner,
    config.mode,
  );
}

/** Names that git allows hold neither a backslash nor a control character; a quote or comment sign they may. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '\\"')}"`;
}
