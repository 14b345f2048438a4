// One volume per repository and user for what package managers keep: the home is a tmpfs, which counts as memory and
// forgets everything. The root of a new volume belongs to root, so a container of a moment hands it over.
import { buildImageCommand } from '../../core/image-command.ts';
import { SandboxError } from '../../core/sandbox.ts';
import { nullIfGone } from './container-state.ts';
import { answerOf, type Engine, statusOf } from './engine.ts';
import { LABEL_PREFIX } from './labels.ts';

export interface CacheVolumeOwner {
  /** Label namespace, as of the sandboxes. */
  readonly namespace: string;
  /** `<repository name>-<hash of its real path>`. */
  readonly repository: string;
  /** Whom the sandbox runs as. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** Any image with `chown` in it; the sandbox's own. */
  readonly image: string;
}

const MOUNT_POINT = '/cache';
const SETUP_DEADLINE_MS = 60_000;

/** A volume for every uid: what one user left in a cache another cannot write. */
export function cacheVolumeName(repository: string, uid: number): string {
  return `ralph-tui-cache-${repository.replaceAll(/[^a-zA-Z0-9_.-]/g, '_')}-${uid}`;
}

/**
 * Makes sure that the volume is there and its root belongs to the user; gives its name. The first time takes about
 * 0.2 s, later ones some milliseconds. What stands in the volume is never touched.
 *
 * The engine makes the volume together with the set-up container, and the container is removed last: a volume without
 * such a container beside it is ready, also after a crash in between.
 * @throws SandboxError `start_failed` (no image, chown failed) or `engine_away`
 */
export async function ensureCacheVolume(engine: Engine, owner: CacheVolumeOwner): Promise<string> {
  const volume = cacheVolumeName(owner.repository, owner.user.uid);
  const setup = `${volume}-setup`;
  const { docker } = engine;
  const [existing, leftOver] = await Promise.all([
    nullIfGone(engine.call('look for the cache volume', () => docker.getVolume(volume).inspect())),
    nullIfGone(engine.call('look at the cache volume', () => docker.getContainer(setup).inspect())),
  ]);
  if (existing !== null && leftOver === null) return volume;
  await removeSetup(engine, setup);
  try {
    const code = await runSetup(engine, volume, setup, owner);
    if (code !== 0) throw new Error(`chown ended with ${code}`);
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    const help = statusOf(error) === 404 ? `; ${buildImageCommand(owner.image)} builds the image` : '';
    const message = `the cache volume ${volume} cannot be handed to uid ${owner.user.uid}: ${answerOf(error)}${help}`;
    throw new SandboxError('start_failed', message, { cause: error });
  }
  await removeSetup(engine, setup);
  return volume;
}

async function runSetup(engine: Engine, volume: string, setup: string, owner: CacheVolumeOwner): Promise<number> {
  const { docker } = engine;
  const labels = { [`${LABEL_PREFIX}.namespace`]: owner.namespace, [`${LABEL_PREFIX}.cache`]: owner.repository };
  const slow = { deadlineMs: SETUP_DEADLINE_MS };
  const container = await engine.call(
    'create the cache volume',
    (abortSignal) =>
      docker.createContainer({
        name: setup,
        Image: owner.image,
        Entrypoint: ['chown'],
        Cmd: [`${owner.user.uid}:${owner.user.gid}`, MOUNT_POINT],
        User: '0:0',
        Labels: labels,
        HostConfig: {
          NetworkMode: 'none',
          CapDrop: ['ALL'],
          CapAdd: ['CHOWN'],
          SecurityOpt: ['no-new-privileges'],
          ReadonlyRootfs: true,
          Mounts: [
            {
              Type: 'volume',
              Source: volume,
              Target: MOUNT_POINT,
              VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
            },
          ],
        },
        abortSignal,
      }),
    slow,
  );
  await engine.call('set the cache volume up', (abortSignal) => container.start({ abortSignal }), slow);
  const { StatusCode } = await engine.call(
    'set the cache volume up',
    (abortSignal) => container.wait({ abortSignal }) as Promise<{ StatusCode: number }>,
    slow,
  );
  return StatusCode;
}

async function removeSetup(engine: Engine, setup: string): Promise<void> {
  await nullIfGone(
    engine.call('remove a helper of the cache volume', (abortSignal) =>
      engine.docker.getContainer(setup).remove({ force: true, abortSignal }),
    ),
  );
}
