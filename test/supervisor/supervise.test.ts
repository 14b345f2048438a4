// Whole runs: the real supervisor, journal, socket, git and files; only the sandboxes are scripted.
import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockHolder } from '../../src/journal/lock.ts';
import { bareRemote, commitsOf, planOf } from '../harness/repository.ts';
import { waitFor } from '../harness/wait-for.ts';
import { ENDLESS } from './fake-provider.ts';
import {
  beginRun,
  isRunning,
  makeWorld,
  NAMESPACE,
  RUN,
  type Start,
  stateIn,
  typesOf,
  untilState,
  type World,
} from './world.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: what the loop puts the work in place of
const PROMPT = 'Plan for ${WORK_SCOPE}.\n';

describe('a run from its beginning to its end', () => {
  // The first test of this file: later ones would find timers of git calls that are just over.
  test('the end leaves no timer, watcher or socket that would keep the process alive', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const before = resources();
    await (await beginRun(world)).ended;
    // Timers of a git call outlast it by a second.
    await waitFor(() => newResources(before).length === 0, {
      what: 'everything to be closed',
      timeoutMs: 4_000,
      detail: () => newResources(before).join(', '),
    });
  });

  test('three tasks take three iterations; everything is on disk, and nothing is left over', async () => {
    const world = await makeWorld();
    const { files, ended } = await beginRun(world);
    expect(await ended).toBe(0);

    const { phase, receipts } = await stateIn(world);
    expect(phase).toMatchObject({ name: 'finished', reason: 'done', message: 'all 3 tasks of the plan are done' });
    expect(receipts.map(({ iteration, tasksFinished }) => [iteration, ...tasksFinished])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect((await planOf(world.scratch.path)).open).toEqual([]);
    expect(await readlink(join(world.scratch.path, '.loop-logs'))).toBe(files.folder);
    expect(await world.scratch.git('status', '--porcelain')).toBe('');
    for (const name of await readdir(files.folder)) {
      expect((await stat(join(files.folder, name))).mode & 0o777, name).toBe(0o600);
    }
    expect(await world.provider.find({ namespace: NAMESPACE })).toEqual([]);
    expect(await lockHolder(world.folders.lock)).toBeNull();
    expect(await readdir(join(world.environment.XDG_RUNTIME_DIR ?? '', 'ralph-tui'))).toEqual([]);
  });

  test('what attempts found is kept until another run has an attempt', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const found = () => world.scratch.git('--git-dir', world.folders.shadowGit, 'for-each-ref', 'refs/ralph-tui/found');
    await writeFile(join(world.scratch.path, 'mine.txt'), 'not committed\n');
    await (await beginRun(world)).ended;
    expect(await found()).toContain(`/${RUN}-1.1`);
    const refused = beginRun(world, { options: { promptPath: join(world.folder, 'nowhere') } });
    await expect(refused).rejects.toThrow('cannot be read');
    expect(await found()).toContain(`/${RUN}-1.1`);
    // Nothing is left to do, so there is no attempt.
    await (await beginRun(world)).ended;
    expect(await found()).toContain(`/${RUN}-1.1`);
  });

  test('a sandbox that is slow to go holds nothing up, and is asked once', async () => {
    const world = await makeWorld({ plan: ['one', 'two'] });
    const { remove } = world.provider;
    const going = Promise.withResolvers<void>();
    world.provider.remove = async (id) => {
      if (id.endsWith('-1-1')) await going.promise;
      return remove.call(world.provider, id);
    };
    const { ended } = await beginRun(world);
    await untilState(world, 'the second attempt', isRunning(2, 1));
    going.resolve();
    expect(await ended).toBe(0);
    expect(world.provider.calls.map((call) => call.slice(0, 6))).toEqual(['remove', 'remove']);
  });

  test('the maximum ends it, and the next command is said', async () => {
    const world = await makeWorld();
    expect(await (await beginRun(world, { options: { maxIterations: 1 } })).ended).toBe(0);
    expect(world.lines.slice(-2).map((line) => line.slice(20))).toEqual([
      'finished (max_reached): reached the maximum of 1 iteration',
      'next: ralph-tui build 1',
    ]);
  });

  test('pushes after every sealed attempt, and the end waits for the last push', async () => {
    const world = await makeWorld({ branch: 'work', plan: ['one', 'two'] });
    const remote = await bareRemote(world.folder);
    await world.scratch.git('remote', 'add', 'origin', remote);
    const { ended } = await beginRun(world, { options: { push: true } });
    await ended;
    expect((await typesOf(world)).filter((type) => type === 'pushed')).toHaveLength(2);
    expect((await commitsOf(remote, 'work')).map(({ subject }) => subject)).toEqual(['Start', 'Do one', 'Do two']);
  });

  test('the prompt that an attempt got is kept, with the work that was asked for', async () => {
    const world = await makeWorld({ branch: 'work', files: { 'PROMPT_plan_work.md': PROMPT } });
    const options = { mode: 'plan-work', work: 'the $& login', maxIterations: 1 } as const;
    await (await beginRun(world, { options })).ended;
    const inbox = join(world.folders.exchange, RUN, '1.1', 'inbox', 'prompt.md');
    expect(await readFile(inbox, 'utf8')).toBe('Plan for the $& login.\n');
  });
});

