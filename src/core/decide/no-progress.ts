// Whether a build gets nowhere: counted iterations, one after the other, that moved neither commits nor plan nor files.
import type { CheckEnded, PauseReason } from '../events.ts';
import { OUTCOME_RULES } from '../outcome.ts';
import type { Policy } from '../policy.ts';
import type { Receipt } from '../receipt.ts';
import type { RunState } from '../state/run-state.ts';
import { thenResume } from './help.ts';

/**
 * The pause that a standstill leads to; null while something moves.
 * @param failing the word of the command of --until, where nothing else stands between the run and its end
 */
export function standstill(state: RunState, failing: CheckEnded | null, policy: Policy): PauseReason | null {
  if (state.options.mode !== 'build') return null;
  const counted = state.receipts.filter(
    ({ outcome, endedAt }) =>
      OUTCOME_RULES[outcome.kind].counted && endedAt > (state.resumedAt ?? '') && endedAt > state.modeSince,
  );
  const last = counted.slice(-policy.noProgressLimit);
  if (last.length < policy.noProgressLimit || last.some(madeProgress)) return null;
  return {
    kind: 'no_progress',
    message: `${last.length} iterations without progress${whileFailing(state, failing)}: no commit, the plan and the files stayed as they were; ${inCommon(last)}`,
    ...thenResume(
      `see ralph-tui logs, mend the prompt${failing === null ? ' or' : ', the command of --until or'} the plan`,
    ),
    headlessExit: 'needs_person',
  };
}

/** It is why the agent was asked again and again, although no task is open. */
function whileFailing({ options }: RunState, failing: CheckEnded | null): string {
  return failing === null || failing.exitCode === null
    ? ''
    : ` while \`${options.until}\` fails (exit ${failing.exitCode})`;
}

/** What git could not tell counts as progress: nobody is called for nothing. */
function madeProgress({ progress }: Receipt): boolean {
  return progress.commits || progress.plan || progress.workTree !== false;
}

function inCommon(receipts: readonly Receipt[]): string {
  const [first] = receipts;
  if (first === undefined) return 'nothing in common';
  const same = <T>(pick: (receipt: Receipt) => T) => receipts.every((receipt) => pick(receipt) === pick(first));
  const files = first.traits.filesRead.filter((file) =>
    receipts.every(({ traits }) => traits.filesRead.includes(file)),
  );
  const shared = [
    ...(first.traits.error !== null && same(({ traits }) => traits.error)
      ? [`the same error (${first.traits.error})`]
      : []),
    ...(first.traits.lastTool !== null && same(({ traits }) => traits.lastTool)
      ? [`the same last command (${first.traits.lastTool})`]
      : []),
    ...(files.length > 0 ? [`the same files read (${files.slice(0, 3).join(', ')})`] : []),
  ];
  return shared.length === 0 ? 'they have nothing in common' : `in common: ${shared.join(', ')}`;
}
