// Contents of files into the shadow's objects and out of them, byte for byte: no filter, no line ends.
import { createHash } from 'node:crypto';
import { askGit, GitError } from './run-git.ts';
import { type Shadow, shadowCall } from './shadow.ts';

/** So much is held in memory at a time; a larger file is held alone. */
const BATCH_BYTES = 32 * 1024 * 1024;
export const COPY_DEADLINE_MS = 10 * 60_000;

/** The name that git gives to this content (git-hash-object(1), SHA-1). */
export function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Collects contents and writes them to the shadow, many with one git. */
export class BlobWriter {
  readonly #shadow: Shadow;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(shadow: Shadow) {
    this.#shadow = shadow;
  }

  /** Answers the blob's name. It is there after `flush`. */
  async add(bytes: Buffer): Promise<string> {
    this.#waiting.push(Buffer.from(`blob\ndata ${bytes.length}\n`), bytes, Buffer.from('\n'));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BATCH_BYTES) await this.flush();
    return blobSha(bytes);
  }

  /** @throws GitError */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const input = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await askGit(['fast-import', '--quiet'], { ...shadowCall(this.#shadow), input, deadlineMs: COPY_DEADLINE_MS });
  }
}

/**
 * The sizes of blobs in bytes, by their names.
 *
 * @throws GitError where one is missing, or is no blob
 */
export async function blobSizes(shadow: Shadow, shas: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const names = [...new Set(shas)];
  if (names.length === 0) return new Map();
  const output = await askGit(['cat-file', '--batch-check'], { ...shadowCall(shadow), input: lines(names) });
  const sizes = new Map<string, number>();
  for (const [, sha = '', size] of output.toString('latin1').matchAll(/^([0-9a-f]{40}) blob (\d+)$/gm)) {
    sizes.set(sha, Number(size));
  }
  if (sizes.size !== names.length) throw new GitError('failed', 'the repository lacks the contents of some files');
  return sizes;
}

/**
 * The contents of blobs, some at a time, so that they need not all fit into memory.
 *
 * @param sizes as `blobSizes` answered them
 * @throws GitError
 */
export async function* readBlobs(
  shadow: Shadow,
  sizes: ReadonlyMap<string, number>,
): AsyncGenerator<ReadonlyMap<string, Buffer>> {
  let batch: string[] = [];
  let batchBytes = 0;
  for (const [sha, size] of sizes) {
    if (batch.length > 0 && batchBytes + size > BATCH_BYTES) {
      yield await readBatch(shadow, batch, batchBytes);
      batch = [];
      batchBytes = 0;
    }
    batch.push(sha);
    batchBytes += size;
  }
  if (batch.length > 0) yield await readBatch(shadow, batch, batchBytes);
}

async function readBatch(shadow: Shadow, shas: readonly string[], bytes: number): Promise<Map<string, Buffer>> {
  // Before every content a line with name, kind and size.
  const outputLimitBytes = bytes + shas.length * 100;
  const call = { ...shadowCall(shadow), input: lines(shas), outputLimitBytes, deadlineMs: COPY_DEADLINE_MS };
  const output = await askGit(['cat-file', '--batch'], call);
  const contents = new Map<string, Buffer>();
  for (let from = 0; from < output.length; ) {
    const lineEnd = output.indexOf(0x0a, from);
    const [, sha = '', size] = /^([0-9a-f]{40}) blob (\d+)$/.exec(output.toString('latin1', from, lineEnd)) ?? [];
    if (size === undefined) throw new GitError('failed', 'the repository lacks the contents of some files');
    const end = lineEnd + 1 + Number(size);
    contents.set(sha, output.subarray(lineEnd + 1, end));
    from = end + 1;
  }
  return contents;
}

function lines(shas: readonly string[]): Buffer {
  return Buffer.from(shas.map((sha) => `${sha}\n`).join(''));
}
