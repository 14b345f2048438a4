// Keeps the agent's login token in the person's configuration folder, for nobody else to read.
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cannot } from '../system/folder-error.ts';
import { isAbsent, systemErrorCode } from '../system/system-error.ts';
import { ConfigError } from './config-error.ts';
import { configFolder, type Environment, writeConfigFile } from './person-file.ts';

/** Tokens are about 110 characters; a larger file is something else. */
const LARGEST_TOKEN_BYTES = 4096;

export function tokenPath(environment: Environment): string {
  return join(configFolder(environment), 'token');
}

/**
 * The stored token; null without one.
 * @throws ConfigError when others can read the file, or it is not ours, or no plain file.
 */
export async function readToken(path: string): Promise<string | null> {
  // The checks are made on what was opened, so that nobody can swap it between.
  const file = await openToken(path);
  if (file === null) return null;
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new ConfigError(`${path}: is no plain file; remove it, then: ralph-tui login`);
    if (info.uid !== process.getuid?.())
      throw new ConfigError(`${path}: belongs to somebody else; remove it, then: ralph-tui login`);
    if ((info.mode & 0o077) !== 0)
      throw new ConfigError(`${path}: others can read the token; write: chmod 600 ${path}`);
    if (info.size > LARGEST_TOKEN_BYTES)
      throw new ConfigError(`${path}: is no token; remove it, then: ralph-tui login`);
    const token = (await file.readFile('utf8')).trim();
    return token === '' ? null : token;
  } finally {
    await file.close();
  }
}

/** @throws FolderError */
export async function writeToken(path: string, token: string): Promise<void> {
  await writeConfigFile(path, `${token}\n`);
}

/** Whether there was one. */
export async function removeToken(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw cannot('write', 'configuration', dirname(path), error);
  }
}

async function openToken(path: string) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemErrorCode(error);
    if (isAbsent(error)) return null;
    if (code === 'ELOOP')
      throw new ConfigError(`${path}: is a link; remove it, then: ralph-tui login`, { cause: error });
    throw new ConfigError(`${path}: cannot be read (${code ?? 'unknown'})`, { cause: error });
  }
}
