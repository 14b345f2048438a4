// What the viewer sees of the repository and of a sandbox's exchange folder: through the doors that stand up to what
// the agent may have put there.
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { exchangeFolders, type RepositoryFolders } from '../../journal/folders.ts';
import { openRegular } from '../../journal/regular-file.ts';
import { LIVE_FOLDER, newestLiveFile } from '../../sandbox/shell-prefix.ts';
import type { LiveOutputPort, WorkspacePort } from '../../tui/store/ports.ts';
import type { Shadow } from '../../workspace/git/shadow.ts';
import { readPlan } from '../../workspace/read-plan.ts';
import { watchPlan } from '../../workspace/watch-plan.ts';
import type { Place } from '../line/context.ts';

export function workspacePort({ repository, folders }: Place, planFile: string): WorkspacePort {
  let shadow: Promise<Shadow> | null = null;
  return {
    readPlan: async () => (await readPlan(repository.top, planFile)).snapshot,
    watchPlan: (changed) => watchPlan(repository.top, planFile, changed),
    uncommitted: async (head) => {
      // Git comes after the first frame: it is not needed for it, and it is much to load.
      const [{ uncommitted }, { openShadow }] = await Promise.all([
        import('../../workspace/git/changes.ts'),
        import('../../workspace/git/shadow.ts'),
      ]);
      shadow ??= openShadow(repository, folders.shadowGit);
      return uncommitted(await shadow, head);
    },
  };
}

/** More names than the wrapper ever leaves there are nobody's output. */
const NAMES_LIMIT = 1_000;

export function liveOutputPort(folders: RepositoryFolders, run: string): LiveOutputPort {
  const liveFolder = (ref: AttemptRef) => join(exchangeFolders(folders, run, ref).agent, LIVE_FOLDER);
  return {
    newest: async (ref) => {
      const names = await withFolder(liveFolder(ref), namesIn);
      return names === null ? null : newestLiveFile(names);
    },
    open: (ref, name) => withFolder(liveFolder(ref), (folder) => openRegular(join(folder, name))),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) {
    names.push(entry.name);
    if (names.length >= NAMES_LIMIT) break;
  }
  return names;
}

/**
 * Acts on a folder that the agent can replace by a link: it is opened without following one, and reached through that
 * very handle. Null where there is no such folder.
 */
async function withFolder<T>(path: string, act: (folder: string) => Promise<T | null>): Promise<T | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    const throughHandle = `/proc/self/fd/${handle.fd}`;
    const hasProc = await lstat(throughHandle).then(
      () => true,
      () => false,
    );
    return await act(hasProc ? throughHandle : path);
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
