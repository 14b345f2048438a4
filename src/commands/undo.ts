// `ralph-tui undo`: back to the state before an iteration, never while an attempt runs.
import { EXIT_CODES } from '../core/exit-code.ts';
import type { RunState } from '../core/state/run-state.ts';
import { acquireLock, type LockRecord, lockHolder } from '../journal/lock.ts';
import { plural } from '../text/plural.ts';
import { safeLine } from '../text/sanitize.ts';
import { newestWithAttempt, stateOf } from '../viewer/find-run.ts';
import { FindRunError } from '../viewer/find-run-error.ts';
import { UnusableIndex } from '../workspace/git/index-copy.ts';
import { GitError } from '../workspace/git/run-git.ts';
import { openShadow, type Shadow } from '../workspace/git/shadow.ts';
import { carryOutUndo, planUndo, type UndoResult } from '../workspace/git/undo.ts';
import { UndoError } from '../workspace/git/undo-error.ts';
import type { UndoPlan, UndoRequest } from '../workspace/git/undo-survey.ts';
import { TreeError } from '../workspace/safe-tree.ts';
import { confirm } from './ask.ts';
import { type CommandContext, type Place, say } from './line/context.ts';
import { findPlace } from './place.ts';
import { PreflightError } from './start/preflight.ts';
import { undoLines, undoQuestion } from './undo-lines.ts';
import { noteUndo } from './undo-note.ts';

export interface UndoOptions {
  /** Null for the newest. */
  readonly iteration: number | null;
  readonly yes: boolean;
}

/** What a person agrees to. */
export interface PreparedUndo {
  readonly plan: UndoPlan;
  /** The loss, line by line; safe to show. */
  readonly lines: readonly string[];
  readonly question: string;
}

export async function undoCommand(context: CommandContext, { iteration, yes }: UndoOptions): Promise<number> {
  const place = await findPlace(context);
  const prepared = await prepareUndo(place, iteration, context.environment.PATH);
  for (const line of prepared.lines) await say(context.stdout, line);
  await confirm(context, prepared.question, yes, 'nothing was undone');
  const { fetchCommand, warnings } = await performUndo(place, prepared, context.environment.PATH);
  for (const warning of warnings) await say(context.stderr, safeLine(warning));
  await say(context.stdout, `undone; what was there can be had again with: ${fetchCommand}`);
  return EXIT_CODES.finished;
}

/**
 * What going back to before an iteration (null: the newest) of the newest run would throw away. Changes nothing.
 *
 * @throws PreflightError: why it is not possible, in one line; FindRunError
 */
export async function prepareUndo(
  place: Place,
  iteration: number | null,
  searchPath: string | undefined,
): Promise<PreparedUndo> {
  const { state } = await requireIdle(place);
  const request = requestOf(state, iteration);
  const plan = await refusable(async () => planUndo(await shadowOf(place, searchPath), request));
  return { plan, lines: undoLines(plan, [...plan.notes, ...runNotes(state, plan)]), question: undoQuestion(plan) };
}

/**
 * Carries out what was agreed to, and makes it a fact of the run. Without a supervisor the repository's lock is taken meanwhile, so that no run starts.
 *
 * @throws PreflightError
 */
export async function performUndo(
  place: Place,
  { plan }: PreparedUndo,
  searchPath: string | undefined,
): Promise<UndoResult> {
  const { run, state, holder } = await requireIdle(place);
  if (run !== plan.request.run) throw new PreflightError('another run was started meanwhile; look at it again');
  const perform = async () => {
    const result = await refusable(async () => carryOutUndo(await shadowOf(place, searchPath), plan));
    const troubles = await noteUndo(place, state, plan.request, result, holder);
    return { ...result, warnings: [...result.warnings, ...troubles] };
  };
  if (holder !== null) return perform();
  const lock = await acquireLock(place.folders.lock, { run });
  if (!lock.ok) throw new PreflightError('a run goes on in this repository; pause it first: ralph-tui pause');
  try {
    return await perform();
  } finally {
    await lock.release();
  }
}

interface Idle {
  readonly run: string;
  readonly state: RunState;
  /** The supervisor, which does nothing before somebody tells it to; null where there is none. */
  readonly holder: LockRecord | null;
}

async function requireIdle({ folders }: Place): Promise<Idle> {
  const holder = await lockHolder(folders.lock);
  const run = holder?.run ?? (await newestWithAttempt(folders));
  const state = await stateOf(folders, run);
  if (state === null) throw new FindRunError('no_run', 'the run has done nothing yet: nothing to undo');
  const { current, phase } = state;
  if (current !== null) {
    const help =
      holder === null
        ? 'its supervisor died, and the agent may still be at work; end it first: ralph-tui stop'
        : 'let it end (ralph-tui pause), or stop it (ralph-tui stop --attempt)';
    throw new PreflightError(`iteration ${current.iteration} is running; ${help}`);
  }
  if (holder !== null && phase.name !== 'paused' && phase.name !== 'finished') {
    throw new PreflightError('the run goes on by itself at any moment; pause it first: ralph-tui pause');
  }
  return { run, state, holder };
}

function requestOf({ run, receipts, branch }: RunState, iteration: number | null): UndoRequest {
  const last = receipts.at(-1);
  if (last === undefined) throw new PreflightError(`no attempt of run ${run} has ended yet: nothing to undo`);
  const meant = iteration ?? last.iteration;
  const first = receipts.find((receipt) => receipt.iteration === meant);
  if (first === undefined) {
    throw new PreflightError(`run ${run} has no iteration ${meant}; the newest is ${last.iteration}`);
  }
  if (first.baseCommit === null) {
    throw new PreflightError(`there was no commit before iteration ${meant}, so there is nothing to go back to`);
  }
  const { baseCommit, foundCommit = null } = first;
  return { run, iteration: meant, baseCommit, foundCommit, leftAt: last.headCommit, branch };
}

/** What only the run knows. */
function runNotes({ receipts, lastPush }: RunState, { request, commits, uncommitted }: UndoPlan): string[] {
  const before = receipts.filter((receipt) => receipt.iteration < request.iteration).at(-1)?.uncommittedFiles ?? 0;
  const pushed = lastPush?.ok === true && commits.some(({ sha }) => sha === lastPush.head);
  return [
    ...(request.foundCommit === null && before > 0 && uncommitted.length > 0
      ? [`${plural(before, 'file')} had uncommitted changes before it already; they go back to the commit, too`]
      : []),
    ...(pushed ? ['the commits have been pushed and stay there; pushing on from here needs you'] : []),
  ];
}

async function shadowOf({ repository, folders }: Place, searchPath: string | undefined): Promise<Shadow> {
  return openShadow(repository, folders.shadowGit, searchPath);
}

/** What stands against an undo is told in one line, and nobody's mistake. */
async function refusable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const foreseen =
      error instanceof UndoError ||
      error instanceof GitError ||
      error instanceof TreeError ||
      error instanceof UnusableIndex;
    if (!foreseen) throw error;
    const line = safeLine(error.message);
    throw new PreflightError(`cannot undo: ${line}`, EXIT_CODES.usage, { cause: error });
  }
}
