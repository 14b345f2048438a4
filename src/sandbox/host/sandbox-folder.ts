// The folder of one host sandbox: what is kept about it, and what state that means.
import { lstatSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxLabels } from '../../core/sandbox.ts';
import type { ProcessIdentity } from '../../system/processes/process-table.ts';
import { isAlive, parseStat, readBootId } from '../../system/processes/process-table.ts';
import { systemErrorCode } from '../../system/system-error.ts';
import { SHIM_FILES } from './shim-script.ts';

const recordSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  labels: z.object({
    namespace: z.string(),
    repository: z.string(),
    run: z.string(),
    iteration: z.number(),
    attempt: z.number(),
  }),
  bootId: z.string(),
  workdir: z.string(),
  argv: z.array(z.string()),
  createdAt: z.string(),
});

const exitSchema = z.object({ code: z.number() });

/** spec.json: what the sandbox is. Holds no environment, so no secret either. */
export type SandboxRecord = z.infer<typeof recordSchema>;

export const RECORD_FILE = 'spec.json';
/** There when this program asked the agent to end, or ended it. */
export const KILL_REQUESTED_FILE = 'kill-requested';

/** `gone`: no such folder. `lost`: it ended without an exit code, because its shim was killed or the machine started anew. */
export type FolderState = 'gone' | 'created' | 'running' | 'exited' | 'lost';

/** Which names make a folder of their own directly under the state root. */
export function isSandboxName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name);
}

export function newRecord(about: {
  name: string;
  labels: SandboxLabels;
  bootId: string;
  workdir: string;
  argv: readonly string[];
}): SandboxRecord {
  return { version: 1, ...about, argv: [...about.argv], createdAt: new Date().toISOString() };
}

/** Null when the folder is gone or is no sandbox. */
export function readRecord(folder: string): SandboxRecord | null {
  return readJson(join(folder, RECORD_FILE), recordSchema);
}

/** The exit code that the shim wrote; null when it did not (yet). */
export function readExitCode(folder: string): number | null {
  return readJson(join(folder, SHIM_FILES.exit), exitSchema)?.code ?? null;
}

/** The shim, or the agent, as it was written down at its start; null before that. */
export function readIdentity(
  folder: string,
  file: typeof SHIM_FILES.shimStat | typeof SHIM_FILES.agentStat,
): ProcessIdentity | null {
  const line = readOrNull(join(folder, file));
  return line === null ? null : parseStat(line);
}

/** What state the files and the table of processes amount to. */
export function readState(folder: string): FolderState {
  const record = readRecord(folder);
  if (record === null) return 'gone';
  if (readExitCode(folder) !== null) return 'exited';
  const shim = readIdentity(folder, SHIM_FILES.shimStat);
  const sameBoot = record.bootId === readBootId();
  if (shim === null) return sameBoot ? 'created' : 'lost';
  const agent = readIdentity(folder, SHIM_FILES.agentStat);
  if (sameBoot && (isAlive(shim) || (agent !== null && isAlive(agent)))) return 'running';
  // The shim may have written the exit code and ended between the two looks.
  return readExitCode(folder) === null ? 'lost' : 'exited';
}

/** When a file of the folder was written last, ISO 8601; null without it. */
export function writtenAt(folder: string, file: string): string | null {
  try {
    return lstatSync(join(folder, file)).mtime.toISOString();
  } catch {
    return null;
  }
}

/** Gives the folder a name that nobody looks for, in one step; false when it is gone already. */
export function retireFolder(folder: string, retiredFolder: string): boolean {
  try {
    renameSync(folder, retiredFolder);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readOrNull(path);
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
