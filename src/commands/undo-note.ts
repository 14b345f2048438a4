// An undo becomes a fact of its run: told to the supervisor, or written into the journal where there is none.
import type { Event } from '../core/events.ts';
import { firstProgress } from '../core/plan.ts';
import type { UndoNote } from '../core/run-command.ts';
import { apply } from '../core/state/apply.ts';
import type { RunState } from '../core/state/run-state.ts';
import { openJournal } from '../journal/append.ts';
import { runFiles } from '../journal/folders.ts';
import type { LockRecord } from '../journal/lock.ts';
import { MainLog } from '../supervisor/main-log.ts';
import { messageOf } from '../system/system-error.ts';
import { redactKeys } from '../text/redact.ts';
import type { UndoResult } from '../workspace/git/undo.ts';
import type { UndoRequest } from '../workspace/git/undo-survey.ts';
import { readPlan } from '../workspace/read-plan.ts';
import type { Place } from './line/context.ts';
import { tellSupervisor } from './reach.ts';

/**
 * The repository is set back already: what goes wrong here is a warning.
 *
 * @param holder the supervisor that holds the lock; null where the caller does
 * @returns one line for every trouble
 */
export async function noteUndo(
  place: Place,
  state: RunState,
  { iteration, baseCommit }: UndoRequest,
  { fetchCommand }: UndoResult,
  holder: LockRecord | null,
): Promise<string[]> {
  try {
    const { snapshot } = await readPlan(place.repository.top, state.options.planFile);
    const plan = snapshot === null ? null : firstProgress(snapshot);
    const note: UndoNote = { name: 'note_undo', iteration, head: baseCommit, plan, fetchCommand };
    if (holder === null) {
      writeDown(place, state, note);
      return [];
    }
    const { ok, message } = await tellSupervisor(holder, note);
    return ok ? [] : [notNoted(message)];
  } catch (error) {
    return [notNoted(messageOf(error))];
  }
}

function notNoted(why: string): string {
  return `undone, but the run does not know of it, and still counts what was undone: ${why}`;
}

/** The caller holds the repository's lock, so nobody else writes. */
function writeDown({ folders }: Place, state: RunState, command: UndoNote): void {
  const files = runFiles(folders, state.run);
  const event: Event = { type: 'command_received', command, at: new Date().toISOString() };
  const journal = openJournal<Event>(files.journal);
  try {
    journal.append(event, { durable: true });
  } finally {
    journal.close();
  }
  new MainLog(files.mainLog, redactKeys, null).event(event, apply(state, event));
}
