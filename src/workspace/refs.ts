// Reads refs as the files that they are, without running git in a repository that the agent can write.
import { readdir } from 'node:fs/promises';
import { readInside, readTextInside } from './safe-read.ts';

const REF_LIMIT_BYTES = 4096;
const PACKED_REFS_LIMIT_BYTES = 64 * 1024 * 1024;
const TAG_FILES_LIMIT = 10_000;
const TAG_DEPTH_LIMIT = 8;

/** A SHA-1 object name in full, lower case: the only form that is ever handed to git. */
export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** In the place of an object name: no object. */
export const NO_SHA = '0'.repeat(40);

/** Whether a name below refs/heads or refs/tags is one that git allows (git-check-ref-format(1)). */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name.endsWith('.') || name.length > 1000) return false;
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

export type ResolvedRef = { readonly sha: string | null } | { readonly why: string };

/**
 * The commit that a ref names: its own file, else packed-refs; `{sha: null}` where there is neither
 * (an unborn branch).
 *
 * @param commonDir real path of the common git directory
 * @param ref in full: `refs/heads/main`
 */
export async function resolveRef(commonDir: string, ref: string, depth = 0): Promise<ResolvedRef> {
  const loose = await readInside(commonDir, ref, REF_LIMIT_BYTES);
  if (loose.state === 'unsafe') {
    // `refs/heads/work` is a folder while a branch `work/one` exists: then the ref can only be packed.
    if (loose.why !== 'it is no regular file') return { why: `${ref}: ${loose.why}` };
  } else if (loose.state === 'read') {
    const text = loose.bytes.toString('latin1').trim();
    if (isSha(text)) return { sha: text };
    const target = /^ref: (refs\/.+)$/.exec(text)?.[1];
    if (target !== undefined && isRefName(target) && depth < 5) return resolveRef(commonDir, target, depth + 1);
    return { why: `${ref} holds no commit` };
  }
  const packed = await readInside(commonDir, 'packed-refs', PACKED_REFS_LIMIT_BYTES);
  if (packed.state === 'unsafe') return { why: `packed-refs: ${packed.why}` };
  return { sha: packed.state === 'read' ? findPacked(packed.bytes, ref) : null };
}

/** Searches bytes instead of splitting lines: HEAD is polled, and packed-refs can be megabytes. */
function findPacked(bytes: Buffer, ref: string): string | null {
  const needle = Buffer.from(` ${ref}`);
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const lineEnds = end === bytes.length || bytes[end] === 0x0a || bytes[end] === 0x0d;
    const sha = bytes.subarray(Math.max(0, at - 40), at).toString('latin1');
    if (lineEnds && isSha(sha) && (at === 40 || bytes[at - 41] === 0x0a)) return sha;
  }
  return null;
}

/**
 * All tags: name below refs/tags to object name (of the tag object, for an annotated one). Names that
 * git would not allow are left out; so is what lies behind links.
 */
export async function listTags(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  const packed = await readTextInside(commonDir, 'packed-refs', PACKED_REFS_LIMIT_BYTES);
  for (const [, sha = '', name = ''] of (packed ?? '').matchAll(/^([0-9a-f]{40}) refs\/tags\/(.+)$/gm)) {
    if (isRefName(name)) tags.set(name, sha);
  }
  for (const name of await looseNames(commonDir, 'refs/tags')) {
    const sha = (await readTextInside(commonDir, `refs/tags/${name}`, REF_LIMIT_BYTES))?.trim() ?? '';
    if (isRefName(name) && isSha(sha)) tags.set(name, sha);
  }
  return tags;
}

/** Paths of the files below a folder, relative to it; bounded, and never through links. */
async function looseNames(commonDir: string, folder: string): Promise<string[]> {
  const names: string[] = [];
  const pending = [''];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    const entries = await readdir(`${commonDir}/${folder}/${prefix}`, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (names.length + pending.length >= TAG_FILES_LIMIT) return names;
      const name = `${prefix}${entry.name}`;
      if (entry.isFile()) names.push(name);
      else if (entry.isDirectory() && name.split('/').length < TAG_DEPTH_LIMIT) pending.push(`${name}/`);
    }
  }
  return names;
}
