// Seals an attempt that ended: looks at what it left, writes its receipt, and tells the other runs of a usage limit.
import type { AgentDigest } from '../../agent/digest/digest.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { attemptFiles } from '../../journal/folders.ts';
import type { SupervisorContext } from '../context.ts';
import { digestFromFile, peakMemory, stderrTailOf } from './left-behind.ts';
import { makeReceipt } from './receipt.ts';
import { commitsSince, lookAtWorkTree } from './work-tree.ts';

/** @param digest what was read while the attempt ran; null after a recovery, when the files are read instead. */
export async function sealAttempt(
  context: SupervisorContext,
  ref: AttemptRef,
  digest: AgentDigest | null,
): Promise<void> {
  // Ticks and commits of the last moments belong to this attempt.
  const survey = await context.facts.look();
  const { current, receipts } = context.state();
  if (current === null) return;
  const files = attemptFiles(context.files.folder, ref);
  const [commits, workTree, peakMemoryBytes, stderrTail] = await Promise.all([
    commitsSince(context, current.before.head, survey.head),
    lookAtWorkTree(context, survey.head),
    peakMemory(files.vitals),
    stderrTailOf(files.stderr),
  ]);
  const receipt = makeReceipt({
    current,
    digest: digest ?? (await digestFromFile(files, current.sessionId)),
    survey,
    commits,
    workTree,
    workTreeHashBefore: receipts.at(-1)?.progress.workTreeHash ?? null,
    peakMemoryBytes,
    stderrTail,
    now: context.now(),
  });
  const { kind, resetsAt, message } = receipt.outcome;
  if (kind === 'usage_limit' && resetsAt !== null)
    await context.limits.notice({ until: resetsAt, message }, context.now());
  if (kind === 'completed') await context.limits.disprove(receipt.startedAt);
  const accountLimit = await context.limits.current(Date.now());
  context.dispatch({
    type: 'attempt_sealed',
    ...ref,
    receipt,
    before: current.before,
    survey: { ...survey, accountLimit },
  });
}
