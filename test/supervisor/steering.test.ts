// What a person says to a running loop, through its socket, also at the worst moments.
import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../src/core/run-command.ts';
import { ENDLESS } from './fake-provider.ts';
import { planWorker, sayRecorded, tickNext } from './scripts.ts';
import { beginRun, command, isRunning, makeWorld, outcomesIn, stateIn, typesOf, untilState } from './world.ts';

const stop: RunCommand = { name: 'stop', when: 'now', attempt: null };

describe('what a person says while it runs', () => {
  test('pause and resume', async () => {
    const world = await makeWorld({ plan: ['one', 'two'] });
    const gate = Promise.withResolvers<void>();
    world.provider.script = async (sandbox) => {
      await gate.promise;
      return planWorker(world.scratch)(sandbox);
    };
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    expect(await command(world, { name: 'pause' })).toMatchObject({ ok: true, message: 'pauses after iteration 1' });
    gate.resolve();
    await untilState(world, 'the pause', ({ phase }) => phase.name === 'paused');
    expect(await command(world, { name: 'resume', next: false })).toMatchObject({
      ok: true,
      message: 'goes on with iteration 2',
    });
    expect(await ended).toBe(0);
  });

  test('undo: progress starts anew from the plan as it is, and nobody is said to have edited it', async () => {
    const world = await makeWorld();
    const { ended, stop } = await beginRun(world, { options: { step: true } });
    await untilState(world, 'the pause', ({ phase }) => phase.name === 'paused');
    expect((await stateIn(world)).plan).toMatchObject({ done: 1, open: 2 });
    await world.scratch.git('reset', '--quiet', '--hard', 'HEAD~1');
    const head = await world.scratch.git('rev-parse', 'HEAD');
    const plan = { done: 0, open: 3, removed: 0, current: 'one' };
    const note: RunCommand = { name: 'note_undo', iteration: 1, head, plan, fetchCommand: 'git fetch kept' };
    expect(await command(world, note)).toMatchObject({ ok: true });
    await command(world, { name: 'resume', next: false });
    const again = await untilState(
      world,
      'the second pause',
      ({ phase, receipts }) => phase.name === 'paused' && receipts.length === 2,
    );
    expect(again.plan).toMatchObject({ done: 1, open: 2, removed: 0 });
    expect(again.receipts.map(({ undone }) => undone?.fetchCommand)).toEqual(['git fetch kept', undefined]);
    expect(again.seenCommits).toEqual([{ iteration: 2, count: 1 }]);
    expect(await typesOf(world)).not.toContain('instructions_changed');
    expect(world.lines.some((line) => line.includes('you: undid iteration 1'))).toBe(true);
    stop();
    await ended;
  });

  test('an edit is noted while somebody goes on: two looks, and one attempt', async () => {
    const world = await makeWorld();
    const { ended } = await beginRun(world, { options: { step: true, maxIterations: 2 } });
    await untilState(world, 'the pause', ({ phase }) => phase.name === 'paused');
    await Promise.all([
      command(world, { name: 'note_edit', file: 'plan' }),
      command(world, { name: 'resume', next: false }),
      command(world, { name: 'note_edit', file: 'plan' }),
    ]);
    expect(await ended).toBe(0);
    expect((await typesOf(world)).filter((type) => type === 'attempt_starting')).toHaveLength(2);
    expect(await outcomesIn(world)).toEqual(['completed', 'completed']);
  });

  test('kill, then restart: the next attempt of the same iteration, and a late kill hits nobody', async () => {
    const world = await makeWorld({ plan: ['one'], script: ENDLESS });
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    const first = { iteration: 1, attempt: 1 };
    expect(await command(world, { name: 'kill', attempt: first })).toMatchObject({ ok: true });
    await untilState(world, 'the pause', ({ phase }) => phase.name === 'paused');
    await command(world, { name: 'restart', attempt: null });
    await untilState(world, 'the second attempt', isRunning(1, 2));
    expect(await command(world, { name: 'kill', attempt: first })).toMatchObject({
      ok: false,
      message: 'attempt 1.1 is not running any more',
    });
    await tickNext(world.scratch);
    await sayRecorded(world.provider.last);
    world.provider.last.ends();
    expect(await ended).toBe(0);
    expect(await outcomesIn(world)).toEqual(['stopped', 'completed']);
  });

  test('stop ends the attempt, the receipt says so, and the exit code is 3', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    expect(await command(world, stop)).toMatchObject({ message: 'stopping iteration 1; the run ends' });
    expect(await ended).toBe(3);
    const { phase, receipts } = await stateIn(world);
    expect(phase).toMatchObject({ reason: 'stopped' });
    expect(receipts.map(({ outcome }) => outcome.kind)).toEqual(['stopped']);
    expect(world.provider.calls[0]).toBe(`stop ${world.provider.last.id}`);
  });

  test('a second word on the way out kills', async () => {
    const world = await makeWorld({ script: ENDLESS });
    world.provider.stop = () => new Promise(() => undefined);
    const { ended, stop } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    stop();
    stop();
    // The stop that never returns holds nothing up once the sandbox has ended.
    await untilState(world, 'the end', ({ phase }) => phase.name === 'finished');
    expect(world.provider.calls[0]).toBe(`kill ${world.provider.last.id}`);
    void ended;
  });

  // Each in the middle of something that takes its time.
  test.each([
    ['while the next attempt is prepared', 'attempt_sealed', 1, ['completed']],
    ['while a sandbox starts', 'attempt_starting', 1, ['stopped']],
    ['between the exit and the seal', 'attempt_exited', 1, ['completed']],
  ] as const)('stop %s', async (_, when, started, outcomes) => {
    const world = await makeWorld();
    let stopNow = () => {};
    const supervision = await beginRun(world, { onEvent: ({ type }) => type === when && stopNow() });
    stopNow = () => {
      stopNow = () => {};
      supervision.stop();
    };
    expect(await supervision.ended).toBe(3);
    expect(world.provider.started).toHaveLength(started);
    expect(await outcomesIn(world)).toEqual(outcomes);
  });

  test('a wait ends with resume, and its own end comes too late then', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const worker = planWorker(world.scratch);
    let attempts = 0;
    world.provider.script = async (sandbox) => {
      attempts += 1;
      return attempts === 1 ? { code: 137, oomKilled: true } : worker(sandbox);
    };
    const { ended } = await beginRun(world, { policy: { afterOomMs: 3_600_000 } });
    await untilState(world, 'the wait', ({ phase }) => phase.name === 'waiting');
    await command(world, { name: 'resume', next: false });
    expect(await ended).toBe(0);
    expect(await typesOf(world)).not.toContain('woke');
    expect(world.lines.filter((line) => line.includes('OOM-killed'))).toHaveLength(1);
  });

  test('a branch that changed under the run pauses it before the next attempt', async () => {
    const world = await makeWorld();
    const worker = planWorker(world.scratch);
    world.provider.script = async (sandbox) => {
      await worker(sandbox);
      await world.scratch.git('checkout', '--quiet', '-B', 'elsewhere');
      return undefined;
    };
    const { ended } = await beginRun(world, { options: { maxIterations: 2 } });
    const { phase } = await untilState(world, 'the pause', (state) => state.phase.name === 'paused');
    expect(phase).toMatchObject({ reason: { kind: 'branch_changed' } });
    await command(world, { name: 'resume', next: false });
    expect(await ended).toBe(0);
  });
});
