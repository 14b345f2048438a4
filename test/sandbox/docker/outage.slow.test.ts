// The engine goes away in the middle: connections cut, refused, frozen, in front of the real engine.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SandboxId, SandboxProvider } from '../../../src/core/sandbox.ts';
import { createEngine, type Engine } from '../../../src/sandbox/docker/engine.ts';
import { createDockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { readAll } from '../conformance.ts';
import { type CuttableSocket, openCuttableSocket } from './cuttable-socket.ts';
import { type Laboratory, NEVER, openLaboratory } from './harness.ts';

let laboratory: Laboratory;
let wire: CuttableSocket;
/** Behind the wire. */
let engine: Engine;
/** Uses that engine; gives up after a second and a half. */
let provider: SandboxProvider;
let sockets = 0;

beforeAll(async () => {
  laboratory = await openLaboratory();
});

afterAll(() => laboratory.close());

beforeEach(async ({ skip }) => {
  const { endpoint } = laboratory.engine;
  if (endpoint.kind !== 'unix') return skip('needs the engine’s socket');
  sockets += 1;
  const socketPath = join(laboratory.folder, `${sockets}.sock`);
  wire = await openCuttableSocket(socketPath, endpoint.socketPath);
  engine = createEngine({ kind: 'unix', socketPath, source: 'the test' });
  provider = createDockerProvider(engine, { outage: { giveUpAfterMs: 1_500, retryMs: [20, 50] } });
});

afterEach(() => wire.close());

/** Ends when `path` exists. */
function untilFile(path: string, before = ''): string[] {
  return ['sh', '-c', `${before} until [ -e '${path}' ]; do sleep 0.05; done; echo end; exit 5`];
}

async function hashOf(id: SandboxId, from: SandboxProvider): Promise<string> {
  const { stdout, stderr } = await readAll(from, id);
  return `${createHash('sha256').update(stdout).digest('hex')} ${createHash('sha256').update(stderr).digest('hex')}`;
}

test('output is whole although every connection is cut again and again', async () => {
  const script = `
    const write = (stream, text) => new Promise((done) => stream.write(text, done));
    for (let i = 0; i < 300; i += 1) {
      await write(i % 4 === 3 ? process.stderr : process.stdout, (i + ' ').repeat(5000) + '\\n');
      await new Promise((done) => setTimeout(done, 3));
    }
    await write(process.stdout, 'the end');`;
  const path = join(laboratory.folder, 'writer.mjs');
  await writeFile(path, script);
  const id = await laboratory.start({ argv: ['node', path] });
  // Ever later: each connection begins at the log's start again.
  let limit = 100_000;
  const cutting = setInterval(() => {
    limit += 400_000;
    wire.cutAfter(limit);
  }, 100);
  wire.cutAfter(limit);
  try {
    const got = await hashOf(id, provider);
    expect(got).toBe(await hashOf(id, laboratory.provider));
  } finally {
    clearInterval(cutting);
  }
  expect((await readAll(provider, id)).stdout.subarray(-7).toString()).toBe('the end');
});

test('a sandbox that ends while the engine is away is known afterwards, and that something may be missing', async () => {
  const flag = join(laboratory.folder, 'end-1');
  const id = await laboratory.start({ argv: untilFile(flag) });
  const waiting = provider.wait(id, NEVER);
  const reading = readAll(provider, id);
  await sleep(300);
  wire.refuse(true);
  await writeFile(flag, '');
  await sleep(500);
  wire.refuse(false);
  expect(await waiting).toMatchObject({ code: 5, oomKilled: false, daemonGap: true });
  expect((await reading).stdout.toString()).toBe('end\n');
});

test('an outage that is over before the end is a gap, too', async () => {
  const flag = join(laboratory.folder, 'end-2');
  const id = await laboratory.start({ argv: untilFile(flag) });
  const waiting = provider.wait(id, NEVER);
  await sleep(300);
  wire.cut();
  await sleep(300);
  await writeFile(flag, '');
  expect(await waiting).toMatchObject({ code: 5, daemonGap: true });
});

test('an engine that stays away ends everything with one kind of error, and it can be begun again', async () => {
  const flag = join(laboratory.folder, 'end-3');
  const id = await laboratory.start({ argv: untilFile(flag, 'echo first;') });
  const offsets = { stdout: 0, stderr: 0 };
  const reading = (async () => {
    for await (const { stream, bytes } of provider.output(id, { ...offsets }, NEVER)) offsets[stream] += bytes.length;
  })();
  const waiting = provider.wait(id, NEVER);
  await sleep(300);
  wire.refuse(true);
  const results = await Promise.allSettled([reading, waiting, provider.find({ namespace: laboratory.namespace })]);
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: { name: 'SandboxError', code: 'engine_away' } });
  }
  wire.refuse(false);
  await writeFile(flag, '');
  expect((await readAll(provider, id, offsets)).stdout.toString()).toBe('end\n');
  expect((await provider.wait(id, NEVER)).code).toBe(5);
});

test('vitals go on without the engine', async () => {
  const id = await laboratory.start({});
  const samples: number[] = [];
  for await (const { memoryBytes } of provider.vitals(id, NEVER)) {
    samples.push(memoryBytes);
    wire.refuse(true);
    if (samples.length === 3) break;
  }
  expect(samples.every((bytes) => bytes > 0)).toBe(true);
});

test('a hung engine is noticed, and a wait for it can be ended', async () => {
  const id = await laboratory.start({});
  const stop = new AbortController();
  const waiting = provider.wait(id, stop.signal);
  await sleep(200);
  wire.freeze(true);
  const asking = engine.call('answer', (abortSignal) => engine.docker.getContainer(id).inspect({ abortSignal }), {
    deadlineMs: 200,
  });
  await expect(asking).rejects.toMatchObject({ code: 'engine_away' });
  stop.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  wire.freeze(false);
});

test('a wait outlives a hung engine', async () => {
  const flag = join(laboratory.folder, 'end-4');
  const id = await laboratory.start({ argv: untilFile(flag) });
  const waiting = provider.wait(id, NEVER);
  const reading = readAll(provider, id);
  await sleep(200);
  wire.freeze(true);
  await writeFile(flag, '');
  await sleep(500);
  wire.freeze(false);
  expect((await waiting).code).toBe(5);
  expect((await reading).stdout.toString()).toBe('end\n');
});
