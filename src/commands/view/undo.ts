// What the pane's `u` stands on: the same look and the same act as `ralph-tui undo`.
import { safeLine } from '../../text/sanitize.ts';
import type { UndoPort } from '../../tui/store/ports.ts';
import type { CommandContext, Place } from '../line/context.ts';
import { failureOf } from '../line/failure.ts';
import { type PreparedUndo, performUndo, prepareUndo } from '../undo.ts';

export function undoPort(context: CommandContext, place: Place): UndoPort {
  let prepared: PreparedUndo | null = null;
  return {
    plan: async (iteration) => {
      try {
        prepared = await prepareUndo(place, iteration, context.environment.PATH);
        return { lines: prepared.lines };
      } catch (error) {
        prepared = null;
        return { why: failureOf(error).line };
      }
    },
    perform: async () => {
      if (prepared === null) return { ok: false, message: 'nothing was planned to be undone' };
      try {
        const { warnings } = await performUndo(place, prepared, context.environment.PATH);
        // The command is longer than the line; the receipts have it whole.
        const message = [...warnings, 'undone; its receipt says where it is kept (Enter on the iteration)'];
        return { ok: true, message: safeLine(message.join('; ')) };
      } catch (error) {
        return { ok: false, message: failureOf(error).line };
      } finally {
        prepared = null;
      }
    },
  };
}
