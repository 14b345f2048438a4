// Which two states of the repository a diff is between: of an attempt's work, or of a commit.
import { type AttemptRef, attemptName, sameAttempt } from '../../core/attempt-ref.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { RunState } from '../../core/state/run-state.ts';
import type { WorkRange } from '../../workspace/git/work-diff.ts';

export interface TitledRange extends WorkRange {
  readonly title: string;
}

/** `why`: one line for the person who asked. */
export type RangeOrWhy = TitledRange | { readonly why: string };

const NOTHING_TO_COMPARE = { why: 'nothing was committed before it, so there is nothing to compare' };

/** @param head where the repository's HEAD stands now */
export function attemptRange({ current, receipts }: RunState, ref: AttemptRef, head: string | null): RangeOrWhy {
  const title = `diff of iteration ${attemptName(ref)}`;
  if (sameAttempt(current, ref) && current !== null) {
    const { before, foundCommit } = current;
    if ((before.head ?? foundCommit) === null) return NOTHING_TO_COMPARE;
    return { baseCommit: before.head, foundCommit, headCommit: null, left: 'worktree', title: `${title}, so far` };
  }
  const at = receipts.findIndex((receipt) => sameAttempt(receipt, ref));
  const receipt = receipts[at];
  if (receipt === undefined) return { why: 'the run knows no such attempt' };
  const { baseCommit, headCommit, foundCommit = null } = receipt;
  const left = leftBy(receipt, nextOf(receipts[at + 1], current), head);
  if ((baseCommit ?? foundCommit) === null || (headCommit ?? left) === null) return NOTHING_TO_COMPARE;
  const until = left === 'worktree' ? ', to the files in the work tree' : '';
  return { baseCommit, foundCommit, headCommit, left, title: `${title}${until}` };
}

/** Commits of a receipt stand newest first; the oldest one's parent is the attempt's base. */
export function commitRange({ receipts, current }: RunState, sha: string): RangeOrWhy {
  const range = (base: string | null): RangeOrWhy =>
    base === null
      ? { why: 'the commit before it is not known here' }
      : { baseCommit: base, foundCommit: null, headCommit: sha, left: null, title: `commit ${sha.slice(0, 7)}` };
  for (const { commits, baseCommit } of receipts) {
    const at = commits.findIndex((commit) => commit.sha === sha);
    if (at >= 0) return range(commits[at + 1]?.sha ?? baseCommit);
  }
  return range(current?.before.head ?? null);
}

/** What the attempt after it began with. */
interface Next {
  readonly baseCommit: string | null;
  readonly foundCommit: string | null;
}

function nextOf(receipt: Receipt | undefined, current: RunState['current']): Next | null {
  if (receipt !== undefined) return { baseCommit: receipt.baseCommit, foundCommit: receipt.foundCommit ?? null };
  return current && { baseCommit: current.before.head, foundCommit: current.foundCommit };
}

/** Only while nobody has committed since: what came with other commits is not the attempt's. */
function leftBy({ headCommit, uncommittedFiles }: Receipt, next: Next | null, head: string | null): WorkRange['left'] {
  if (next !== null) return next.baseCommit === headCommit ? next.foundCommit : null;
  return head === headCommit && uncommittedFiles !== 0 ? 'worktree' : null;
}
