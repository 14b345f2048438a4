// Which programs this machine has.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Those that are not there, in words; null when all are. */
export function lacking(...programs: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  return missing.length === 0 ? null : missing.join(', ');
}
