// Ends that we caused: a person's word, or a limit of the supervisor's.
import { assertNever } from '../../core/assert-never.ts';
import { plural } from '../../text/plural.ts';
import { mustEndNow } from '../digest/activity.ts';
import type { AgentDigest } from '../digest/digest.ts';
import { oneLine } from '../stream/narrow.ts';
import { failedTurn } from './api-failure.ts';
import type { EndEvidence, OurAction, Verdict } from './evidence.ts';
import { isBad, isGood } from './failure.ts';
import { afterWork, backgroundWork, costOf, summary, whileDoing } from './words.ts';

export function stoppedByPerson({ ourAction, digest }: EndEvidence): Verdict | null {
  if (ourAction?.by !== 'person') return null;
  return { kind: 'stopped', message: `${byPerson(ourAction)} ${afterWork(digest)}` };
}

export function stoppedBySupervisor(evidence: EndEvidence): Verdict | null {
  const { ourAction, digest } = evidence;
  if (ourAction?.by !== 'supervisor') return null;
  const limit = ourAction.limit === undefined ? '' : ` of ${ourAction.limit}`;
  switch (ourAction.why) {
    case 'background':
      return (
        byItsResult(evidence) ?? { kind: 'interrupted', message: `stopped by the supervisor ${afterWork(digest)}` }
      );
    case 'idle':
      return (
        byItsResult(evidence) ?? {
          kind: 'hung',
          message: `no sign of life${forSoLong(ourAction.limit)} ${whileDoing(digest)}`,
        }
      );
    case 'auth_retries':
      return byItsResult(evidence) ?? { kind: 'auth', message: refusedAgain(digest) };
    case 'timeout':
      return { kind: 'timeout', message: `over its time${limit} ${whileDoing(digest)}` };
    case 'flood':
      return { kind: 'flood', message: `over its output limit${limit} ${whileDoing(digest)}` };
    case 'budget':
      return { kind: 'budget', message: `over the budget${limit} with ${costOf(digest)} ${afterWork(digest)}` };
    default:
      return assertNever(ourAction.why);
  }
}

/** Work that had ended before we stepped in, and a process that did not: the result says how it went. */
function byItsResult(evidence: EndEvidence): Verdict | null {
  const { digest } = evidence;
  if (!digest.turnOver) return null;
  if (isGood(digest.result)) {
    return { kind: 'completed', message: `${summary(digest)}, then stopped: ${backgroundWork(digest)}` };
  }
  return isBad(digest.result) ? failedTurn(evidence) : null;
}

/**
 * A log that ends while the login is refused again and again: whoever ended the process, a supervisor of ours on
 * purpose (`mustEndNow`), it would not have come to work.
 */
export function loginRefused({ digest }: EndEvidence): Verdict | null {
  return !digest.turnOver && mustEndNow(digest) ? { kind: 'auth', message: refusedAgain(digest) } : null;
}

function refusedAgain(digest: AgentDigest): string {
  const { last, refusedInRow } = digest.apiRetries;
  if (last === null || refusedInRow === 0) return `login refused again and again ${afterWork(digest)}`;
  const reason = [`HTTP ${last.status}`, ...(last.error === null ? [] : [oneLine(last.error, 80)])].join(' ');
  return `login refused ${plural(refusedInRow, 'time')} in a row: ${reason}, ${afterWork(digest)}`;
}

function forSoLong(limit: string | undefined): string {
  return limit === undefined ? '' : ` for ${limit}`;
}

export function byPerson(action: OurAction): string {
  return action.kind === 'kill' ? 'killed by you' : 'stopped by you';
}
