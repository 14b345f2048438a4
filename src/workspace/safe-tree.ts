// Files and links of the work tree, put there and taken away by path: never through a link, whatever
// the agent left in the place of a folder.
import { randomUUID } from 'node:crypto';
import { lstat, readdir, readlink, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, systemErrorCode } from '../system/system-error.ts';
import { atPlace, makeLink, nullIfMissing, type Owner, type Place, writeNewFile } from './safe-folder.ts';
import { isInnerPath } from './safe-read.ts';

/** A path of the work tree cannot be looked at, written or removed; the message names it and says why. */
export class TreeError extends Error {
  readonly code = 'work_tree';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TreeError';
  }
}

export type Found =
  /** `blockedBy`: the part of the path that is a file or a link instead of a folder; null where nothing is. */
  | { readonly kind: 'missing'; readonly blockedBy: string | null }
  | { readonly kind: 'file'; readonly executable: boolean; readonly sizeBytes: number }
  | { readonly kind: 'link'; readonly target: Buffer }
  | { readonly kind: 'folder' }
  /** A FIFO, a device, a socket. */
  | { readonly kind: 'other' };

/** Whether the path is one that git would check out: inside, and in no git directory. */
export function isWorkTreePath(path: string): boolean {
  return isInnerPath(path) && path.split('/').every((part) => !['', '.', '.git'].includes(part.toLowerCase()));
}

/**
 * What lies at `path` below `root`.
 *
 * @param root a real path from before the agent ran
 * @throws TreeError
 */
export async function lookAt(root: string, path: string): Promise<Found> {
  return atPath(root, path, null, async (place) => {
    if (place.kind === 'missing') return { kind: 'missing', blockedBy: null };
    if (place.kind === 'blocked') return { kind: 'missing', blockedBy: place.by };
    const stats = await lstat(place.path).catch(nullIfMissing);
    if (stats === null) return { kind: 'missing', blockedBy: null };
    if (stats.isSymbolicLink()) return { kind: 'link', target: await readlink(place.path, { encoding: 'buffer' }) };
    if (stats.isFile()) return { kind: 'file', executable: (stats.mode & 0o100) !== 0, sizeBytes: stats.size };
    return { kind: stats.isDirectory() ? 'folder' : 'other' };
  });
}

/**
 * Puts a file there, whole or not at all, also in the place of a file, a link or a folder without files.
 *
 * @throws TreeError
 */
export async function putFile(
  root: string,
  path: string,
  bytes: Uint8Array,
  executable: boolean,
  owner: Owner,
): Promise<void> {
  await put(root, path, owner, (fresh) => writeNewFile(fresh, bytes, owner, executable ? 0o777 : 0o666));
}

/**
 * Puts a symbolic link there. Where it leads to does not matter: nobody follows it here.
 *
 * @throws TreeError
 */
export async function putLink(root: string, path: string, target: Buffer, owner: Owner): Promise<void> {
  await put(root, path, owner, (fresh) => makeLink(fresh, target, owner));
}

/**
 * Removes a file or link, and the folders that are empty without it, as git does. What is not there is fine.
 *
 * @throws TreeError
 */
export async function removeFile(root: string, path: string): Promise<void> {
  await atPath(root, path, null, async (place) => {
    if (place.kind === 'there') await unlink(place.path).catch(nullIfMissing);
  });
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const emptied = await atPath(root, parent, null, async (place) => {
      if (place.kind !== 'there') return place.kind === 'missing';
      return rmdir(place.path).then(
        () => true,
        (error: unknown) => systemErrorCode(error) === 'ENOENT',
      );
    });
    if (!emptied) return;
  }
}

async function put(root: string, path: string, owner: Owner, make: (fresh: string) => Promise<void>): Promise<void> {
  await atPath(root, path, owner, async (place) => {
    if (place.kind !== 'there') {
      throw new TreeError(
        `${path} cannot be written: ${place.kind === 'blocked' ? place.by : 'something'} is in the way`,
      );
    }
    // Not `<path>.lock`, as git's own files have it: that may be somebody's (Pipfile and Pipfile.lock).
    const fresh = `${place.folder}/.ralph-tui-${randomUUID()}.new`;
    try {
      await make(fresh);
      const there = await lstat(place.path).catch(nullIfMissing);
      if (there?.isDirectory() === true) await removeEmptyFolders(place.path);
      await rename(fresh, place.path);
    } catch (error) {
      await unlink(fresh).catch(() => undefined);
      throw error;
    }
  });
}

/** Fails where anything but folders is in it. */
async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeEmptyFolders(`${folder}/${entry.name}`);
  }
  await rmdir(folder);
}

/** The place in the work tree, and every error as one of the tree's. */
async function atPath<T>(
  root: string,
  path: string,
  owner: Owner | null,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  if (!isWorkTreePath(path)) throw new TreeError(`${path} is no path of the work tree`);
  try {
    return await atPlace(root, path, owner, work);
  } catch (error) {
    if (error instanceof TreeError) throw error;
    throw new TreeError(`${path}: ${describe(error)}`, { cause: error });
  }
}

function describe(error: unknown): string {
  switch (systemErrorCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission';
    case 'ENOTEMPTY':
    case 'EISDIR':
      return 'a folder with files is in the way';
    default:
      return messageOf(error);
  }
}
