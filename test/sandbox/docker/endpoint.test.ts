// Where the engine is looked for, with real folders in place of a home.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeEndpoint, resolveEndpoint } from '../../../src/sandbox/docker/endpoint.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ralph-tui-endpoint-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

function resolve(environment: Record<string, string> = {}) {
  return resolveEndpoint({ environment, homeFolder: home });
}

/** A context as `docker context create` leaves it. */
async function writeContext(name: string, host: string, tls?: Record<string, string>): Promise<void> {
  const digest = createHash('sha256').update(name).digest('hex');
  const folder = join(home, '.docker', 'contexts', 'meta', digest);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'meta.json'),
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } }),
  );
  if (tls === undefined) return;
  const tlsFolder = join(home, '.docker', 'contexts', 'tls', digest, 'docker');
  await mkdir(tlsFolder, { recursive: true });
  for (const [file, text] of Object.entries(tls)) await writeFile(join(tlsFolder, file), text);
}

async function writeConfig(config: unknown): Promise<void> {
  await mkdir(join(home, '.docker'), { recursive: true });
  await writeFile(join(home, '.docker', 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
}

describe('DOCKER_HOST', () => {
  test.each([
    ['unix:///run/other.sock', { kind: 'unix', socketPath: '/run/other.sock' }],
    ['tcp://192.0.2.7:2375', { kind: 'tcp', host: '192.0.2.7', port: 2375, tls: null }],
    ['tcp://engine.example', { kind: 'tcp', host: 'engine.example', port: 2375, tls: null }],
    ['192.0.2.7:4243', { kind: 'tcp', host: '192.0.2.7', port: 4243, tls: null }],
    ['http://192.0.2.7:2375', { kind: 'tcp', host: '192.0.2.7', port: 2375, tls: null }],
    ['tcp://192.0.2.7:2376', { kind: 'tcp', port: 2376, tls: { ca: null, cert: null, key: null } }],
    ['https://192.0.2.7', { kind: 'tcp', port: 2376, tls: { ca: null, cert: null, key: null } }],
  ])('%s', async (host, expected) => {
    expect(await resolve({ DOCKER_HOST: host })).toMatchObject({ ...expected, source: 'DOCKER_HOST' });
  });

  test('wins over every context', async () => {
    await writeContext('remote', 'tcp://192.0.2.9:2375');
    await writeConfig({ currentContext: 'remote' });
    const endpoint = await resolve({ DOCKER_HOST: 'unix:///run/mine.sock', DOCKER_CONTEXT: 'remote' });
    expect(describeEndpoint(endpoint)).toBe('unix:///run/mine.sock');
  });

  test('with TLS reads the certificates', async () => {
    await writeFile(join(home, 'ca.pem'), 'made-up authority');
    const environment = { DOCKER_HOST: 'tcp://192.0.2.7:2375', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home };
    const endpoint = await resolve(environment);
    expect(endpoint).toMatchObject({ tls: { ca: Buffer.from('made-up authority'), cert: null } });
    expect(describeEndpoint(endpoint)).toBe('tcp://192.0.2.7:2375 (TLS)');
  });

  test.each([
    ['ssh://me@engine.example', /behind ssh.*forward its socket/],
    ['npipe:////./pipe/docker_engine', /only unix:\/\/ and tcp:\/\//],
    ['tcp://', /only unix:\/\/ and tcp:\/\//],
  ])('%s is refused with a line that says why', async (host, message) => {
    await expect(resolve({ DOCKER_HOST: host })).rejects.toMatchObject({
      code: 'engine_away',
      message: expect.stringMatching(message),
    });
  });
});

describe('the docker context', () => {
  test('of config.json is used', async () => {
    await writeContext('colima', 'unix:///run/colima.sock');
    await writeConfig({ auths: {}, currentContext: 'colima' });
    expect(await resolve()).toEqual({
      kind: 'unix',
      socketPath: '/run/colima.sock',
      source: 'the docker context "colima"',
    });
  });

  test('of DOCKER_CONTEXT wins, and brings its certificates', async () => {
    await writeContext('colima', 'unix:///run/colima.sock');
    await writeContext('remote', 'tcp://192.0.2.9:2376', { 'ca.pem': 'a', 'cert.pem': 'b', 'key.pem': 'c' });
    await writeConfig({ currentContext: 'colima' });
    expect(await resolve({ DOCKER_CONTEXT: 'remote' })).toMatchObject({
      host: '192.0.2.9',
      tls: { ca: Buffer.from('a'), cert: Buffer.from('b'), key: Buffer.from('c') },
    });
  });

  test('is found in DOCKER_CONFIG', async () => {
    await writeContext('colima', 'unix:///run/colima.sock');
    const environment = { DOCKER_CONFIG: join(home, '.docker'), DOCKER_CONTEXT: 'colima' };
    const endpoint = await resolveEndpoint({ environment, homeFolder: '/nowhere' });
    expect(describeEndpoint(endpoint)).toBe('unix:///run/colima.sock');
  });

  test('that does not exist is an error that names it', async () => {
    await writeConfig({ currentContext: 'gone' });
    await expect(resolve()).rejects.toThrow(/context "gone" has no engine address/);
  });

  test.each([{ currentContext: 'default' }, {}, '{ torn'])(
    'config.json %o leads to the usual sockets',
    async (config) => {
      await writeConfig(config);
      expect(await resolve()).toMatchObject({ kind: 'unix', source: 'the usual place' });
    },
  );
});
