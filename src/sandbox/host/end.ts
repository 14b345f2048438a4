// Ends a host sandbox's processes, and waits for its end.
import { closeSync, openSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SandboxError } from '../../core/sandbox.ts';
import { killAll } from '../../system/processes/kill-all.ts';
import { isAlive } from '../../system/processes/process-table.ts';
import { signalProcess } from '../../system/processes/signal-process.ts';
import { systemErrorCode } from '../../system/system-error.ts';
import { AttemptProcesses } from './attempt-processes.ts';
import { watchFolder } from './folder-watch.ts';
import { KILL_REQUESTED_FILE, RECORD_FILE, readIdentity, readState, writtenAt } from './sandbox-folder.ts';
import { SHIM_FILES } from './shim-script.ts';

/** The shim writes down the exit code of an agent that was killed within milliseconds. */
const EXIT_CODE_DEADLINE_MS = 10_000;
/** A folder without a running shim for so long: whoever wanted to start it died. */
const START_DEADLINE_MS = 30_000;

/**
 * Resolves when the agent has ended and nothing that it left behind runs any longer, as in a container: processes in
 * the background end with the agent. A sandbox that is gone, or was never started, has ended.
 * @throws the signal's reason when it is aborted
 */
export async function waitForEnd(folder: string, signal: AbortSignal): Promise<void> {
  const watch = watchFolder(folder, SHIM_FILES.exit);
  try {
    for (;;) {
      signal.throwIfAborted();
      const state = readState(folder);
      if (state !== 'running' && !(state === 'created' && ageMs(folder) < START_DEADLINE_MS)) break;
      await watch.next(signal);
    }
  } finally {
    watch.close();
  }
  await killAttempt(folder);
}

/** SIGTERM to the agent itself, SIGKILL to all of its processes when the grace is over. Resolves when it has ended. */
export async function stopSandbox(folder: string, graceMs: number): Promise<void> {
  if (readState(folder) === 'running') {
    requestKill(folder);
    const agent = readIdentity(folder, SHIM_FILES.agentStat);
    if (agent !== null && isAlive(agent)) signalProcess(agent.pid, 'SIGTERM');
    await waitForEnd(folder, AbortSignal.timeout(graceMs)).catch((error: unknown) => {
      if (error instanceof SandboxError) throw error;
    });
  }
  await killSandbox(folder);
}

/** SIGKILL to all processes, again until none is left. Resolves when the exit code is written. */
export async function killSandbox(folder: string): Promise<void> {
  const wasRunning = readState(folder) === 'running';
  if (wasRunning) requestKill(folder);
  await killAttempt(folder);
  if (!wasRunning) return;
  const deadline = AbortSignal.timeout(EXIT_CODE_DEADLINE_MS);
  await waitForEnd(folder, deadline).catch((error: unknown) => {
    if (!deadline.aborted) throw error;
    const shim = readIdentity(folder, SHIM_FILES.shimStat);
    if (shim !== null && isAlive(shim)) signalProcess(shim.pid, 'SIGKILL');
  });
}

/** Kills all of an attempt's processes but the shim, which ends by itself when it has written the exit code. */
async function killAttempt(folder: string): Promise<void> {
  const agent = readIdentity(folder, SHIM_FILES.agentStat);
  const roots = agent === null ? [] : [agent];
  const processes = new AttemptProcesses(basename(folder), agent);
  const left = await killAll((known) => processes.list([...roots, ...known]));
  if (left.length === 0) return;
  const pids = left.map(({ pid }) => pid).join(', ');
  throw new SandboxError('engine_away', `processes of ${basename(folder)} do not end after SIGKILL: ${pids}`);
}

/** Leaves a note that the coming end was asked for. */
function requestKill(folder: string): void {
  try {
    closeSync(openSync(join(folder, KILL_REQUESTED_FILE), 'a', 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

function ageMs(folder: string): number {
  return Date.now() - Date.parse(writtenAt(folder, RECORD_FILE) ?? '1970-01-01T00:00:00Z');
}
