// The gate before every attempt: what has to hold for the next one to start.
import { plural } from '../../text/plural.ts';
import type { Effect } from '../effects.ts';
import type { PauseReason } from '../events.ts';
import type { Policy } from '../policy.ts';
import type { RunState } from '../state/run-state.ts';
import type { Survey } from '../survey.ts';
import { finish, pause } from './decisions.ts';
import { doneBecause } from './done.ts';
import { thenResume } from './help.ts';
import { dueModeChange } from './mode-change.ts';
import { standstill } from './no-progress.ts';
import { waitForAccount } from './usage-limit.ts';

/** The effects that follow when nothing runs: the next attempt, a pause, or the end. */
export function gate(state: RunState, survey: Survey, policy: Policy): Effect[] {
  const { options } = state;
  const over = doneBecause(options.mode, survey, lastOfMode(state));
  const change = dueModeChange(state, over !== null);
  if (change !== null && !state.stopAfterAsked && survey.problem === null) return [change];
  // Planning again is a part of a build: its end is not the run's.
  const done = state.planningAgain ? null : over;
  if (done !== null && isAccepted(state, survey)) return [finish(state, 'done', accepted(state, done))];
  if (state.stopAfterAsked) return [finish(state, 'stopped', `stopped by you after ${iterations(state)}`)];
  if (survey.problem !== null) return [pause(workspaceProblem(survey.problem))];
  if (survey.fullDisk !== null) return [pause(diskIsFull(survey.fullDisk))];
  if (done !== null && options.until !== null && !wasChecked(state, survey))
    return [{ type: 'check', command: options.until }];
  if (state.branch !== null && survey.branch !== state.branch)
    return [pause(branchChanged(state.branch, survey.branch))];
  if (options.maxIterations !== null && state.iteration > options.maxIterations) {
    return [finish(state, 'max_reached', `reached the maximum of ${plural(options.maxIterations, 'iteration')}`)];
  }
  if (state.attempt > policy.attemptLimit) {
    return [
      finish(
        state,
        'gave_up',
        `iteration ${state.iteration} had ${policy.attemptLimit} attempts, none of which counted`,
      ),
    ];
  }
  if (state.pauseAsked) return [pause(ASKED)];
  if (options.step && state.stepped) return [pause(STEP)];
  if (state.supervisor?.hasSecrets === false) return [pause(NO_SECRETS)];
  // What seems done has been checked above, and was not accepted.
  const stuck = standstill(state, done === null ? null : state.check, policy);
  if (stuck !== null) return [pause(stuck)];
  const limited = waitForAccount(state, survey.accountLimit, policy);
  if (limited !== null) return [limited];
  return [{ type: 'begin', ref: { iteration: state.iteration, attempt: state.attempt } }];
}

/** Without --until everybody's word counts; with it, only that of its command about this very state. */
function isAccepted(state: RunState, survey: Survey): boolean {
  return state.options.until === null || (wasChecked(state, survey) && state.check?.ok === true);
}

/** The command of --until has spoken about the workspace as it is; one that was cut off has not. */
function wasChecked(state: RunState, survey: Survey): boolean {
  const { check } = state;
  return (
    check !== null &&
    (check.ok || check.exitCode !== null) &&
    check.head === survey.head &&
    check.planHash === survey.planHash &&
    !mayHaveChanged(state, check.at)
  );
}

/** Files that are not committed may have, by an attempt that called a tool, or by a person who says to go on. */
function mayHaveChanged({ lastSealed, resumedAt }: RunState, since: string): boolean {
  if (resumedAt !== null && resumedAt > since) return true;
  return lastSealed !== null && lastSealed.at > since && lastSealed.receipt.toolCalls > 0;
}

function accepted({ options }: RunState, done: string): string {
  return options.until === null ? done : `${done}, and \`${options.until}\` succeeds`;
}

function iterations(state: RunState): string {
  const done = state.iteration - 1;
  return done === 0 ? 'no whole iteration' : `iteration ${done}`;
}

/** The attempt that was sealed last, where it was one of the run's mode. */
function lastOfMode({ lastSealed, modeSince }: RunState) {
  return lastSealed === null || lastSealed.at < modeSince ? null : { sealed: lastSealed, before: lastSealed.before };
}

function workspaceProblem(problem: string): PauseReason {
  return { kind: 'workspace', message: problem, ...thenResume('mend it'), headlessExit: 'needs_person' };
}

/** Whoever frees space has helped: nobody has to say that the run may go on. */
function diskIsFull(disk: string): PauseReason {
  return {
    kind: 'disk_full',
    message: 'the disk is full',
    help: `free some space on ${disk}: the run goes on by itself`,
    remedy: `free some space on ${disk}`,
    disk,
    headlessExit: 'environment',
  };
}

function branchChanged(from: string, to: string | null): PauseReason {
  return {
    kind: 'branch_changed',
    message: `the branch changed under the run, from ${from} to ${to ?? 'a detached HEAD'}`,
    help: `go back with: git checkout ${from}, then: ralph-tui resume (or resume to go on here)`,
    remedy: `go back with: git checkout ${from} (or go on here)`,
    headlessExit: 'needs_person',
  };
}

const ASKED: PauseReason = { kind: 'asked', message: 'paused by you', help: 'ralph-tui resume', headlessExit: null };
const STEP: PauseReason = {
  kind: 'step',
  message: 'paused after the iteration (--step)',
  help: 'ralph-tui resume',
  headlessExit: null,
};
const NO_SECRETS: PauseReason = {
  kind: 'no_secrets',
  message: 'the login that the agent needs is missing',
  ...thenResume('ralph-tui login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN'),
  headlessExit: 'needs_person',
};
