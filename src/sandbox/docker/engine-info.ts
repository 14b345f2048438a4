// What the engine is and has: for defaults, preflight and the journal.
import type { Engine } from './engine.ts';
import { statusOf } from './engine.ts';

export interface EngineInfo {
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  /** Memory of the machine (or virtual machine) that containers run on. */
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly cgroupVersion: 1 | 2;
  /** Whether running containers outlive a restart of the engine. */
  readonly liveRestore: boolean;
  readonly rootless: boolean;
  /** Folder of images, containers and their logs, on the engine's machine. */
  readonly dataFolder: string;
  /** What the engine cannot do, in its own words. */
  readonly warnings: readonly string[];
}

export interface ImageFacts {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Version of Claude Code, from the label that Dockerfile.sandbox writes; null in other images. */
  readonly agentVersion: string | null;
}

export const AGENT_VERSION_LABEL = 'ralph-tui.claude-code.version';

/** The part of `GET /info` that is read here; dockerode leaves it untyped. */
interface RawInfo {
  readonly ServerVersion: string;
  readonly OperatingSystem: string;
  readonly MemTotal: number;
  readonly NCPU: number;
  readonly CgroupVersion?: string;
  readonly LiveRestoreEnabled?: boolean;
  readonly SecurityOptions?: readonly string[] | null;
  readonly DockerRootDir: string;
  readonly Warnings?: readonly string[] | null;
}

/** @throws SandboxError `engine_away` */
export async function engineInfo(engine: Engine): Promise<EngineInfo> {
  // dockerode's types do not know that both take options.
  const docker = engine.docker as unknown as {
    info(options: { abortSignal: AbortSignal }): Promise<RawInfo>;
    version(options: { abortSignal: AbortSignal }): Promise<{ ApiVersion: string }>;
  };
  const [info, version] = await Promise.all([
    engine.call('say what it is', (abortSignal) => docker.info({ abortSignal })),
    engine.call('say its version', (abortSignal) => docker.version({ abortSignal })),
  ]);
  return {
    version: info.ServerVersion,
    apiVersion: version.ApiVersion,
    operatingSystem: info.OperatingSystem,
    memoryBytes: info.MemTotal,
    cpus: info.NCPU,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    liveRestore: info.LiveRestoreEnabled ?? false,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
    dataFolder: info.DockerRootDir,
    warnings: info.Warnings ?? [],
  };
}

/**
 * The image of that name on the engine's machine; null if there is none. Nothing is pulled.
 * @throws SandboxError `engine_away`
 */
export async function imageExists(engine: Engine, reference: string): Promise<ImageFacts | null> {
  // Part of the request's path: what no image can be called is not asked for.
  if (!/^[\w./:@-]+$/.test(reference)) return null;
  try {
    const image = await engine.call(`look for the image ${reference}`, () =>
      engine.docker.getImage(reference).inspect(),
    );
    const labels = image.Config?.Labels ?? {};
    return { id: image.Id, labels, agentVersion: labels[AGENT_VERSION_LABEL] ?? null };
  } catch (error) {
    // 400: made of the right letters, but still nothing that an image can be called.
    if (statusOf(error) === 404 || statusOf(error) === 400) return null;
    throw error;
  }
}
