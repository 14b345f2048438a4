// Makes our folders: 0700, ours, and never through a link that somebody else has put there.
import { access, chmod, constants, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AttemptRef } from '../core/attempt-ref.ts';
import { cannot } from '../system/folder-error.ts';
import { makePath } from '../system/make-path.ts';
import { type ExchangeFolders, exchangeFolders, type RepositoryFolders, type RunFiles, runFiles } from './folders.ts';
import { JournalError } from './journal-error.ts';

/**
 * Makes the folder and what is missing above it, all 0700.
 * @throws JournalError `unsafe_folder` when it is a link, no folder, or somebody else's.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await makePath(path);
  const found = await lstat(path);
  const uid = process.getuid?.();
  if (!found.isDirectory()) throw new JournalError('unsafe_folder', `${path} is not a folder; move it away`);
  if (uid !== undefined && found.uid !== uid) {
    throw new JournalError('unsafe_folder', `${path} belongs to user ${found.uid}, not to you (${uid}); move it away`);
  }
  if ((found.mode & 0o777) !== 0o700) await chmod(path, 0o700);
}

/**
 * The folders that every run of a repository needs.
 * @throws FolderError when they cannot be made or written; JournalError `unsafe_folder`
 */
export async function makeRepositoryFolders(folders: RepositoryFolders): Promise<void> {
  for (const path of [folders.root, folders.runs, folders.exchange]) {
    try {
      await makePrivateFolder(path);
      // What is there already may be on a disk that can only be read.
      await access(path, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw error instanceof JournalError ? error : cannot('write', 'state', folders.root, error);
    }
  }
}

/** A new run's folder. */
export async function makeRunFolder(folders: RepositoryFolders, run: string): Promise<RunFiles> {
  const files = runFiles(folders, run);
  await makeRepositoryFolders(folders);
  await makePrivateFolder(files.folder);
  return files;
}

/** The exchange folders of one attempt. Who owns `agent` inside the sandbox is for the sandbox's provider to arrange. */
export async function makeExchangeFolders(
  folders: RepositoryFolders,
  run: string,
  ref: AttemptRef,
): Promise<ExchangeFolders> {
  const exchange = exchangeFolders(folders, run, ref);
  for (const path of [exchange.folder, exchange.agent, exchange.inbox]) await makePrivateFolder(path);
  return exchange;
}

/**
 * Picks the first of `socketCandidates` whose folder can be had, and makes that folder.
 * @throws JournalError `unsafe_folder` with the last reason when none can.
 */
export async function prepareSocketPath(candidates: readonly string[]): Promise<string> {
  let cause: unknown;
  for (const path of candidates) {
    try {
      await makePrivateFolder(dirname(path));
      return path;
    } catch (error) {
      cause = error;
    }
  }
  const reason = cause instanceof Error ? cause.message : 'every path is too long';
  throw new JournalError('unsafe_folder', `no folder for the control socket: ${reason}; set XDG_RUNTIME_DIR`, {
    cause,
  });
}
