// An engine that is not there, may not be used, hangs, or says no: real sockets, no Docker.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, createEngine, type Engine, statusOf } from '../../../src/sandbox/docker/engine.ts';
import { engineInfo, imageExists } from '../../../src/sandbox/docker/engine-info.ts';

let folder: string;
let socketPath: string;
let server: Server | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ralph-tui-engine-'));
  socketPath = join(folder, 'docker.sock');
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

function engineAt(path: string): Engine {
  return createEngine({ kind: 'unix', socketPath: path, source: 'DOCKER_HOST' });
}

async function serve(handler: Parameters<typeof createServer>[1]): Promise<void> {
  server = createServer(handler ?? (() => {}));
  server.listen(socketPath);
  await once(server, 'listening');
}

test('an engine that is not there', async () => {
  const asking = engineInfo(engineAt(socketPath));
  await expect(asking).rejects.toMatchObject({ name: 'SandboxError', code: 'engine_away' });
  await expect(asking).rejects.toThrow(/docker\.sock, from DOCKER_HOST\): .*ENOENT.*systemctl start docker/);
});

test('an engine that hangs before, and within, its answer', async () => {
  await serve((request, response) => {
    if (request.url === '/containers/b/json?') response.writeHead(200).write('{');
  });
  const engine = engineAt(socketPath);
  for (const name of ['a', 'b']) {
    const asking = engine.call('answer', (abortSignal) => engine.docker.getContainer(name).inspect({ abortSignal }), {
      deadlineMs: 50,
    });
    await expect(asking).rejects.toMatchObject({ code: 'engine_away' });
    await expect(asking).rejects.toThrow(/did not answer .*no answer within 0\.05 s/);
  }
});

test('an engine that goes away within its answer', async () => {
  await serve((request, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('{');
    setTimeout(() => request.socket.destroy(), 20);
  });
  const engine = engineAt(socketPath);
  const asking = engine.call('answer', (abortSignal) => engine.docker.getContainer('x').inspect({ abortSignal }), {
    deadlineMs: 300,
  });
  await expect(asking).rejects.toMatchObject({ code: 'engine_away' });
});

test('a caller who gives up gets their own reason', async () => {
  await serve(() => {});
  const engine = engineAt(socketPath);
  const stop = new AbortController();
  const asking = engine.call('answer', (abortSignal) => engine.docker.getContainer('x').inspect({ abortSignal }), {
    signal: stop.signal,
  });
  stop.abort(new Error('enough'));
  await expect(asking).rejects.toThrow('enough');
});

test('what the engine answers stays what it is', async () => {
  await serve((_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"no  space\\nleft"}');
  });
  const engine = engineAt(socketPath);
  const failure = await engine
    .call('answer', (abortSignal) => engine.docker.getContainer('x').inspect({ abortSignal }))
    .catch((error: unknown) => error);
  expect(statusOf(failure)).toBe(500);
  expect(answerOf(failure)).toBe('no space left');
});

test('an image that is not there', async () => {
  await serve((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"No such image: x"}');
  });
  expect(await imageExists(engineAt(socketPath), 'x')).toBe(null);
});
