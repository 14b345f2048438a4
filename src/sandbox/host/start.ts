// Starts a host sandbox: makes its folder, and in it the shim that runs the agent and outlives this program.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { AttemptSpec } from '../../core/sandbox.ts';
import { SandboxError } from '../../core/sandbox.ts';
import { readBootId } from '../../system/processes/process-table.ts';
import { systemErrorCode } from '../../system/system-error.ts';
import { ATTEMPT_VARIABLE } from './attempt-processes.ts';
import { whyNotExecutable } from './command-lookup.ts';
import { isSandboxName, newRecord, RECORD_FILE } from './sandbox-folder.ts';
import { READY_DESCRIPTOR, SHIM_FILES, shimScript } from './shim-script.ts';

const START_DEADLINE_MS = 30_000;
const NAME_TAKEN_CODES = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'];

/**
 * Starts the attempt and resolves with its folder when the agent's process exists.
 * @throws SandboxError `name_taken`, or `start_failed` with the reason
 */
export async function startSandbox(
  stateRoot: string,
  spec: AttemptSpec,
  baseEnvironment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const environment = { ...baseEnvironment, ...spec.environment, ...spec.secrets, PWD: spec.workdir };
  const bootId = checkStartable(spec, environment);
  const folder = join(stateRoot, spec.name);
  await makeFolder(stateRoot, folder, spec, bootId);
  try {
    await spawnShim(folder, spec.workdir, environment);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Refuses what could not work, before anything is made. Returns the boot id. */
function checkStartable(spec: AttemptSpec, environment: Readonly<Record<string, string | undefined>>): string {
  const bootId = readBootId();
  if (bootId === null) {
    throw startFailed('the host sandbox needs Linux, because it finds processes in /proc: use --sandbox docker');
  }
  if (!isSandboxName(spec.name)) throw startFailed(`not a name for a sandbox: ${JSON.stringify(spec.name)}`);
  if (spec.network.kind !== 'open') {
    throw startFailed('the host sandbox cannot close the network: use --sandbox docker, or --network open');
  }
  const words = [...spec.argv, spec.workdir, spec.stdinPath ?? ''];
  if (words.some((word) => word.includes('\0'))) throw startFailed('a NUL byte in the command');
  if (!statSync(spec.workdir, { throwIfNoEntry: false })?.isDirectory()) {
    throw startFailed(`no such working directory: ${spec.workdir}`);
  }
  if (spec.stdinPath !== null && !statSync(spec.stdinPath, { throwIfNoEntry: false })?.isFile()) {
    throw startFailed(`no such file for standard input: ${spec.stdinPath}`);
  }
  const [command] = spec.argv;
  if (command === undefined) throw startFailed('no command was given');
  const reason = whyNotExecutable(command, spec.workdir, environment.PATH ?? '/usr/local/bin:/usr/bin:/bin');
  if (reason !== null) throw startFailed(reason);
  return bootId;
}

/** Makes the folder whole under another name first: then its name is the lock, and whoever sees it can read it. */
async function makeFolder(stateRoot: string, folder: string, spec: AttemptSpec, bootId: string): Promise<void> {
  await mkdir(stateRoot, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(stateRoot, '.new-'));
  const write = (name: string, text: string) => writeFile(join(draft, name), text, { mode: 0o600, flag: 'wx' });
  try {
    const mark = { name: ATTEMPT_VARIABLE, value: spec.name };
    await write(RECORD_FILE, `${JSON.stringify(newRecord({ ...pick(spec), bootId }), null, 2)}\n`);
    await write(SHIM_FILES.script, shimScript({ folder, argv: spec.argv, stdinPath: spec.stdinPath, mark }));
    for (const name of [SHIM_FILES.stdout, SHIM_FILES.stderr, SHIM_FILES.log]) await write(name, '');
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (NAME_TAKEN_CODES.includes(systemErrorCode(error) ?? '')) {
      throw new SandboxError('name_taken', `a sandbox called ${spec.name} exists already: remove it first`);
    }
    throw startFailed(`its folder could not be made in ${stateRoot}: ${(error as Error).message}`, error);
  }
}

function pick(spec: AttemptSpec): Pick<AttemptSpec, 'name' | 'labels' | 'workdir' | 'argv'> {
  return { name: spec.name, labels: spec.labels, workdir: spec.workdir, argv: spec.argv };
}

/** Starts the shim in a session of its own; resolves when it has said that the agent's process exists. */
async function spawnShim(
  folder: string,
  workdir: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const logDescriptor = openSync(join(folder, SHIM_FILES.log), 'a');
  const shim = spawn('/bin/sh', [join(folder, SHIM_FILES.script)], {
    cwd: workdir,
    env: environment,
    detached: true,
    stdio: ['ignore', logDescriptor, logDescriptor, 'pipe'],
  });
  closeSync(logDescriptor);
  const ready = shim.stdio[READY_DESCRIPTOR] as Socket;
  try {
    await new Promise<void>((resolve, reject) => {
      let isSettled = false;
      // The descriptor is closed after its word as well, when the folder may be gone already.
      const settle = (result: () => void) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(deadline);
        result();
      };
      const late = () => settle(() => reject(startFailed('the shim did not start in time')));
      const deadline = setTimeout(late, START_DEADLINE_MS);
      shim.once('error', (error) => settle(() => reject(startFailed(error.message, error))));
      ready.once('data', () => settle(resolve));
      ready.once('close', () => settle(() => reject(startFailed(readLog(folder)))));
    });
  } catch (error) {
    shim.kill('SIGKILL');
    throw error;
  } finally {
    ready.destroy();
    shim.unref();
  }
}

function readLog(folder: string): string {
  return readFileSync(join(folder, SHIM_FILES.log), 'utf8').slice(0, 500).trim() || 'the shim ended at once';
}

function startFailed(message: string, cause?: unknown): SandboxError {
  return new SandboxError('start_failed', message, { cause });
}
