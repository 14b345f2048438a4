// `ralph-tui image`: builds the sandbox image, and shows how far it is.
import { resolve } from 'node:path';
import type { FlagValues } from '../config/resolve-options.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { buildImage, ImageBuildError } from '../sandbox/docker/build-image.ts';
import { resolveEndpoint } from '../sandbox/docker/endpoint.ts';
import { createEngine } from '../sandbox/docker/engine.ts';
import { homeFolder } from '../system/home-folder.ts';
import { packageFile } from '../system/package-files.ts';
import { safeLine } from '../text/sanitize.ts';
import { truncateToWidth } from '../text/width.ts';
import { locateRepository, RepositoryError } from '../workspace/locate.ts';
import { type CommandContext, forPeople, say } from './line/context.ts';
import { resolveStart } from './start/start-request.ts';

export interface ImageOptions {
  /** The image to build on; null for the one that Dockerfile.sandbox names. */
  readonly base: string | null;
  /** Version of Claude Code; null for the pinned one. */
  readonly claudeCode: string | null;
  /** File with certificates that the image shall trust. */
  readonly extraCa: string | null;
  /** `image`: the name that it gets. */
  readonly flags: FlagValues;
}

export async function imageCommand(context: CommandContext, options: ImageOptions): Promise<number> {
  const { environment, cwd, signal } = context;
  const { top, owner } = await ownerHere(context);
  const request = { mode: 'build', bare: false, work: null, flags: options.flags } as const;
  const resolved = await resolveStart(context, request, { repository: top, engineMemoryBytes: null });
  const tag = resolved.options.image;
  const endpoint = await resolveEndpoint({ environment, homeFolder: homeFolder(environment) });
  const progress = new Progress(context);
  const image = await buildImage(createEngine(endpoint), {
    tag,
    dockerfile: packageFile('Dockerfile.sandbox'),
    extraCa: options.extraCa === null ? null : resolve(cwd, options.extraCa),
    user: owner,
    baseImage: options.base,
    agentVersion: options.claudeCode,
    onLine: (line) => progress.take(line),
    signal,
  })
    .finally(() => progress.end())
    .catch(async (error: unknown) => {
      if (isCertificateTrouble(error)) await say(context.stderr, CERTIFICATE_HINT);
      throw error;
    });
  const version = image.agentVersion === null ? '' : ` with Claude Code ${safeLine(image.agentVersion)}`;
  await say(context.stdout, `built ${tag}${version} for uid ${owner.uid}, gid ${owner.gid}`);
  return EXIT_CODES.finished;
}

const CERTIFICATE_HINT = 'behind a proxy that opens TLS, give its certificate: ralph-tui image --extra-ca FILE';

/** A step could not load something, as it does not know who signed for the other side. */
function isCertificateTrouble(error: unknown): boolean {
  return error instanceof ImageBuildError && error.lastLines.some((line) => /certificate/i.test(line));
}

/** The sandbox's user is who owns the repository; outside of any, who types. */
async function ownerHere(context: CommandContext) {
  try {
    return await locateRepository(context.cwd);
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    return { top: null, owner: { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 } };
  }
}

/** Steps stay, what they say flies by on one line of a terminal. */
class Progress {
  readonly #context: CommandContext;
  #drawn = false;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  take(line: string): void {
    const text = safeLine(line);
    const { stderr } = this.#context;
    const isStep = /^Step \d+\/\d+ : /.test(text);
    if (!isStep && !stderr.isTTY) return;
    const shown = forPeople(stderr, truncateToWidth(isStep ? text : `  ${text}`, stderr.columns - 1));
    void stderr.write(`${this.#clear()}${shown}${isStep ? '\n' : ''}`);
    this.#drawn = !isStep;
  }

  end(): void {
    if (this.#drawn) void this.#context.stderr.write(this.#clear());
    this.#drawn = false;
  }

  #clear(): string {
    return this.#drawn ? '\r\x1b[K' : '';
  }
}
