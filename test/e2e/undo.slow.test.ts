// An undo in the middle of a run: every reader tells of the repository as it is now, and the run goes on from there.
import { expect, it } from 'vitest';
import { planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { onHost, openHostScene } from './on-host.ts';

requires('docker', 'claude')('undo', () => {
  it('of a paused run, which goes on', async () => {
    const scene = await openHostScene({ repository: { plan: ['One', 'Two', 'Three'] } });
    await scene.run('build', '5', '--step', ...onHost());
    expect(await scene.paused()).toMatchObject({ tasks: { remaining: 2, completed: 1 }, commits: 1 });
    const told = await scene.run('undo', '--yes');
    const [fetchCommand = ''] = /git fetch .*$/m.exec(told) ?? [];
    expect(await scene.status()).toMatchObject({ tasks: { remaining: 3, completed: 0, removed: 0 }, commits: 0 });
    expect(await scene.receipts()).toMatchObject({
      receipts: [{ iteration: 1, commits: [{ subject: 'One' }], undone: { fetchCommand } }],
      totals: { attempts: 1, commits: 0, tasksFinished: 0 },
    });
    expect(await scene.run('receipts')).toContain(fetchCommand);
    await scene.run('resume');
    expect(await scene.paused()).toMatchObject({ iteration: 3, tasks: { remaining: 2, completed: 1 }, commits: 1 });
    expect(await planOf(scene.repository.path)).toMatchObject({ done: ['One'] });
    await scene.run('stop');
    await scene.finished();

    // Without a supervisor, the same.
    await scene.run('undo', '2', '--yes');
    expect(await scene.status()).toMatchObject({
      phase: 'finished',
      tasks: { remaining: 3, completed: 0 },
      commits: 0,
    });
    expect((await scene.receipts()).receipts.map(({ undone }) => undone !== undefined)).toEqual([true, true]);
  });
});
