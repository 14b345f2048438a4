// Finds the files that ship with the program (prompts, Dockerfile.sandbox), from the sources and from the bundle.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file beside package.json. */
export function packageFile(...path: string[]): string {
  return join(packageRoot(), ...path);
}

/** The program's own version. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}

function packageRoot(): string {
  // `src/` and `dist/chunks/` lie at different depths.
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder)
      throw new Error('the program is installed without its package.json; install it again');
  }
}
