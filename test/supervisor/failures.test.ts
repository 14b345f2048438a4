// What goes wrong in the supervisor itself: bugs, and a journal that cannot be written.
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { lockHolder } from '../../src/journal/lock.ts';
import { ENDLESS } from './fake-provider.ts';
import { beginRun, command, isRunning, makeWorld, NAMESPACE, type Start, stateIn, untilState } from './world.ts';

describe('what goes wrong inside', () => {
  test('ends the run with 1; the attempt is ended with it, and sealed', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    world.provider.stop = () => Promise.reject(new TypeError('a bug'));
    await command(world, { name: 'restart', attempt: null });
    expect(await ended).toBe(1);
    const { phase, receipts, warnings } = await stateIn(world);
    expect(phase).toMatchObject({ reason: 'internal_error', message: 'stop: TypeError: a bug' });
    expect(warnings.at(-1)).toMatch(/^stop: TypeError: a bug\n/);
    // What a person asked to follow does not follow any more.
    expect(world.provider.started).toHaveLength(1);
    expect(receipts).toHaveLength(1);
    expect(await world.provider.find({ namespace: NAMESPACE })).toEqual([]);
  });

  test('a journal that cannot be written stops everything, and lets the sandbox be', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const { files, ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    await writeFile(files.journal, 'somebody else\n', { flag: 'a' });
    const answer = await command(world, { name: 'pause' });
    expect(answer).toMatchObject({ ok: false, message: expect.stringMatching(/only one supervisor may run/) });
    await expect(ended).rejects.toMatchObject({ code: 'not_ours' });
    expect(world.provider.last.state).toBe('running');
    expect(await lockHolder(world.folders.lock)).toBeNull();
  });

  test('without a journal nothing starts', async () => {
    const world = await makeWorld();
    const onEvent: Start['onEvent'] = ({ type }) => {
      if (type === 'attempt_starting') throw new Error('the disk is full');
    };
    const { ended } = await beginRun(world, { onEvent });
    await expect(ended).rejects.toThrow('the disk is full');
    expect(world.provider.started).toEqual([]);
  });
});
