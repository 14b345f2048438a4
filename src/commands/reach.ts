// Finds the supervisor of the repository's live run, and starts it again if it died.
import { sendCommand } from '../control/client.ts';
import { ControlError } from '../control/control-error.ts';
import type { Response } from '../control/protocol.ts';
import type { RunCommand } from '../core/run-command.ts';
import { type LockRecord, lockHolder } from '../journal/lock.ts';
import { FolderError } from '../system/folder-error.ts';
import { findRun, stateOf } from '../viewer/find-run.ts';
import { FindRunError } from '../viewer/find-run-error.ts';
import { type CommandContext, type Place, say } from './line/context.ts';
import { failureOf } from './line/failure.ts';
import { findPlace } from './place.ts';

/**
 * Who supervises the repository now; a supervisor that died in the middle of a run is started again first.
 * Null when no run is live.
 */
export async function reachSupervisor(context: CommandContext, place: Place): Promise<LockRecord | null> {
  const holder = await lockHolder(place.folders.lock);
  if (holder !== null) return holder;
  const run = await unfinishedRun(place);
  if (run === null) return null;
  await say(context.stderr, `the supervisor of run ${run} died; starting it again`);
  await context.recoverRun(context, { ...place, run });
  const recovered = await lockHolder(place.folders.lock);
  // It may have found that everything is done, and ended at once.
  if (recovered === null && (await unfinishedRun(place)) === run) {
    throw new ControlError('refused', `the supervisor of run ${run} could not be started again; see: ralph-tui why`);
  }
  return recovered;
}

/**
 * For commands by which a person looks: a run whose supervisor died goes on. That it cannot is told, and stops nothing.
 * Not for what programs read every few seconds: their environment may lack the login.
 */
export async function keepSupervised(context: CommandContext): Promise<void> {
  const place = await findPlace(context);
  try {
    await reachSupervisor(context, place);
  } catch (error) {
    // What follows would fail at the same and say it again.
    if (error instanceof FolderError && error.code === 'cannot_read') throw error;
    await say(context.stderr, failureOf(error).line);
  }
}

/** Sends a command to the supervisor that holds the lock. */
export async function tellSupervisor(
  holder: LockRecord,
  command: RunCommand | { readonly name: 'ping' },
): Promise<Response> {
  if (holder.socketPath === null) throw new ControlError('no_socket', 'the supervisor does not say where it listens');
  return sendCommand(holder.socketPath, command);
}

/** The newest run if it has not ended; older ones are history. */
async function unfinishedRun({ folders }: Place): Promise<string | null> {
  const run = await findRun(folders, null).catch((error: unknown) => {
    if (error instanceof FindRunError) return null;
    throw error;
  });
  const state = run === null ? null : await stateOf(folders, run);
  return state === null || state.phase.name === 'finished' ? null : run;
}
