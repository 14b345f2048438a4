// What is true inside a real sandbox, and what the engine says of it.
import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAll } from '../conformance.ts';
import { BASE, type Laboratory, NEVER, openLaboratory, TEST_IMAGE } from './harness.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;

let laboratory: Laboratory;

beforeAll(async () => {
  laboratory = await openLaboratory();
});

afterAll(() => laboratory.close());

async function output(script: string, changes: Parameters<Laboratory['spec']>[0] = {}): Promise<string> {
  const id = await laboratory.start({ argv: ['sh', '-c', script], ...changes });
  const { stdout, stderr } = await readAll(laboratory.provider, id);
  return `${stdout}${stderr}`;
}

test('no capability, no new privileges, system calls filtered, no core files', async () => {
  const status = await output('cat /proc/self/status; ulimit -c');
  expect(status).toMatch(/^CapEff:\t0+$/m);
  expect(status).toMatch(/^CapBnd:\t0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^0$/m);
});

test('the root is read-only, /tmp and the home are not, and run programs', async () => {
  const script = `
    touch /usr/x /etc/x /x 2>&1 | sort -u | wc -l
    for place in /tmp "$HOME"; do
      printf '#!/bin/sh\\necho runs\\n' > "$place/program" && chmod +x "$place/program" && "$place/program"
    done
    stat -c '%u %n' /tmp "$HOME"
    df -B1 --output=size /tmp "$HOME" | tail -2`;
  const lines = (await output(script)).trim().split('\n');
  expect(lines.slice(0, 3)).toEqual(['3', 'runs', 'runs']);
  expect(lines.slice(3, 5)).toEqual(['0 /tmp', `${BASE.user.uid} /home/agent`]);
  expect(lines.slice(5).map(Number)).toEqual([128 * MIB, 128 * MIB]);
});

test('nothing of the host is mounted but what was named', async () => {
  const other = join(laboratory.folder, 'other');
  await mkdir(other, { recursive: true });
  await writeFile(join(other, 'file'), 'from outside');
  const mounts = [
    { source: laboratory.folder, target: laboratory.folder, readonly: false },
    { source: other, target: '/inbox', readonly: true },
  ];
  const text = await output(
    'cat /inbox/file; echo; touch /inbox/x || echo refused; ls /var/run/docker.sock; cat /proc/mounts',
    {
      mounts,
    },
  );
  expect(text).toMatch(/^from outside\n/);
  expect(text).toMatch(/refused/);
  expect(text).toMatch(/docker\.sock.*No such file/);
  const disks = text.split('\n').filter((line) => line.startsWith('/dev/'));
  const targets = disks.map((line) => line.split(' ')[1]).sort();
  // Docker's own three files and its init are the rest.
  const dockers = [
    '/dev/termination-log',
    '/etc/hostname',
    '/etc/hosts',
    '/etc/resolv.conf',
    '/sbin/docker-init',
    '/usr/sbin/docker-init',
  ];
  expect(targets.filter((target) => !dockers.includes(target ?? ''))).toEqual(['/inbox', laboratory.folder].sort());
});

test('without a network there is only the loopback', async () => {
  expect((await output('ls /sys/class/net')).trim()).toBe('lo');
});

test('the limits are those of the attempt, and nothing rotates or removes', async () => {
  const id = await laboratory.start({ limits: { memoryBytes: 256 * MIB, cpus: 0.5, pids: 77 } });
  const { HostConfig } = await laboratory.engine.docker.getContainer(id).inspect();
  expect(HostConfig).toMatchObject({
    Memory: 256 * MIB,
    MemorySwap: 256 * MIB,
    NanoCpus: 500_000_000,
    PidsLimit: 77,
    Init: true,
    ReadonlyRootfs: true,
    Privileged: false,
    AutoRemove: false,
    CapDrop: ['ALL'],
    IpcMode: 'private',
    NetworkMode: 'none',
    RestartPolicy: { Name: 'no' },
    LogConfig: { Type: 'json-file', Config: {} },
  });
});

