// How real sandboxes end, and what evidence stays (facts/sandbox.md 1.2).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../../src/sandbox/docker/engine.ts';
import { createDockerProvider } from '../../../src/sandbox/docker/provider.ts';
import { firstOutput, readAll } from '../conformance.ts';
import { type Laboratory, NEVER, openLaboratory } from './harness.ts';

const MIB = 1024 * 1024;
/** Keeps a line that never ends until the kernel ends it; small itself, so that nothing of it is paged in again. */
const HOG = 'tail /dev/zero';
const TIGHT = { memoryBytes: 96 * MIB, cpus: 2, pids: 100 };

let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await openLaboratory();
});

afterAll(() => laboratory.close());

describe('memory', () => {
  test('the command goes over its limit', async () => {
    const id = await laboratory.start({ argv: HOG.split(' '), limits: TIGHT });
    const exit = await laboratory.provider.wait(id, NEVER);
    expect(exit).toMatchObject({
      code: 137,
      oomKilled: true,
      killEventSeen: false,
      daemonGap: false,
      startError: null,
    });
    // The kernel's counter is gone some 30 ms after the kill: read in time, it says one; else nothing.
    expect([1, null]).toContain(exit.oomKillCount);
    const later = await createDockerProvider(createEngine(laboratory.engine.endpoint)).wait(id, NEVER);
    expect(later).toMatchObject({ code: 137, oomKilled: true, oomKillCount: null });
  });

  test('children go over the limit, and the command goes on', async () => {
    const script = `${HOG}; ${HOG}; echo survived; sleep 1.2; exit 0`;
    const id = await laboratory.start({ argv: ['sh', '-c', script], limits: TIGHT });
    const exit = await laboratory.provider.wait(id, NEVER);
    expect(exit).toMatchObject({ code: 0, oomKilled: true, oomKillCount: 2 });
    expect((await readAll(laboratory.provider, id)).stdout.toString()).toBe('survived\n');
  });

  test('a full page cache is no memory kill', async () => {
    const path = `${laboratory.folder}/large`;
    const script = `head -c 200000000 /dev/zero > '${path}'; cat '${path}' > /dev/null; rm '${path}'`;
    const id = await laboratory.start({ argv: ['sh', '-c', script], limits: TIGHT });
    expect(await laboratory.provider.wait(id, NEVER)).toMatchObject({ code: 0, oomKilled: false, oomKillCount: 0 });
  });
});

describe('137 from outside', () => {
  test.each([true, false])('docker kill leaves a kill event, watched: %s', async (watched) => {
    const id = await laboratory.start({});
    const waiting = watched ? laboratory.provider.wait(id, NEVER) : null;
    await laboratory.engine.docker.getContainer(id).kill();
    const exit = await (waiting ?? laboratory.provider.wait(id, NEVER));
    expect(exit).toMatchObject({ code: 137, oomKilled: false, oomKillCount: 0, killEventSeen: true, daemonGap: false });
  });

  test('kill -9 on the host leaves none', async ({ skip }) => {
    const id = await laboratory.start({});
    const { mainPid } = await laboratory.provider.handle(id);
    if (mainPid === null || process.getuid?.() !== 0) return skip('needs root, and the engine on this machine');
    const waiting = laboratory.provider.wait(id, NEVER);
    process.kill(mainPid, 'SIGKILL');
    expect(await waiting).toMatchObject({ code: 137, oomKilled: false, killEventSeen: false, daemonGap: false });
  });

  test('docker stop leaves one, and 143', async () => {
    const id = await laboratory.start({});
    const waiting = laboratory.provider.wait(id, NEVER);
    await laboratory.provider.stop(id, 10_000);
    expect(await waiting).toMatchObject({ code: 143, killEventSeen: true });
  });
});

test.each([true, false])('removed under us, watched: %s', async (watched) => {
  const id = await laboratory.start({ argv: ['sh', '-c', 'echo ready; exec sleep 300'] });
  await firstOutput(laboratory.provider, id);
  const waiting = watched ? laboratory.provider.wait(id, NEVER) : null;
  const reading = watched ? readAll(laboratory.provider, id) : null;
  await laboratory.engine.docker.getContainer(id).remove({ force: true });
  const exit = await (waiting ?? laboratory.provider.wait(id, NEVER));
  // Whoever watches may just see how it ends before it is gone.
  expect(watched ? [null, 137] : [null]).toContain(exit.code);
  expect(exit).toMatchObject({ startError: null, killEventSeen: watched, oomKilled: false });
  await (reading ?? readAll(laboratory.provider, id));
  expect(await laboratory.provider.handle(id)).toEqual({ cgroupPath: null, mainPid: null });
});

test('a paused sandbox is seen as such, and ends when it is stopped', async () => {
  const id = await laboratory.start({
    argv: ['sh', '-c', 'trap "exit 6" TERM; echo ready; while :; do sleep 0.05; done'],
  });
  await firstOutput(laboratory.provider, id);
  await laboratory.engine.docker.getContainer(id).pause();
  const found = await laboratory.provider.find({ namespace: laboratory.namespace });
  expect(found.find((sandbox) => sandbox.id === id)?.state).toBe('paused');
  await laboratory.provider.stop(id, 30_000);
  expect((await laboratory.provider.wait(id, NEVER)).code).toBe(6);
});

test('a paused sandbox can be killed', async () => {
  const id = await laboratory.start({});
  await laboratory.engine.docker.getContainer(id).pause();
  await laboratory.provider.kill(id);
  expect((await laboratory.provider.wait(id, NEVER)).code).toBe(137);
});

test('a sandbox that was created and never started is found, and can be removed', async () => {
  const attempt = laboratory.spec({});
  const id = await laboratory.start(attempt);
  await laboratory.provider.kill(id);
  const inspected = await laboratory.engine.docker.getContainer(id).inspect();
  const name = `${attempt.name}-created`;
  const created = await laboratory.engine.docker.createContainer({
    name,
    Image: attempt.image,
    Labels: inspected.Config.Labels,
  });
  const found = await laboratory.provider.find({ namespace: laboratory.namespace });
  expect(found.find((sandbox) => sandbox.name === name)).toMatchObject({ id: created.id, state: 'created' });
  expect(await laboratory.provider.wait(created.id, NEVER)).toMatchObject({
    code: null,
    startError: expect.stringMatching(/never started/),
  });
  await laboratory.provider.remove(created.id);
  expect(
    (await laboratory.provider.find({ namespace: laboratory.namespace })).map((sandbox) => sandbox.name),
  ).not.toContain(name);
});
