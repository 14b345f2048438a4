// What only the host provider has: real processes, files, and a supervisor that dies.
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttemptSpec, SandboxId } from '../../../src/core/sandbox.ts';
import { createHostProvider } from '../../../src/sandbox/host/provider.ts';
import { listProcesses, readStat } from '../../../src/system/processes/process-table.ts';
import { readAll } from '../conformance.ts';

const NEVER = new AbortController().signal;

let root: string;
let workdir: string;
let provider: ReturnType<typeof createHostProvider>;
let started: SandboxId[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ralph-tui-host-'));
  workdir = join(root, 'work');
  mkdirSync(workdir);
  provider = createHostProvider({ stateRoot: join(root, 'state') });
  started = [];
});

afterEach(async () => {
  for (const id of started) await provider.kill(id);
  rmSync(root, { recursive: true, force: true });
});

function spec(changes: Partial<AttemptSpec>): AttemptSpec {
  return {
    name: 'sandbox-loop-r1-1-1',
    labels: { namespace: 'test', repository: 'here', run: 'r1', iteration: 1, attempt: 1 },
    workdir,
    argv: ['true'],
    stdinPath: null,
    environment: {},
    secrets: {},
    mounts: [],
    volumes: [],
    user: { uid: 0, gid: 0 },
    limits: { memoryBytes: 1e9, cpus: 1, pids: 100 },
    network: { kind: 'open' },
    image: '',
    ...changes,
  };
}

async function start(changes: Partial<AttemptSpec>): Promise<SandboxId> {
  const id = await provider.start(spec(changes));
  started.push(id);
  return id;
}

const folderOf = (id: SandboxId) => join(root, 'state', id);
const readIn = (id: SandboxId, name: string) => readFileSync(join(folderOf(id), name), 'utf8');
const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** A zombie, which waits for whoever inherited it, does not. */
function runs(pid: number): boolean {
  return listProcesses().some((process) => process.pid === pid);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

test.each<[string, Partial<AttemptSpec>, RegExp]>([
  [
    'a working directory that is not there',
    { workdir: '/no/such/folder' },
    /no such working directory: \/no\/such\/folder/,
  ],
  ['an input file that is not there', { stdinPath: '/no/such/file' }, /standard input: \/no\/such\/file/],
  ['no command', { argv: [] }, /no command/],
  ['a NUL byte', { argv: ['echo', 'a\0b'] }, /NUL/],
  ['a network that the host cannot close', { network: { kind: 'none' } }, /--sandbox docker/],
  ['a name that leaves the folder', { name: '../elsewhere' }, /not a name/],
  ['a name that hides', { name: '.hidden' }, /not a name/],
])('refuses %s, and leaves nothing', async (_, changes, message) => {
  await expect(provider.start(spec(changes))).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(message),
  });
  expect(exists(join(root, 'state')) ? readdirSync(join(root, 'state')) : []).toEqual([]);
});

test('an id that is no name of a folder is not found', async () => {
  await expect(provider.kill('../work')).rejects.toMatchObject({ code: 'not_found' });
  await expect(provider.remove('..')).rejects.toMatchObject({ code: 'not_found' });
  expect(exists(workdir)).toBe(true);
});

test('secrets are in no file, everything is for the owner alone, and the environment is whole', async () => {
  const id = await start({
    argv: ['sh', '-c', 'echo "$TOKEN" | tr a-z A-Z; echo "$RALPH_ATTEMPT"; pwd; echo "$PWD"'],
    secrets: { TOKEN: 'made-up-secret' },
  });
  await provider.wait(id, NEVER);
  const { stdout } = await readAll(provider, id);
  expect(stdout.toString().split('\n')).toEqual(['MADE-UP-SECRET', id, workdir, workdir, '']);
  for (const name of readdirSync(folderOf(id))) expect(readIn(id, name)).not.toContain('made-up-secret');
  for (const name of ['stdout', 'stderr', 'spec.json', 'shim']) {
    expect(statSync(join(folderOf(id), name)).mode & 0o777, name).toBe(0o600);
  }
  expect(statSync(folderOf(id)).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'state')).mode & 0o777).toBe(0o700);
});

test('only the agent itself has the agent’s command line', async () => {
  const id = await start({ argv: ['sleep', '299.25'] });
  const { mainPid } = await provider.handle(id);
  const like = () =>
    listProcesses()
      .filter(({ pid }) => exists(`/proc/${pid}`) && commandLine(pid).includes('sleep 299.25'))
      .map(({ pid }) => pid);
  // Between fork and exec it still has the shim's.
  await expect.poll(like).toEqual([mainPid]);
  const shimPid = readStat(mainPid ?? 0)?.parentPid ?? 0;
  expect(commandLine(shimPid)).toBe(`/bin/sh ${folderOf(id)}/shim`);
});

