// The only way in which the program writes where the agent can write, too: never through a link,
// neither in the last part of a path nor in one before it.
import { constants } from 'node:fs';
import { type FileHandle, lchown, lstat, mkdir, open, readlink, rename, symlink, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isInnerPath, readInside } from './safe-read.ts';

/** Who shall own what is created: a supervisor that runs as root must not leave files that the person cannot change. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type SafeWrite = { readonly ok: true; readonly changed: boolean } | { readonly ok: false; readonly why: string };

const UNCHANGED: SafeWrite = { ok: true, changed: false };
const CHANGED: SafeWrite = { ok: true, changed: true };

/**
 * Appends `line` to the text file `path` below `root` unless it stands there already; makes the file
 * and its folders where they are missing.
 *
 * @param root a real path from before the agent ran
 */
export async function ensureLineInside(root: string, path: string, line: string, owner: Owner): Promise<SafeWrite> {
  const before = await readInside(root, path);
  if (before.state === 'unsafe') return { ok: false, why: `${path}: ${before.why}` };
  const text = before.state === 'read' ? before.bytes.toString('utf8') : '';
  if (text.split(/\r?\n/).includes(line)) return UNCHANGED;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  // The old bytes are kept as they are, also where they are no UTF-8.
  const old = before.state === 'read' ? before.bytes : Buffer.alloc(0);
  return replaceFileInside(
    root,
    path,
    Buffer.concat([old, Buffer.from(`${separator}${line}\n`)]),
    owner,
    modeOf(before),
  );
}

/**
 * Puts a file in the place of `path` below `root`, whole or not at all, as git does it: `<path>.lock`
 * first, then a rename, so that git in the sandbox and we respect each other's locks.
 */
export async function replaceFileInside(
  root: string,
  path: string,
  bytes: Uint8Array,
  owner: Owner,
  mode = 0o644,
): Promise<SafeWrite> {
  return inFolderOf(root, path, owner, async (folder, name) => {
    const lock = `${folder}/${name}.lock`;
    const handle = await open(
      lock,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      mode,
    );
    try {
      await handle.writeFile(bytes);
      await giveTo(handle, owner);
    } catch (error) {
      await unlink(lock);
      throw error;
    } finally {
      await handle.close();
    }
    await rename(lock, `${folder}/${name}`);
    return CHANGED;
  });
}

/**
 * Makes `path` below `root` a symbolic link to `target`. A link that is there is replaced; anything
 * else is somebody's and stays.
 */
export async function replaceLinkInside(root: string, path: string, target: string, owner: Owner): Promise<SafeWrite> {
  return inFolderOf(root, path, owner, async (folder, name) => {
    const place = `${folder}/${name}`;
    const there = await lstat(place).catch(nullIfMissing);
    if (there !== null) {
      if (!there.isSymbolicLink())
        return { ok: false, why: `${path} is a ${there.isDirectory() ? 'folder' : 'file'} already` };
      if ((await readlink(place)) === target) return UNCHANGED;
    }
    const fresh = `${place}.${process.pid}.new`;
    await unlink(fresh).catch(nullIfMissing);
    await symlink(target, fresh);
    if (isRoot()) await lchown(fresh, owner.uid, owner.gid);
    // rename(2) replaces a link and never follows it; onto a folder that came in between it fails.
    await rename(fresh, place).catch(async (error: unknown) => {
      await unlink(fresh);
      throw error;
    });
    return CHANGED;
  });
}

function modeOf(before: { readonly state: string; readonly mode?: number }): number {
  return before.mode ?? 0o644;
}

/**
 * Opens the folder of `path` part by part, each with O_NOFOLLOW, and runs `work` with a path that
 * leads to the opened folder itself, whatever happens to its name meanwhile.
 */
async function inFolderOf(
  root: string,
  path: string,
  owner: Owner,
  work: (folder: string, name: string) => Promise<SafeWrite>,
): Promise<SafeWrite> {
  if (!isInnerPath(path)) return { ok: false, why: `${path} leads out of its folder` };
  const handles: FileHandle[] = [];
  try {
    let folder = await openFolder(root, handles);
    if ((await readlink(folder)) !== root)
      return { ok: false, why: `${root} is not what it was: a link leads elsewhere` };
    const parts = dirname(path) === '.' ? [] : dirname(path).split('/');
    for (const part of parts) {
      const next = `${folder}/${part}`;
      const made = await mkdir(next).then(
        () => true,
        () => false,
      );
      folder = await openFolder(next, handles);
      if (made) await giveTo(handles.at(-1), owner);
    }
    return await work(folder, basename(path));
  } catch (error) {
    return { ok: false, why: `${path} cannot be written: ${describe(error)}` };
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** Opens a folder that is no link; answers the path of the open descriptor. */
async function openFolder(path: string, handles: FileHandle[]): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  handles.push(handle);
  return `/proc/self/fd/${handle.fd}`;
}

async function giveTo(handle: FileHandle | undefined, owner: Owner): Promise<void> {
  if (isRoot()) await handle?.chown(owner.uid, owner.gid);
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

function nullIfMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

function describe(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ELOOP':
    case 'ENOTDIR':
      return 'a symbolic link or a file stands in the place of a folder';
    case 'EEXIST':
      return 'its .lock file exists; if no git command is running, delete it';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
