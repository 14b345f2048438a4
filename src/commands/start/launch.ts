// Starts a supervisor as a detached process and waits for its word.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type RepositoryFolders, runFiles, shortHash } from '../../journal/folders.ts';
import { makeRunFolder } from '../../journal/make-folders.ts';
import type { ChildReply, ChildRequest } from '../../supervisor/child.ts';
import { SUPERVISE_ARGUMENT } from '../../system/own-processes.ts';

/** Looking at a slow disk and a busy engine takes its time; longer than this it hangs. */
const READY_DEADLINE_MS = 90_000;

/**
 * Resolves when the run is under way, or refused. The supervisor outlives this process and its terminal.
 * @param environment what the supervisor and its agents get
 */
export async function launchSupervisor(request: ChildRequest, environment: NodeJS.ProcessEnv): Promise<ChildReply> {
  const files = await makeRunFolder(request.folders, request.run);
  const log = openSync(files.supervisorLog, 'a', 0o600);
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [program, SUPERVISE_ARGUMENT], {
    detached: true,
    env: environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  // The folder must not be taken from under a supervisor that is only slow.
  let mayLive = false;
  const reply = await new Promise<ChildReply>((resolve) => {
    const give = (line: string) => resolve({ type: 'refused', line, code: 1 });
    const timer = setTimeout(() => {
      mayLive = true;
      give(`the supervisor does not answer; see ${files.supervisorLog}`);
    }, READY_DEADLINE_MS);
    child.once('message', (message) => resolve(message as ChildReply));
    child.once('error', (error) => give(`the supervisor cannot be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      give(`the supervisor died at once (${signal ?? code}); see ${files.supervisorLog}`),
    );
    child.send(request, (error) => error && give(`the supervisor cannot be reached: ${error.message}`));
    child.once('message', () => clearTimeout(timer));
    child.once('exit', () => clearTimeout(timer));
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (reply.type === 'refused' && request.begin !== null && !mayLive) await removeUnbegun(request);
  return reply;
}

/** Labels of this state folder's sandboxes: with a state folder of their own, tests never meet a live loop. */
export function labelNamespace(folders: RepositoryFolders): string {
  return shortHash(dirname(folders.root), 12);
}

/** A run that was refused never was one: its folder would be the newest run of the repository. */
async function removeUnbegun({ folders, run }: ChildRequest): Promise<void> {
  await rm(runFiles(folders, run).folder, { recursive: true, force: true });
}
