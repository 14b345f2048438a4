// How a host sandbox ended, read from its folder.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Exit } from '../../core/sandbox.ts';
import { KILL_REQUESTED_FILE, readExitCode, readState, writtenAt } from './sandbox-folder.ts';
import { SHIM_FILES } from './shim-script.ts';

const COULD_NOT_EXECUTE_CODES = [126, 127];

/**
 * The exit of a sandbox that has ended. Memory is not limited on the host, so there is no evidence of a memory kill.
 * `daemonGap` means that the shim was killed or the machine started anew: nobody saw the end, `code` is null.
 */
export function readExit(folder: string): Exit {
  const state = readState(folder);
  const code = readExitCode(folder);
  return {
    code,
    oomKilled: false,
    oomKillCount: null,
    startError:
      state === 'created' ? 'it was never started: whoever wanted to start it died' : startError(folder, code),
    killEventSeen: writtenAt(folder, KILL_REQUESTED_FILE) !== null,
    daemonGap: state === 'lost',
    startedAt: writtenAt(folder, SHIM_FILES.agentStat),
    finishedAt: writtenAt(folder, SHIM_FILES.exit),
  };
}

/**
 * What the shim's shell said when it could not execute the command; null if the command did run. A shell begins
 * its messages with the path of its script, which tells them from a command that ends with 126 or 127 itself.
 */
function startError(folder: string, code: number | null): string | null {
  if (code === null || !COULD_NOT_EXECUTE_CODES.includes(code)) return null;
  const prefix = `${join(folder, SHIM_FILES.script)}: `;
  const text = readStart(join(folder, SHIM_FILES.stderr), 4_096);
  return text.startsWith(prefix) ? text.slice(prefix.length).trim() : null;
}

function readStart(path: string, limitBytes: number): string {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(limitBytes);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, limitBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}
