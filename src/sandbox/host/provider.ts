// The host provider: runs attempts as plain processes of this machine, without any wall around them.
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Exit,
  FoundSandbox,
  SandboxFilter,
  SandboxHandle,
  SandboxId,
  SandboxLabels,
  SandboxProvider,
  SandboxState,
} from '../../core/sandbox.ts';
import { SandboxError } from '../../core/sandbox.ts';
import { isAlive } from '../../system/processes/process-table.ts';
import { killSandbox, stopSandbox, waitForEnd } from './end.ts';
import { readExit } from './exit.ts';
import { followOutput } from './output.ts';
import type { FolderState } from './sandbox-folder.ts';
import { isSandboxName, readIdentity, readRecord, readState, retireFolder } from './sandbox-folder.ts';
import { SHIM_FILES } from './shim-script.ts';
import { startSandbox } from './start.ts';
import { sampleVitals } from './vitals.ts';

export interface HostProviderOptions {
  /** Folder (0700) in which every sandbox has one of its own; made when it is missing. */
  readonly stateRoot: string;
  /** What an attempt's environment starts from; this process's own when left out. */
  readonly baseEnvironment?: Readonly<Record<string, string | undefined>>;
}

const SANDBOX_STATES: Readonly<Record<Exclude<FolderState, 'gone'>, SandboxState>> = {
  created: 'created',
  running: 'running',
  exited: 'exited',
  lost: 'exited',
};

/**
 * Attempts as processes of whoever runs this program. A sandbox is a folder; a shim in a session of its own runs the
 * agent, whose stdout and stderr are files in that folder, and writes exit.json. When the agent ends, what it left
 * running in the background is ended, too, as in a container.
 *
 * The environment is `baseEnvironment`, then the spec's, then its secrets, and RALPH_ATTEMPT=<name>; secrets are
 * written nowhere. Names that are no shell variables (`a-b`) may get lost. Not here: mounts and volumes (paths are the
 * host's own), limits, user, image. A closed network is refused. Needs Linux.
 */
export function createHostProvider(options: HostProviderOptions): SandboxProvider {
  const { stateRoot } = options;
  const baseEnvironment = options.baseEnvironment ?? process.env;

  function folderOf(id: SandboxId): string {
    if (!isSandboxName(id)) throw new SandboxError('not_found', `not a sandbox of the host: ${JSON.stringify(id)}`);
    return join(stateRoot, id);
  }

  return {
    kind: 'host',

    async start(spec) {
      await startSandbox(stateRoot, spec, baseEnvironment);
      return spec.name;
    },

    async find(filter) {
      if (!existsSync(stateRoot)) return [];
      const names = readdirSync(stateRoot).filter(isSandboxName).sort();
      return names.flatMap((name) => describeFolder(join(stateRoot, name), name, filter) ?? []);
    },

    output(id, from, signal) {
      return followOutput(folderOf(id), from, signal);
    },

    async wait(id, signal): Promise<Exit> {
      const folder = folderOf(id);
      await waitForEnd(folder, signal);
      return readExit(folder);
    },

    vitals(id, signal) {
      return sampleVitals(folderOf(id), signal);
    },

    async handle(id): Promise<SandboxHandle> {
      const agent = readIdentity(folderOf(id), SHIM_FILES.agentStat);
      return { cgroupPath: null, mainPid: agent !== null && isAlive(agent) ? agent.pid : null };
    },

    async stop(id, graceMs) {
      await stopSandbox(folderOf(id), graceMs);
    },

    async kill(id) {
      await killSandbox(folderOf(id));
    },

    async remove(id) {
      const folder = folderOf(id);
      await killSandbox(folder);
      // Renamed first: a folder that is half deleted must not look like a sandbox, or like a free name.
      const retired = join(stateRoot, `.removed-${id}-${process.pid}-${Date.now()}`);
      if (retireFolder(folder, retired)) await rm(retired, { recursive: true, force: true });
    },
  };
}

function describeFolder(folder: string, id: SandboxId, filter: SandboxFilter): FoundSandbox | null {
  const record = readRecord(folder);
  if (record === null || !matches(record.labels, filter)) return null;
  const state = readState(folder);
  return state === 'gone' ? null : { id, name: record.name, labels: record.labels, state: SANDBOX_STATES[state] };
}

function matches(labels: SandboxLabels, filter: SandboxFilter): boolean {
  return (
    labels.namespace === filter.namespace &&
    (filter.repository === undefined || labels.repository === filter.repository) &&
    (filter.run === undefined || labels.run === filter.run)
  );
}
