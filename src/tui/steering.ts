// Carries a person's command to the supervisor of the shown run, and its answer back.
import { sendCommand } from '../control/client.ts';
import { ControlError } from '../control/control-error.ts';
import type { RunCommand } from '../core/run-command.ts';
import type { RepositoryFolders } from '../journal/folders.ts';
import { lockHolder } from '../journal/lock.ts';
import { safeLine } from '../text/sanitize.ts';

export interface Answer {
  readonly ok: boolean;
  /** One line, safe to show. */
  readonly message: string;
}

/** @param revive starts a dead supervisor again; resolves with whether there is one now */
export async function steer(
  folders: RepositoryFolders,
  run: string,
  command: RunCommand,
  revive: () => Promise<boolean>,
): Promise<Answer> {
  try {
    const socketPath = (await findSocket(folders, run)) ?? ((await revive()) ? await findSocket(folders, run) : null);
    if (socketPath === null) return { ok: false, message: 'this run has no supervisor to tell' };
    const { ok, message } = await sendCommand(socketPath, command);
    return { ok, message: safeLine(message) };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return { ok: false, message: safeLine(error.message) };
  }
}

async function findSocket(folders: RepositoryFolders, run: string): Promise<string | null> {
  const holder = await lockHolder(folders.lock);
  return holder?.run === run ? holder.socketPath : null;
}
