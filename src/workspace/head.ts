// Where HEAD stands: asked once a second, so it reads two small files and runs nothing.
import type { Repository } from './locate.ts';
import { isRefName, isSha, resolveRef } from './refs.ts';
import { readInside } from './safe-read.ts';

const HEAD_LIMIT_BYTES = 4096;

export type Head =
  | {
      readonly ok: true;
      /** Short name of the branch, null for a detached HEAD. */
      readonly branch: string | null;
      /** Null on a branch without any commit. */
      readonly sha: string | null;
    }
  /** HEAD cannot be read or trusted; one line. */
  | { readonly ok: false; readonly why: string };

/** Branch and commit of the repository's HEAD, at the time of the call. */
export async function readHead(repository: Pick<Repository, 'gitDir' | 'commonDir'>): Promise<Head> {
  const file = await readInside(repository.gitDir, 'HEAD', HEAD_LIMIT_BYTES);
  if (file.state === 'missing') return { ok: false, why: 'HEAD is missing' };
  if (file.state === 'unsafe') return { ok: false, why: `HEAD: ${file.why}` };
  const text = file.bytes.toString('utf8').trim();
  if (isSha(text)) return { ok: true, branch: null, sha: text };
  const ref = /^ref:\s*(refs\/.+)$/.exec(text)?.[1];
  if (ref === undefined || !isRefName(ref)) return { ok: false, why: 'HEAD names neither a branch nor a commit' };
  const resolved = await resolveRef(repository.commonDir, ref);
  if ('why' in resolved) return { ok: false, why: resolved.why };
  // A HEAD outside of refs/heads is no branch that one could push or commit to by name.
  return {
    ok: true,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null,
    sha: resolved.sha,
  };
}
