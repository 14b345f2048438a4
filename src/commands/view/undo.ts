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
        const { fetchCommand } = await performUndo(place, prepared, context.environment.PATH);
        return { ok: true, message: safeLine(`undone; to have it again: ${fetchCommand}`) };
      } catch (error) {
        return { ok: false, message: failureOf(error).line };
      } finally {
        prepared = null;
      }
    },
  };
}