test('secrets stand neither in inspect nor on the engine’s disk nor in the process list', async () => {
  const secret = 'made-up-secret-5f3a';
  const prompt = join(laboratory.folder, 'prompt');
  await writeFile(prompt, 'hello');
  const id = await laboratory.start({
    argv: ['sh', '-c', 'cat; echo " $SECRET"; exec sleep 300'],
    secrets: { SECRET: secret },
    stdinPath: prompt,
  });
  for await (const { bytes } of laboratory.provider.output(id, { stdout: 0, stderr: 0 }, NEVER)) {
    if (Buffer.from(bytes).toString().includes(secret)) break;
  }
  const container = laboratory.engine.docker.getContainer(id);
  expect(JSON.stringify(await container.inspect())).not.toContain(secret);
  const { Processes } = (await container.top()) as { Processes: string[][] };
  expect(JSON.stringify(Processes)).not.toContain(secret);
  // Docker's init, and the command itself.
  expect(Processes.map((columns) => columns.at(-1))).toEqual([expect.stringMatching(/docker-init/), 'sleep 300']);
  const onDisk = join('/var/lib/docker/containers', id);
  const files = await readdir(onDisk).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.v2.json') || name === 'hostconfig.json')) {
    expect(await readFile(join(onDisk, file), 'utf8')).not.toContain(secret);
  }
});

describe.runIf(process.getuid?.() === 0)('a repository', () => {
  test.each([
    ['of another uid', { uid: 4321, gid: 4322 }],
    ['of root', { uid: 0, gid: 0 }],
  ])('%s can be worked on and committed to', async (name, user) => {
    const repository = join(laboratory.folder, name.replaceAll(' ', '-'));
    await mkdir(repository);
    await run('git', ['init', '--quiet', repository]);
    await run('chown', ['-R', `${user.uid}:${user.gid}`, repository]);
    await chown(laboratory.folder, BASE.user.uid, BASE.user.gid);
    const text = await output(
      'id -u; echo work > file && git add file && git commit --quiet -m "from inside" && git log --format=%s',
      {
        user,
        workdir: repository,
        mounts: [{ source: repository, target: repository, readonly: false }],
        environment: {
          GIT_AUTHOR_NAME: 'A',
          GIT_AUTHOR_EMAIL: 'a@example.com',
          GIT_COMMITTER_NAME: 'A',
          GIT_COMMITTER_EMAIL: 'a@example.com',
        },
      },
    );
    expect(text.trim().split('\n')).toEqual([String(user.uid), 'from inside']);
    expect((await stat(join(repository, 'file'))).uid).toBe(user.uid);
  });
});

describe('what cannot start says why, and leaves nothing behind', () => {
  test.each([
    [
      'an image that is not there',
      { image: 'ralph-tui/no-such-image' },
      /ralph-tui image --image ralph-tui\/no-such-image builds it/,
    ],
    ['a network that is not there', { network: { kind: 'bridge', name: 'no-such-network' } }, /no-such-network/],
    [
      'a folder that is not there',
      { mounts: [{ source: '/no/such/folder', target: '/x', readonly: false }] },
      /no\/such\/folder/,
    ],
    ['a memory limit below the engine’s least', { limits: { memoryBytes: MIB, cpus: 1, pids: 10 } }, /memory/i],
  ] as const)('%s', async (_, changes, message) => {
    const attempt = laboratory.spec(changes as Parameters<Laboratory['spec']>[0]);
    const starting = laboratory.provider.start(attempt);
    await expect(starting).rejects.toMatchObject({ code: 'start_failed', message: expect.stringMatching(message) });
    const found = await laboratory.provider.find({ namespace: laboratory.namespace });
    expect(found.map((sandbox) => sandbox.name)).not.toContain(attempt.name);
  });
});

test('the command replaces the image’s entry point', async () => {
  // An image whose ENTRYPOINT would swallow the command.
  const { docker } = laboratory.engine;
  const container = await docker.createContainer({
    Image: TEST_IMAGE,
    Cmd: ['true'],
    Labels: { 'ralph-tui.namespace': laboratory.namespace },
  });
  const [repo, tag] = ['ralph-tui-test-entrypoint', laboratory.namespace];
  await container.commit({ repo, tag, changes: 'ENTRYPOINT ["echo", "swallowed"]' });
  await container.remove();
  try {
    expect(await output('echo mine', { image: `${repo}:${tag}` })).toBe('mine\n');
  } finally {
    await docker.getImage(`${repo}:${tag}`).remove({ force: true });
  }
});
