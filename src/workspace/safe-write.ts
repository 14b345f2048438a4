// The few files and links of the program's own where the agent can write, too: put there never through a link,
// neither in the last part of a path nor in one before it.
import { lstat, readlink, unlink } from 'node:fs/promises';
import { messageOf, systemErrorCode } from '../system/system-error.ts';
import { atPlace, makeLink, moveInto, nullIfMissing, type Owner, writeNewFile } from './safe-folder.ts';
import { isInnerPath, readInside } from './safe-read.ts';

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
  return atPath(root, path, owner, async (place) => {
    const lock = `${place}.lock`;
    await writeNewFile(lock, bytes, owner, mode);
    await moveInto(place, lock);
    return CHANGED;
  });
}

/**
 * Makes `path` below `root` a symbolic link to `target`. A link that is there is replaced; anything
 * else is somebody's and stays.
 */
export async function replaceLinkInside(root: string, path: string, target: string, owner: Owner): Promise<SafeWrite> {
  return atPath(root, path, owner, async (place) => {
    const there = await lstat(place).catch(nullIfMissing);
    if (there !== null) {
      if (!there.isSymbolicLink())
        return { ok: false, why: `${path} is a ${there.isDirectory() ? 'folder' : 'file'} already` };
      if ((await readlink(place)) === target) return UNCHANGED;
    }
    const fresh = `${place}.${process.pid}.new`;
    await unlink(fresh).catch(nullIfMissing);
    await makeLink(fresh, target, owner);
    await moveInto(place, fresh);
    return CHANGED;
  });
}

function modeOf(before: { readonly state: string; readonly mode?: number }): number {
  return before.mode ?? 0o644;
}

/** The place below the root, its missing folders made, and every error as an answer. */
async function atPath(
  root: string,
  path: string,
  owner: Owner,
  work: (place: string) => Promise<SafeWrite>,
): Promise<SafeWrite> {
  if (!isInnerPath(path)) return { ok: false, why: `${path} leads out of its folder` };
  try {
    return await atPlace(root, path, owner, async (place) => {
      if (place.kind === 'there') return work(place.path);
      return { ok: false, why: `${path} cannot be written: a symbolic link or a file stands in the place of a folder` };
    });
  } catch (error) {
    return { ok: false, why: `${path} cannot be written: ${describe(error)}` };
  }
}

function describe(error: unknown): string {
  switch (systemErrorCode(error)) {
    case 'EEXIST':
      return 'its .lock file exists; if no git command is running, delete it';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission';
    default:
      return messageOf(error);
  }
}
