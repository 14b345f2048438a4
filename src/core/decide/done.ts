// Whether the run's work is finished (design, section 6): decided on the plan, not on what the agent says of it.
import type { AttemptSealed } from '../events.ts';
import type { Mode } from '../options.ts';
import type { PlanProgress } from '../plan.ts';
import type { Receipt } from '../receipt.ts';
import type { Survey } from '../survey.ts';

/**
 * Why nothing is left to do, in one line; null while something is.
 * `last` is the attempt that was sealed just now, with the survey from before it; null before the first one.
 */
export function doneBecause(
  mode: Mode,
  survey: Survey,
  last: { sealed: AttemptSealed; before: Survey } | null,
): string | null {
  if (mode !== 'build') return last === null ? null : planningDone(survey, last);
  const { plan } = survey;
  if (plan !== null && plan.open === 0 && plan.done > 0 && !mayBeCutOff(plan, last))
    return plan.done === 1 ? 'the only task of the plan is done' : `all ${plan.done} tasks of the plan are done`;
  if (last !== null && claimCounts(last.sealed.receipt) && (plan === null || plan.open === 0)) {
    return 'the agent says that all is done, and no task is open';
  }
  return null;
}

/** An attempt that was cut off may have left half a plan: tasks that vanished then are not done yet. */
function mayBeCutOff(plan: PlanProgress, last: { sealed: AttemptSealed; before: Survey } | null): boolean {
  if (last === null || last.sealed.receipt.outcome.kind === 'completed') return false;
  return plan.removed > (last.before.plan?.removed ?? 0);
}

function planningDone(survey: Survey, last: { sealed: AttemptSealed; before: Survey }): string | null {
  const unchanged = survey.planHash !== null && survey.planHash === last.before.planHash;
  return last.sealed.receipt.outcome.kind === 'completed' && unchanged
    ? `iteration ${last.sealed.iteration} left the plan as it was`
    : null;
}

/** A claim of an attempt that went wrong is no claim. */
function claimCounts(receipt: Receipt): boolean {
  return receipt.claimedDone && receipt.outcome.kind === 'completed';
}

/** What to say of a claim that the plan contradicts; null when there is none. */
export function contradictedClaim(receipt: Receipt, survey: Survey): string | null {
  const open = survey.plan?.open ?? 0;
  return claimCounts(receipt) && open > 0 ? `iteration ${receipt.iteration} claims done, ${open} open` : null;
}