describe('what cannot begin', () => {
  const refused = (world: World, start: Start = {}) => beginRun(world, start).then(() => null, String);

  test('a second supervisor in the same repository', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const first = await beginRun(world);
    await expect(beginRun(world)).rejects.toMatchObject({ code: 'run_is_live', exitCode: 2 });
    first.stop();
    expect(await first.ended).toBe(3);
  });

  test('a run beside a sandbox that another run left running', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const donor = await makeWorld({ script: ENDLESS });
    const other = await beginRun(donor);
    await untilState(donor, 'the sandbox', isRunning(1, 1));
    const { spec } = donor.provider.last;
    const labels = { ...spec.labels, run: 'another', repository: world.folders.key };
    world.provider.leaves({ ...spec, labels, name: 'sandbox-loop-another-1-1' }, 'running');
    other.stop();
    await other.ended;
    expect(await refused(world)).toMatch(/sandbox-loop-another-1-1 of run another is still running here/);
    // What has ended is nobody's lock, and is cleared away.
    world.provider.leaves({ ...spec, labels, name: 'sandbox-loop-another-1-1' }, 'exited');
    expect(await (await beginRun(world)).ended).toBe(0);
    expect(await world.provider.find({ namespace: NAMESPACE })).toEqual([]);
  });

  test.each<[string, (world: World) => Promise<Start> | Start, RegExp]>([
    [
      'without its engine',
      (world) => {
        world.provider.away = true;
        return {};
      },
      /the engine did not list the sandboxes/,
    ],
    [
      'with an empty prompt',
      async (world) => {
        await writeFile(join(world.scratch.path, 'PROMPT.md'), ' \n');
        return {};
      },
      /PROMPT.md is empty/,
    ],
    ['with a variable that is not set', () => ({ options: { environmentNames: ['NOT_SET'] } }), /--env NOT_SET/],
    [
      'with something else in the socket’s place',
      async (world) => {
        const first = await beginRun(world, { options: { maxIterations: 1 } });
        const socket = (await lockHolder(world.folders.lock))?.socketPath ?? '';
        await first.ended;
        await mkdir(socket);
        return {};
      },
      /is not a socket; move it away/,
    ],
  ])('a run %s: the lock and everything else is given back', async (_, arrange, message) => {
    const world = await makeWorld();
    const start = await arrange(world);
    const before = resources();
    expect(await refused(world, start)).toMatch(message);
    expect(newResources(before).filter((kind) => kind !== 'Timeout')).toEqual([]);
    expect(await lockHolder(world.folders.lock)).toBeNull();
  });
});

/** What keeps this process alive, by kind; vitest's own things included. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'FSReqPromise' && kind !== 'CloseReq');
}

/** What was not there before. */
function newResources(before: readonly string[]): string[] {
  const known = [...before];
  return resources().filter((kind) => {
    const index = known.indexOf(kind);
    if (index !== -1) known.splice(index, 1);
    return index === -1;
  });
}
