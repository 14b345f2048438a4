// What an undo changes of a run's state: the iterations happened, but what they did is not in the repository any more.
import type { Receipt } from '../receipt.ts';
import type { UndoNote } from '../run-command.ts';
import { UNKNOWN_INSTRUCTIONS } from './known-instructions.ts';
import type { RunState } from './run-state.ts';

export function undone(state: RunState, note: UndoNote, at: string): RunState {
  const { lastSealed } = state;
  return {
    ...state,
    head: note.head,
    plan: note.plan,
    receipts: state.receipts.map((receipt) => markUndone(receipt, note, at)),
    seenCommits: state.seenCommits.filter(({ iteration }) => iteration < note.iteration),
    // Neither a claim of that attempt nor the plan that it found says anything about what is there now.
    lastSealed: lastSealed !== null && lastSealed.iteration >= note.iteration ? null : lastSealed,
    // The files came back by the undo: nobody edited them.
    instructions: UNKNOWN_INSTRUCTIONS,
  };
}

/** The receipt, marked where the undo took back its iteration; one that was undone before stays as it was. */
export function markUndone(receipt: Receipt, { iteration, fetchCommand }: UndoNote, at: string): Receipt {
  if (receipt.iteration < iteration || receipt.undone !== undefined) return receipt;
  return { ...receipt, undone: { at, fetchCommand } };
}
