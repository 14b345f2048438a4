// Makes a folder and what is missing above it. Node's own `recursive` goes round for ever where a folder can be neither
// found nor made, as everywhere in /proc (tried, Node 22 and 24).
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from './system-error.ts';

/** All that is made is 0700. @throws the system's error; none where something is there already, whatever it is */
export async function makePath(path: string): Promise<void> {
  const toMake = [path];
  for (let folder = path; ; folder = dirname(folder)) {
    const refused = await makeOne(folder);
    if (refused === null) break;
    if (systemErrorCode(refused) !== 'ENOENT' || dirname(folder) === folder) throw refused;
    toMake.push(dirname(folder));
  }
  for (const folder of toMake.slice(0, -1).reverse()) {
    const refused = await makeOne(folder);
    if (refused !== null) throw refused;
  }
}

async function makeOne(path: string): Promise<unknown> {
  return mkdir(path, { mode: 0o700 }).then(
    () => null,
    (error: unknown) => (systemErrorCode(error) === 'EEXIST' ? null : error),
  );
}
