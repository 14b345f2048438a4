// The folder of a path below a root, opened part by part and never through a link: whatever the agent put in the
// place of a folder, and whatever happens to a name meanwhile, what is written lands where it was meant to.
import { constants } from 'node:fs';
import { type FileHandle, lchown, mkdir, open, readlink, rename, symlink, unlink } from 'node:fs/promises';
import { systemErrorCode } from '../system/system-error.ts';

/** Who shall own what is created: a supervisor that runs as root must not leave files that the person cannot change. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type Place =
  /** `folder` leads to the opened folder itself; `path` to the place in it. */
  | { readonly kind: 'there'; readonly folder: string; readonly path: string }
  | { readonly kind: 'missing' }
  /** `by`: the part of the path that is a file or a link instead of a folder. */
  | { readonly kind: 'blocked'; readonly by: string };

/**
 * Opens the folder of `path`, each part with O_NOFOLLOW (open(2)), and runs `work` on the place in it.
 *
 * @param root a real path from before the agent ran
 * @param path an inner path (`isInnerPath`)
 * @param owner of the folders that are missing and made; null: none is made
 * @throws what the system or `work` throws; Error when a link took the root's place
 */
export async function atPlace<T>(
  root: string,
  path: string,
  owner: Owner | null,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const handles: FileHandle[] = [];
  try {
    let folder = await openFolder(root, handles);
    if ((await readlink(folder)) !== root) throw new Error(`${root} is not what it was: a link leads elsewhere`);
    const parts = path.split('/');
    for (const [index, part] of parts.slice(0, -1).entries()) {
      const next = `${folder}/${part}`;
      const made = owner !== null && (await makeFolder(next));
      try {
        folder = await openFolder(next, handles);
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === 'ENOENT') return await work({ kind: 'missing' });
        if (code !== 'ELOOP' && code !== 'ENOTDIR') throw error;
        return await work({ kind: 'blocked', by: parts.slice(0, index + 1).join('/') });
      }
      if (made) await giveTo(handles.at(-1), owner);
    }
    return await work({ kind: 'there', folder, path: `${folder}/${parts.at(-1) ?? ''}` });
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/**
 * Writes a file that must not be there yet, whole or not at all.
 * @throws the system's error, `EEXIST` where something is
 */
export async function writeNewFile(path: string, bytes: Uint8Array, owner: Owner, mode: number): Promise<void> {
  const handle = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    mode,
  );
  try {
    await handle.writeFile(bytes);
    await giveTo(handle, owner);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Makes a symbolic link that must not be there yet. Where it leads to does not matter: nobody follows it here. */
export async function makeLink(path: string, target: string | Buffer, owner: Owner): Promise<void> {
  await symlink(target, path);
  if (isRoot()) await lchown(path, owner.uid, owner.gid);
}

/**
 * Gives `fresh` the name `place`, in the place of a file or link (rename(2) never follows one), or removes it.
 * @throws the system's error, where a folder is in the way
 */
export async function moveInto(place: string, fresh: string): Promise<void> {
  await rename(fresh, place).catch(async (error: unknown) => {
    await unlink(fresh);
    throw error;
  });
}

/** `.catch` for what may be missing. */
export function nullIfMissing(error: unknown): null {
  if (systemErrorCode(error) === 'ENOENT') return null;
  throw error;
}

/** The folder, as long as its handle is open, under a path that no rename changes (proc_pid_fd(5)). */
async function openFolder(path: string, handles: FileHandle[]): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  handles.push(handle);
  return `/proc/self/fd/${handle.fd}`;
}

async function makeFolder(path: string): Promise<boolean> {
  return mkdir(path).then(
    () => true,
    (error: unknown) => {
      if (systemErrorCode(error) === 'EEXIST') return false;
      throw error;
    },
  );
}

async function giveTo(handle: FileHandle | undefined, owner: Owner): Promise<void> {
  if (isRoot()) await handle?.chown(owner.uid, owner.gid);
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
