// When somebody last looked at a run, for “while you were away”.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../system/write-atomically.ts';

const FILE = 'last-look';

/** ISO 8601; null when nobody has looked yet. */
export async function lastLook(runFolder: string): Promise<string | null> {
  const text = await readFile(join(runFolder, FILE), 'utf8').catch(() => '');
  return Number.isNaN(Date.parse(text)) ? null : text;
}

/** A folder that cannot be written (a full disk) costs only the next greeting. */
export async function rememberLook(runFolder: string, at: string): Promise<void> {
  await writeAtomically(join(runFolder, FILE), at).catch(() => undefined);
}
