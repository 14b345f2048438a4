// Finds out before the start whether a command can be started at all, and says why not.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { systemErrorCode } from '../../system/system-error.ts';

/**
 * Why `command` cannot be executed, in words; null if it can. Searched as execvp(3) does: a name without a slash in
 * PATH, any other relative to the working directory.
 */
export function whyNotExecutable(command: string, workdir: string, path: string): string | null {
  if (command.includes('/')) return whyNotFileExecutable(resolve(workdir, command));
  const candidates = path.split(delimiter).map((folder) => join(resolve(workdir, folder), command));
  if (candidates.some((candidate) => whyNotFileExecutable(candidate) === null)) return null;
  return `${command}: command not found in PATH`;
}

function whyNotFileExecutable(path: string): string | null {
  try {
    if (!statSync(path).isFile()) return `${path}: not a file`;
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'EACCES' ? `${path}: not executable` : `${path}: no such file`;
  }
}
