// The rest of what is asked of a real engine: what it is, an image, a cache volume, stats.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage, ImageBuildError } from '../../../src/sandbox/docker/build-image.ts';
import { cacheVolumeName, ensureCacheVolume } from '../../../src/sandbox/docker/cache-volume.ts';
import { engineInfo, imageExists } from '../../../src/sandbox/docker/engine-info.ts';
import { followStats } from '../../../src/sandbox/docker/stats-stream.ts';
import { readAll } from '../conformance.ts';
import { BASE, type Laboratory, NEVER, openLaboratory, TEST_IMAGE } from './harness.ts';

let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await openLaboratory();
});

afterAll(() => laboratory.close());

test('the engine says what it is', async () => {
  const info = await engineInfo(laboratory.engine);
  expect(info.version).toMatch(/^\d+\.\d+/);
  expect(info.apiVersion).toMatch(/^1\.\d+$/);
  expect([1, 2]).toContain(info.cgroupVersion);
  expect(info.cpus).toBeGreaterThan(0);
  expect(info.memoryBytes).toBeGreaterThan(512 * 1024 * 1024);
  if (laboratory.engine.endpoint.kind === 'unix') expect(info.memoryBytes).toBeLessThanOrEqual(totalmem() * 1.01);
});

test('an image and its agent', async () => {
  const image = await imageExists(laboratory.engine, TEST_IMAGE);
  expect(image?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(image?.agentVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await imageExists(laboratory.engine, 'ralph-tui/no-such-image')).toBe(null);
  expect(await imageExists(laboratory.engine, 'No Image Has This Name')).toBe(null);
});

describe('the cache volume', () => {
  const repository = `test: cache-${process.pid}`;
  const owner = () => ({ namespace: laboratory.namespace, repository, user: BASE.user, image: TEST_IMAGE });
  const volume = cacheVolumeName(repository, BASE.user.uid);

  afterAll(async () => {
    for (const sandbox of await laboratory.provider.find({ namespace: laboratory.namespace })) {
      await laboratory.provider.remove(sandbox.id);
    }
    await laboratory.engine.docker.getVolume(volume).remove();
  });

  test('belongs to the user, keeps what is in it, and is made once', async () => {
    expect(await ensureCacheVolume(laboratory.engine, owner())).toBe(volume);
    const use = async (script: string) => {
      const volumes = [{ name: volume, target: '/home/agent/.cache' }];
      const id = await laboratory.start({ argv: ['sh', '-c', script], volumes });
      const { stdout, stderr } = await readAll(laboratory.provider, id);
      return `${stdout}${stderr}`;
    };
    expect(await use('echo kept > "$HOME/.cache/file"; stat -c %u "$HOME/.cache"')).toBe(`${BASE.user.uid}\n`);
    const before = await laboratory.engine.docker.getVolume(volume).inspect();
    expect(await ensureCacheVolume(laboratory.engine, owner())).toBe(volume);
    expect(await laboratory.engine.docker.getVolume(volume).inspect()).toEqual(before);
    expect(await use('cat "$HOME/.cache/file"')).toBe('kept\n');
    expect(before.Labels).toMatchObject({ 'ralph-tui.namespace': laboratory.namespace, 'ralph-tui.cache': repository });
  });

  test('is set up again when that was cut short', async () => {
    const setup = await laboratory.engine.docker.createContainer({
      name: `${volume}-setup`,
      Image: TEST_IMAGE,
      User: '0:0',
      Entrypoint: ['chown'],
      Cmd: ['0:0', '/cache'],
      HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: '/cache' }], NetworkMode: 'none' },
    });
    await setup.start();
    await setup.wait();
    await ensureCacheVolume(laboratory.engine, owner());
    await expect(setup.inspect()).rejects.toMatchObject({ statusCode: 404 });
    const id = await laboratory.start({
      argv: ['stat', '-c', '%u', '/cache'],
      volumes: [{ name: volume, target: '/cache' }],
    });
    expect((await readAll(laboratory.provider, id)).stdout.toString()).toBe(`${BASE.user.uid}\n`);
  });

  test('cannot be made with an image that is not there', async () => {
    const failing = ensureCacheVolume(laboratory.engine, {
      ...owner(),
      repository: `${repository}-2`,
      image: 'ralph-tui/none',
    });
    await expect(failing).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringMatching(/ralph-tui image/),
    });
  });
});

