// Turns an attempt into what the engine creates: the whole isolation of the sandbox stands here.
// Pure; the reasons for the options are in facts/sandbox.md 2.2 and 4.2.
import type Dockerode from 'dockerode';
import { type AttemptSpec, type Network, SandboxError } from '../../core/sandbox.ts';
import { wrapCommand } from './command.ts';
import { toLabels } from './labels.ts';

/** Home of the agent: a tmpfs, so that nothing outlives the attempt but what is mounted. */
export const HOME_FOLDER = '/home/agent';

/** A tmpfs counts as memory of the container: each of the two gets at most this part of the limit. */
const TMPFS_SHARE = 0.25;

/**
 * Options of `POST /containers/create`.
 * @throws SandboxError `start_failed` for a network that would open the host, or an empty command
 */
export function containerConfig(spec: AttemptSpec): Dockerode.ContainerCreateOptions {
  const { uid, gid } = spec.user;
  const { memoryBytes } = spec.limits;
  const tmpfsBytes = Math.floor(memoryBytes * TMPFS_SHARE);
  const [program, ...args] = wrapCommand(spec);
  if (program === undefined)
    throw new SandboxError('start_failed', 'there is no command to run: the argument list is empty');
  const takesSecrets = Object.keys(spec.secrets).length > 0;
  return {
    name: spec.name,
    Image: spec.image,
    // The image's own ENTRYPOINT would change what is started; `Entrypoint` replaces it.
    Entrypoint: [program],
    Cmd: args,
    WorkingDir: spec.workdir,
    User: `${uid}:${gid}`,
    Env: Object.entries({ HOME: HOME_FOLDER, ...spec.environment }).map(([name, value]) => `${name}=${value}`),
    Labels: toLabels(spec.labels),
    // Standard input is only the way in for secrets (command.ts); it ends with the one connection that brings them.
    OpenStdin: takesSecrets,
    StdinOnce: takesSecrets,
    AttachStdin: takesSecrets,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    HostConfig: {
      // PID 1 that passes signals on and reaps: without it TERM is ignored and an abort looks like a segfault.
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Privileged: false,
      IpcMode: 'private',
      NetworkMode: networkMode(spec.network),
      Memory: memoryBytes,
      // Equal to Memory: no swap, so a leak ends at once instead of grinding the machine.
      MemorySwap: memoryBytes,
      NanoCpus: Math.round(spec.limits.cpus * 1e9),
      PidsLimit: spec.limits.pids,
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      // Docker's own defaults for --tmpfs are noexec and root-owned.
      Tmpfs: {
        '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${tmpfsBytes}`,
        [HOME_FOLDER]: `rw,exec,nosuid,nodev,mode=0700,uid=${uid},gid=${gid},size=${tmpfsBytes}`,
      },
      // `Mounts` and not `Binds`: a path may hold a colon, and a missing source fails instead of being made as root.
      Mounts: [
        ...spec.mounts.map((mount) => ({
          Type: 'bind' as const,
          Source: mount.source,
          Target: mount.target,
          ReadOnly: mount.readonly,
          BindOptions: { Propagation: 'rprivate' as const },
        })),
        ...spec.volumes.map((volume) => ({ Type: 'volume' as const, Source: volume.name, Target: volume.target })),
      ],
      // Rotation breaks a log that is being followed, and AutoRemove takes exit code and output away.
      LogConfig: { Type: 'json-file', Config: {} },
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
    },
  };
}

/** "host" and "container:…" are networks for Docker, and holes for us. */
function networkMode(network: Network): string {
  switch (network.kind) {
    case 'open':
      return 'bridge';
    case 'none':
      return 'none';
    case 'bridge': {
      const usable = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(network.name) && network.name !== 'host';
      if (!usable) {
        throw new SandboxError(
          'start_failed',
          `"${network.name}" is not the name of a bridge network: docker network create NAME makes one`,
        );
      }
      return network.name;
    }
  }
}
