// What a sandbox may and may not do, as the engine is told.
import { describe, expect, test } from 'vitest';
import type { AttemptSpec } from '../../../src/core/sandbox.ts';
import { containerConfig } from '../../../src/sandbox/docker/container-config.ts';

const GIB = 1024 ** 3;

const SPEC: AttemptSpec = {
  name: 'sandbox-loop-r1-7-2',
  labels: { namespace: 'live', repository: 'app-1234', run: 'r1', iteration: 7, attempt: 2 },
  workdir: '/home/me/my: app',
  argv: ['claude', '-p'],
  stdinPath: null,
  environment: { IS_SANDBOX: '1' },
  secrets: {},
  mounts: [
    { source: '/home/me/my: app', target: '/home/me/my: app', readonly: false },
    { source: '/state/inbox', target: '/inbox', readonly: true },
  ],
  volumes: [{ name: 'cache', target: '/cache' }],
  user: { uid: 1234, gid: 5678 },
  limits: { memoryBytes: 2 * GIB, cpus: 1.5, pids: 512 },
  network: { kind: 'open' },
  image: 'sandbox-loop',
};

test('the whole of it', () => {
  expect(containerConfig(SPEC)).toEqual({
    name: 'sandbox-loop-r1-7-2',
    Image: 'sandbox-loop',
    Entrypoint: ['claude'],
    Cmd: ['-p'],
    WorkingDir: '/home/me/my: app',
    User: '1234:5678',
    Env: ['HOME=/home/agent', 'IS_SANDBOX=1'],
    Labels: {
      'ralph-tui.namespace': 'live',
      'ralph-tui.repository': 'app-1234',
      'ralph-tui.run': 'r1',
      'ralph-tui.iteration': '7',
      'ralph-tui.attempt': '2',
    },
    OpenStdin: false,
    StdinOnce: false,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Tty: false,
    HostConfig: {
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Privileged: false,
      IpcMode: 'private',
      NetworkMode: 'bridge',
      Memory: 2 * GIB,
      MemorySwap: 2 * GIB,
      NanoCpus: 1_500_000_000,
      PidsLimit: 512,
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Tmpfs: {
        '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${GIB / 2}`,
        '/home/agent': `rw,exec,nosuid,nodev,mode=0700,uid=1234,gid=5678,size=${GIB / 2}`,
      },
      Mounts: [
        {
          Type: 'bind',
          Source: '/home/me/my: app',
          Target: '/home/me/my: app',
          ReadOnly: false,
          BindOptions: { Propagation: 'rprivate' },
        },
        {
          Type: 'bind',
          Source: '/state/inbox',
          Target: '/inbox',
          ReadOnly: true,
          BindOptions: { Propagation: 'rprivate' },
        },
        { Type: 'volume', Source: 'cache', Target: '/cache' },
      ],
      LogConfig: { Type: 'json-file', Config: {} },
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
    },
  });
});

test('secrets stand nowhere in it', () => {
  const config = containerConfig({ ...SPEC, secrets: { ANTHROPIC_API_KEY: 'made-up-key' } });
  expect(JSON.stringify(config)).not.toContain('made-up-key');
  expect(config).toMatchObject({ OpenStdin: true, StdinOnce: true });
});

test('HOME can be another', () => {
  expect(containerConfig({ ...SPEC, environment: { HOME: '/elsewhere' } }).Env).toEqual(['HOME=/elsewhere']);
});

describe('network', () => {
  test.each([
    [{ kind: 'none' } as const, 'none'],
    [{ kind: 'open' } as const, 'bridge'],
    [{ kind: 'bridge', name: 'my-net.1' } as const, 'my-net.1'],
  ])('%o', (network, mode) => {
    expect(containerConfig({ ...SPEC, network }).HostConfig?.NetworkMode).toBe(mode);
  });

  test.each(['host', 'container:database', 'ns:/proc/1/ns/net', ''])('the name "%s" would open the host', (name) => {
    expect(() => containerConfig({ ...SPEC, network: { kind: 'bridge', name } })).toThrow(
      /not the name of a bridge network/,
    );
  });
});

test('an empty command is refused', () => {
  expect(() => containerConfig({ ...SPEC, argv: [] })).toThrow(/no command/);
});