test('the agent survives the death of the program that started it, and is adopted', async () => {
  const script = `
    import { createHostProvider } from ${JSON.stringify(join(import.meta.dirname, '../../../src/sandbox/host/provider.ts'))};
    await createHostProvider({ stateRoot: ${JSON.stringify(join(root, 'state'))} }).start(JSON.parse(process.argv[2]));
    console.log('started');
    setInterval(() => {}, 1000);`;
  const path = join(root, 'starter.mjs');
  writeFileSync(path, script);
  const argv = ['sh', '-c', 'echo early; until [ -e go ]; do sleep 0.02; done; echo late; exit 9'];
  const starter = spawn(process.execPath, [path, JSON.stringify(spec({ argv }))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => starter.stdout.once('data', resolve));
  starter.kill('SIGKILL');
  await new Promise((resolve) => starter.once('exit', resolve));

  const [found] = await provider.find({ namespace: 'test', run: 'r1' });
  expect(found).toMatchObject({ name: 'sandbox-loop-r1-1-1', state: 'running' });
  const id = found?.id ?? '';
  started.push(id);
  const waiting = provider.wait(id, NEVER);
  writeFileSync(join(workdir, 'go'), '');
  expect(await waiting).toMatchObject({ code: 9, killEventSeen: false, daemonGap: false });
  expect((await readAll(provider, id)).stdout.toString()).toBe('early\nlate\n');
});

test('when the shim is killed, the agent still runs, and its end is a gap', async () => {
  const id = await start({ argv: ['sh', '-c', 'until [ -e go ]; do sleep 0.02; done; exit 9'] });
  const shimPid = Number.parseInt(readIn(id, 'shim.stat'), 10);
  process.kill(shimPid, 'SIGKILL');
  expect(await provider.find({ namespace: 'test' })).toMatchObject([{ state: 'running' }]);
  const waiting = provider.wait(id, NEVER);
  writeFileSync(join(workdir, 'go'), '');
  expect(await waiting).toMatchObject({ code: null, daemonGap: true, oomKilled: false, finishedAt: null });
  expect(await provider.find({ namespace: 'test' })).toMatchObject([{ state: 'exited' }]);
});

test('a pid of an earlier boot is nobody', async () => {
  const id = await start({ argv: ['sleep', '300'] });
  const path = join(folderOf(id), 'spec.json');
  const record = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...record, bootId: '00000000-0000-0000-0000-000000000000' }));
  expect(await provider.find({ namespace: 'test' })).toMatchObject([{ state: 'exited' }]);
  writeFileSync(path, JSON.stringify(record));
});

test('a starter that died before its shim leaves a created sandbox, which can be removed', async () => {
  const id = await start({ argv: ['true'] });
  await provider.wait(id, NEVER);
  for (const name of ['shim.stat', 'agent.stat', 'exit.json']) rmSync(join(folderOf(id), name));
  expect(await provider.find({ namespace: 'test' })).toMatchObject([{ state: 'created' }]);
  await provider.remove(id);
  expect(readdirSync(join(root, 'state'))).toEqual([]);
});

test('an end that was asked for is told from one that was not', async () => {
  const id = await start({ argv: ['sleep', '300'] });
  await provider.stop(id, 60_000);
  expect(await provider.wait(id, NEVER)).toMatchObject({ code: 143, killEventSeen: true });
  await provider.remove(id);

  const other = await start({ argv: ['sleep', '300'] });
  process.kill((await provider.handle(other)).mainPid ?? 0, 'SIGTERM');
  const exit = await provider.wait(other, NEVER);
  expect(exit).toMatchObject({ code: 143, killEventSeen: false });
  await provider.kill(other);
  expect(await provider.wait(other, NEVER)).toEqual(exit);
});

test('a command that could not be executed after all never started; one that says 127 itself did', async () => {
  const script = join(workdir, 'tool');
  writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
  const broken = await start({ argv: [script] });
  expect(await provider.wait(broken, NEVER)).toMatchObject({ code: 127, startError: expect.stringContaining('tool') });
  await provider.remove(broken);

  const own = await start({ argv: ['sh', '-c', 'no-such-command-here'] });
  expect(await provider.wait(own, NEVER)).toMatchObject({ code: 127, startError: null });
});

test('what is left in a session of its own ends with the agent, what carries another name does not', async () => {
  const argv = [
    'sh',
    '-c',
    'setsid sleep 298 & echo $! >left; RALPH_ATTEMPT=sandbox-loop-r1-1-10 setsid sleep 297 & echo $! >other',
  ];
  const id = await start({ argv });
  expect((await provider.wait(id, NEVER)).code).toBe(0);
  const pidIn = (name: string) => Number.parseInt(readFileSync(join(workdir, name), 'utf8'), 10);
  expect(runs(pidIn('left'))).toBe(false);
  expect(runs(pidIn('other'))).toBe(true);
  process.kill(pidIn('other'), 'SIGKILL');
});

test('kill also ends a child without the mark', async () => {
  const id = await start({ argv: ['sh', '-c', 'env -i /bin/sleep 296 & echo $! >child; wait'] });
  await until(() => exists(join(workdir, 'child')) && readFileSync(join(workdir, 'child'), 'utf8').endsWith('\n'));
  const pid = Number.parseInt(readFileSync(join(workdir, 'child'), 'utf8'), 10);
  await provider.kill(id);
  expect(runs(pid)).toBe(false);
  expect(await provider.wait(id, NEVER)).toMatchObject({ code: 137, killEventSeen: true });
});

test('vitals count processes that left the agent’s session', async () => {
  const id = await start({ argv: ['sh', '-c', 'setsid sleep 295 & setsid sleep 294 & wait'] });
  for await (const sample of provider.vitals(id, NEVER)) {
    expect(sample.limitBytes).toBeNull();
    if (sample.processes === 3) break;
  }
});

test('output goes on behind a file that a tool cut off', async () => {
  const id = await start({ argv: ['sh', '-c', 'echo first; until [ -e go ]; do sleep 0.02; done; echo second'] });
  const got: string[] = [];
  for await (const { bytes } of provider.output(id, { stdout: 0, stderr: 0 }, NEVER)) {
    got.push(Buffer.from(bytes).toString());
    if (got.length === 1) {
      truncateSync(join(folderOf(id), 'stdout'), 0);
      await sleep(50);
      writeFileSync(join(workdir, 'go'), '');
    }
  }
  expect(got[0]).toBe('first\n');
  expect((await provider.wait(id, NEVER)).code).toBe(0);
});
