// Where the kernel keeps a container's figures: both versions, as the files really look.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Cgroup,
  cgroupFolders,
  counterIn,
  parseMounts,
  readCounters,
  readOomKillCount,
} from '../../../src/sandbox/docker/cgroup.ts';

const ID = 'd57ba6490eb49a4ee925df2fac3456f4c89f7f8ea16853af5baa4202ce0fd3ee';

const HYBRID_MOUNTS = `tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`;

const V2_MOUNTS = `proc /proc proc rw 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot 0 0
`;

describe('cgroupFolders', () => {
  test('v1 with a unified hierarchy beside it', () => {
    const membership = `8:pids:/docker/${ID}\n4:memory:/docker/${ID}\n2:cpu,cpuacct:/docker/${ID}\n0::/docker/${ID}\n`;
    expect(cgroupFolders(membership, parseMounts(HYBRID_MOUNTS), ID)).toEqual({
      version: 1,
      memoryFolder: `/sys/fs/cgroup/memory/docker/${ID}`,
      cpuFolder: `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}`,
      pidsFolder: `/sys/fs/cgroup/pids/docker/${ID}`,
    });
  });

  test('v2 with the systemd driver', () => {
    const folder = `/sys/fs/cgroup/system.slice/docker-${ID}.scope`;
    expect(cgroupFolders(`0::/system.slice/docker-${ID}.scope\n`, parseMounts(V2_MOUNTS), ID)).toEqual({
      version: 2,
      memoryFolder: folder,
      cpuFolder: folder,
      pidsFolder: folder,
    });
  });

  test('a process that is not the container’s', () => {
    expect(cgroupFolders('0::/user.slice/user-1000.slice\n', parseMounts(V2_MOUNTS), ID)).toBe(null);
  });

  test('without the memory controller', () => {
    const mounts = parseMounts(HYBRID_MOUNTS.replace(/.*memory.*\n/, ''));
    expect(cgroupFolders(`4:memory:/docker/${ID}\n8:pids:/docker/${ID}\n`, mounts, ID)).toBe(null);
  });
});

describe('figures', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ralph-tui-cgroup-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, files: Record<string, string>): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  }

  async function v1(limit: string): Promise<Cgroup> {
    return {
      version: 1,
      memoryFolder: await write('memory', {
        'memory.usage_in_bytes': '74985472\n',
        'memory.limit_in_bytes': `${limit}\n`,
        'memory.stat':
          'cache 4583424\ninactive_file 1\nactive_file 2\ntotal_cache 4583424\ntotal_inactive_file 462848\n',
        'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
      }),
      cpuFolder: await write('cpu', { 'cpuacct.usage': '4971365975\n' }),
      pidsFolder: await write('pids', { 'pids.current': '8\n' }),
    };
  }

  async function v2(limit: string): Promise<Cgroup> {
    const path = await write('unified', {
      'memory.current': '74985472\n',
      'memory.max': `${limit}\n`,
      'memory.stat': 'anon 68726784\nfile 4583424\ninactive_file 462848\nactive_file 4120576\n',
      'memory.events': 'low 0\nhigh 0\nmax 12\noom 4\noom_kill 2\noom_group_kill 0\n',
      'cpu.stat': 'usage_usec 4971365\nuser_usec 4910000\nsystem_usec 61365\n',
      'pids.current': '8\n',
    });
    return { version: 2, memoryFolder: path, cpuFolder: path, pidsFolder: path };
  }

  test('v1', async () => {
    const cgroup = await v1('314572800');
    expect(await readCounters(cgroup)).toEqual({
      memoryBytes: 74985472 - 462848,
      limitBytes: 314572800,
      cpuMs: 4971.365975,
      tasks: 8,
    });
    expect(readOomKillCount(cgroup)).toBe(3);
  });

  test('v2', async () => {
    const cgroup = await v2('314572800');
    expect(await readCounters(cgroup)).toEqual({
      memoryBytes: 74985472 - 462848,
      limitBytes: 314572800,
      cpuMs: 4971.365,
      tasks: 8,
    });
    expect(readOomKillCount(cgroup)).toBe(2);
  });

  test('no limit', async () => {
    expect((await readCounters(await v1('9223372036854771712')))?.limitBytes).toBe(null);
    expect((await readCounters(await v2('max')))?.limitBytes).toBe(null);
  });

  test('a cgroup that is gone', async () => {
    const gone: Cgroup = { version: 2, memoryFolder: '/nowhere', cpuFolder: '/nowhere', pidsFolder: '/nowhere' };
    expect(await readCounters(gone)).toBe(null);
    expect(readOomKillCount(gone)).toBe(null);
  });
});

test('a counter is found by its whole name', () => {
  expect(counterIn('oom 4\noom_kill 2\n', 'oom')).toBe(4);
  expect(counterIn('oom_kill_disable 0\n', 'oom_kill')).toBe(null);
});
