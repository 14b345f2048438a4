// The order in which an engine tells of an end is its own: real sockets, no Docker.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../../src/sandbox/docker/engine.ts';
import { DEFAULT_OUTAGE_POLICY } from '../../../src/sandbox/docker/outage.ts';
import { waitForExit } from '../../../src/sandbox/docker/wait.ts';

const NEVER = new AbortController().signal;
const FINISHED = '2026-11-21T10:17:38.500000000Z';
const CREATE = { Action: 'create' };
const DIE = { Action: 'die', Actor: { Attributes: { exitCode: '137' } } };
const KILL = { Action: 'kill', Actor: { Attributes: { signal: '9' } } };

let folder: string;
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ralph-tui-wait-'));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** An engine whose container has ended with 137, and whose history says this. Answers what the history was asked for. */
async function engineThatTells(history: readonly object[]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/events')) {
      asked.push(new URL(url, 'http://engine').searchParams.get('until') ?? 'no end');
      response.end(history.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return;
    }
    response.setHeader('content-type', 'application/json');
    const State = { Status: 'exited', Running: false, OOMKilled: false, Pid: 0, ExitCode: 137, Error: '' };
    const times = { StartedAt: '2026-11-21T10:17:32.000000000Z', FinishedAt: FINISHED };
    response.end(JSON.stringify({ Id: 'c', Created: times.StartedAt, State: { ...State, ...times } }));
  });
  server.listen(join(folder, 'docker.sock'));
  await once(server, 'listening');
  const engine = createEngine({ kind: 'unix', socketPath: join(folder, 'docker.sock'), source: 'DOCKER_HOST' });
  return { asked, exit: await waitForExit(engine, 'c', NEVER, DEFAULT_OUTAGE_POLICY) };
}

test.each([
  ['before', [CREATE, KILL, DIE]],
  ['behind', [CREATE, DIE, KILL]],
])('a kill that the engine notes %s the death is seen', async (_, history) => {
  expect((await engineThatTells(history)).exit).toMatchObject({ code: 137, killEventSeen: true, daemonGap: false });
});

test('the history is asked for a while beyond the end', async () => {
  const { asked } = await engineThatTells([CREATE, KILL, DIE]);
  expect(asked).toEqual(['1795256259.500000000']);
});

test('a death that nobody asked the engine for has no kill', async () => {
  expect((await engineThatTells([CREATE, DIE])).exit).toMatchObject({ killEventSeen: false, daemonGap: false });
});