describe('building the image', () => {
  let folder: string;
  let lines: string[];
  const tag = `ralph-tui-test-build:${process.pid}`;

  const { TMPDIR } = process.env;
  const label = 'ralph-tui.test-build';
  const HEAD = `ARG BASE_IMAGE
FROM $BASE_IMAGE
LABEL ${label}=1
ARG USER_ID
ARG GROUP_ID
ARG CLAUDE_CODE_VERSION
USER root
`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ralph-tui-build-'));
    // So that it can be seen what a build leaves there.
    process.env.TMPDIR = folder;
    await writeFile(join(folder, 'private'), 'must not reach the engine');
    await writeFile(join(folder, 'company.pem'), 'made-up certificate');
  });

  afterAll(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(folder, { recursive: true, force: true });
    await laboratory.engine.docker.getImage(tag).remove({ force: true });
    // What a failed build had made until then.
    await laboratory.engine.docker.pruneImages({ filters: { dangling: ['true'], label: [label] } });
  });

  async function build(dockerfile: string, extraCa: string | null, signal?: AbortSignal) {
    const path = join(folder, 'Some.dockerfile');
    await writeFile(path, dockerfile);
    lines = [];
    return buildImage(laboratory.engine, {
      tag,
      dockerfile: path,
      extraCa,
      user: { uid: 1234, gid: 5678 },
      baseImage: TEST_IMAGE,
      agentVersion: '9.8.7',
      onLine: (line) => lines.push(line),
      ...(signal ? { signal } : {}),
    });
  }

  test('takes the arguments and the certificate in, and nothing else', async () => {
    const text = `${HEAD}COPY . /context/\nRUN ls /context; cat /context/extra-ca.crt; echo " for $USER_ID:$GROUP_ID"
LABEL ralph-tui.claude-code.version=\${CLAUDE_CODE_VERSION}\n`;
    const image = await build(text, join(folder, 'company.pem'));
    expect(image.agentVersion).toBe('9.8.7');
    expect(lines).toContain('made-up certificate for 1234:5678');
    const start = lines.findIndex((line) => line.includes(': RUN ls'));
    expect(lines.slice(start).filter((line) => /^[\w.-]+$/.test(line))).toEqual(['Dockerfile.sandbox', 'extra-ca.crt']);
    expect(lines.filter((line) => /^Step \d+\/\d+ : /.test(line)).length).toBe(10);
  });

  test('a step that fails is named, with its last words', async () => {
    const text = `${HEAD}RUN echo before\nRUN for i in $(seq 30); do echo "line $i" >&2; done; exit 9\n`;
    const failure = await build(text, null).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImageBuildError);
    const { step, lastLines, message } = failure as ImageBuildError;
    expect(step).toMatch(/^Step 9\/9 : RUN for/);
    expect(lastLines.length).toBe(20);
    expect(lastLines.at(-1)).toBe('line 30');
    expect(message).toMatch(/returned a non-zero code: 9/);
  });

  test('a file that is no Dockerfile', async () => {
    await expect(build('NONSENSE here\n', null)).rejects.toMatchObject({ code: 'image_build_failed' });
  });

  test('a build can be ended', async () => {
    const stop = new AbortController();
    const building = build(`${HEAD}RUN echo begun; sleep 120\n`, null, stop.signal);
    building.catch(() => {});
    while (!lines.some((line) => line.includes('RUN echo begun'))) await new Promise((done) => setTimeout(done, 20));
    stop.abort();
    await expect(building).rejects.toThrow(/abort/i);
  });

  test('leaves no context behind', async () => {
    expect((await readdir(folder)).sort()).toEqual(['Some.dockerfile', 'company.pem', 'private']);
  });
});

test('the engine’s stats, for engines that are elsewhere', async () => {
  const id = await laboratory.start({
    argv: ['node', '-e', 'const hold = Buffer.alloc(60e6, 1); for (;;) hold[0] += 1;'],
  });
  const samples = [];
  for await (const sample of followStats(laboratory.engine, id, NEVER)) {
    samples.push(sample);
    if (samples.length === 3) await laboratory.provider.kill(id);
  }
  expect(samples[2]?.memoryBytes).toBeGreaterThan(60e6);
  expect(samples[2]?.memoryBytes).toBeLessThan(400e6);
  expect(samples[2]?.limitBytes).toBe(BASE.limits.memoryBytes);
  expect(samples[2]?.cpuPercent).toBeGreaterThan(1);
  expect(samples[2]?.processes).toBeGreaterThanOrEqual(1);
});
