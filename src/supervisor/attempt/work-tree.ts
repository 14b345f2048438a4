// What git says of the work tree when an attempt begins and when it is sealed. Git that cannot tell is no reason not
// to go on.
import { createHash } from 'node:crypto';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { CommitInfo } from '../../core/receipt.ts';
import { diffText, uncommitted } from '../../workspace/git/changes.ts';
import { forgetFound } from '../../workspace/git/forget-found.ts';
import { FOUND_REFS, keepFound } from '../../workspace/git/found.ts';
import { readLog } from '../../workspace/git/history.ts';
import type { SupervisorContext } from '../context.ts';

/** A receipt lists so many commits at most; more than that in one attempt is no loop any more. */
const COMMIT_LIMIT = 100;
/** Of a larger patch the beginning stands for the whole. */
const PATCH_LIMIT_BYTES = 4 * 1024 * 1024;
const CLEAN = 'clean';

export interface WorkTree {
  /** Files changed or new against the last commit; null when git could not tell. */
  readonly files: number | null;
  /** Stands for their content: the same work tree has the same; null when unknown. */
  readonly hash: string | null;
}

/** Keeps every file as the attempt finds it (`Receipt.foundCommit`). Nothing may work in the repository meanwhile. */
export async function keepWorkTreeBefore(
  { shadow, run }: Pick<SupervisorContext, 'shadow' | 'run'>,
  { iteration, attempt }: AttemptRef,
): Promise<string | null> {
  // Not before: a run that is refused, or finds nothing to do, leaves the last one, whose iterations can be undone.
  if (iteration === 1 && attempt === 1) await forgetFound(shadow).catch(() => undefined);
  return keepFound(shadow, `${FOUND_REFS}${run}-${iteration}.${attempt}`).catch(() => null);
}

export async function lookAtWorkTree(
  { shadow }: Pick<SupervisorContext, 'shadow'>,
  head: string | null,
): Promise<WorkTree> {
  const changes = await uncommitted(shadow, head).catch(() => 'unknown' as const);
  if (changes === 'unknown') return { files: null, hash: null };
  if (changes.length === 0) return { files: 0, hash: CLEAN };
  const patch = head === null ? null : await diffText(shadow, head, 'worktree', PATCH_LIMIT_BYTES).catch(() => null);
  const hash = patch === null ? null : createHash('sha256').update(patch.text).digest('hex');
  return { files: changes.length, hash };
}

/** Whether the files changed since the attempt before; null when nobody knows. Before the first, a clean one is no change. */
export function workTreeMoved(before: string | null, after: string | null): boolean | null {
  if (after === null) return null;
  if (before === null) return after === CLEAN ? false : null;
  return before !== after;
}

export async function commitsSince(
  { shadow }: Pick<SupervisorContext, 'shadow'>,
  base: string | null,
  head: string | null,
): Promise<readonly CommitInfo[]> {
  if (head === null || head === base) return [];
  return readLog(shadow, base, head, COMMIT_LIMIT).catch(() => []);
}
