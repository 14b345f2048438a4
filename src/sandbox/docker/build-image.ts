// Builds the sandbox image with the engine's own builder (no BuildKit, no docker command needed).
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { answerOf, type Engine, engineAway, statusOf } from './engine.ts';
import { type ImageFacts, imageExists } from './engine-info.ts';
import { BrokenStream, jsonLines } from './json-lines.ts';

const DOCKERFILE = 'Dockerfile.sandbox';
/** The name that Dockerfile.sandbox looks for. */
const EXTRA_CA = 'extra-ca.crt';
/** Until the first word of the builder; the steps themselves have no limit. */
const FIRST_WORD_MS = 60_000;
const KEPT_LINES = 20;
/** What the builder says of itself in the middle of a step's own words. */
const BUILDER_TALK = /^ ---> |^Removing intermediate container /;

export interface ImageBuild {
  /** Name of the image, e.g. `sandbox-loop`. */
  readonly tag: string;
  /** Path of Dockerfile.sandbox. */
  readonly dockerfile: string;
  /** Path of a PEM file with certificates that the image shall trust, or null. */
  readonly extraCa: string | null;
  /** Owner of the repositories that the sandbox works on. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** Null for what Dockerfile.sandbox names. */
  readonly baseImage: string | null;
  readonly agentVersion: string | null;
  /** Gets the builder's words line by line, without control characters' sequences. */
  readonly onLine: (line: string) => void;
  /** Ends the build. */
  readonly signal?: AbortSignal;
}

/** A step of the Dockerfile failed. `message` has the step and the end of what it said. */
export class ImageBuildError extends Error {
  readonly code = 'image_build_failed';
  /** The Dockerfile's line, e.g. `Step 4/18 : RUN apt-get update …`; null before the first. */
  readonly step: string | null;
  readonly lastLines: readonly string[];

  constructor(reason: string, step: string | null, lastLines: readonly string[]) {
    const where = step === null ? '' : ` in "${step}"`;
    super(
      `the image could not be built${where}: ${reason}\n${lastLines.map((line) => `  ${line}\n`).join('')}`.trimEnd(),
    );
    this.name = 'ImageBuildError';
    this.step = step;
    this.lastLines = lastLines;
  }
}

/** What the builder says, an object a line (Docker Engine API, "ImageBuild"). */
interface BuildMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
}

/**
 * Builds and tags the image; gives what it is.
 * @throws ImageBuildError a step failed; SandboxError `engine_away`; the signal's reason when aborted
 */
export async function buildImage(engine: Engine, build: ImageBuild): Promise<ImageFacts> {
  // The context is made, not taken: nothing but these two files ever reaches the engine.
  const context = await mkdtemp(join(tmpdir(), 'ralph-tui-image-'));
  const progress = new BuildProgress(build.onLine);
  try {
    await copyFile(build.dockerfile, join(context, DOCKERFILE));
    if (build.extraCa !== null) await copyFile(build.extraCa, join(context, EXTRA_CA));
    const source = { context, src: build.extraCa === null ? [DOCKERFILE] : [DOCKERFILE, EXTRA_CA] };
    const options = { t: build.tag, dockerfile: DOCKERFILE, buildargs: buildArguments(build), rm: true, forcerm: true };
    const stream = await engine.call(
      'build the image',
      (abortSignal) => engine.docker.buildImage(source, { ...options, abortSignal }),
      { deadlineMs: FIRST_WORD_MS, ...(build.signal ? { signal: build.signal } : {}) },
    );
    for await (const message of jsonLines(stream as IncomingMessage)) progress.take(message as BuildMessage);
  } catch (error) {
    build.signal?.throwIfAborted();
    if (statusOf(error) !== null) throw new ImageBuildError(answerOf(error), null, []);
    if (error instanceof BrokenStream) throw engineAway(engine.endpoint, 'finish the image', error.message, error);
    throw error;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  const image = await imageExists(engine, build.tag);
  if (image === null)
    throw new ImageBuildError('the builder ended without an image', progress.step, progress.lastLines);
  return image;
}

function buildArguments(build: ImageBuild): Record<string, string> {
  return {
    USER_ID: String(build.user.uid),
    GROUP_ID: String(build.user.gid),
    ...(build.baseImage === null ? {} : { BASE_IMAGE: build.baseImage }),
    ...(build.agentVersion === null ? {} : { CLAUDE_CODE_VERSION: build.agentVersion }),
  };
}

/** Cuts the builder's words into lines, and remembers where it is. */
class BuildProgress {
  step: string | null = null;
  lastLines: string[] = [];
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(message: BuildMessage): void {
    if (message.error !== undefined) {
      if (this.#rest !== '') this.#line(this.#rest);
      throw new ImageBuildError(message.error, this.step, this.lastLines);
    }
    // Pulling a base image reports by `status`, a line a layer and change.
    const text = message.stream ?? (message.status ? `${message.id ? `${message.id}: ` : ''}${message.status}\n` : '');
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(raw: string): void {
    const line = stripVTControlCharacters(raw).trimEnd();
    if (line === '') return;
    if (/^Step \d+\/\d+ : /.test(line)) {
      this.step = line;
      this.lastLines = [];
    } else if (!BUILDER_TALK.test(line)) {
      this.lastLines = [...this.lastLines, line].slice(-KEPT_LINES);
    }
    this.#onLine(line);
  }
}
