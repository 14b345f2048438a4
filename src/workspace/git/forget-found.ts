// Lets go of what the attempts of earlier runs found: undo and diff of the newest run need its own only, and a large
// file that changes with every attempt would fill the disk.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FOUND_REFS } from './found.ts';
import { askGit } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';

/**
 * Nobody else may write to the shadow meanwhile: for a run that begins and has kept nothing yet.
 *
 * @throws GitError
 */
export async function forgetFound(shadow: Shadow): Promise<void> {
  const call = shadowCall(shadow);
  const refs = (await askGit(['for-each-ref', '--format=%(refname)', FOUND_REFS], call)).toString('utf8');
  if (refs === '') return;
  const deletions = refs
    .trim()
    .split('\n')
    .map((ref) => `delete ${ref}\n`);
  await askGit(['update-ref', '--stdin'], { ...call, input: Buffer.from(deletions.join('')) });
  // What an undo has kept lies in packs, whole (undo-keep.ts): objects in files of their own were for these refs.
  const objects = join(shadow.path, 'objects');
  const folders = (await readdir(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const folder of folders) await rm(join(objects, folder), { recursive: true, force: true });
}
