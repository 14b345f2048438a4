// The disk of the run's files is full for a while: the agent goes on, the run waits, and nothing is lost.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';

const DISK_BYTES = 2 * 1024 * 1024;

/** A file system of its own for the state folder, and what fills it. */
async function smallDisk(scene: Scene) {
  const path = scene.env.XDG_STATE_HOME;
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', path]);
  onTestFinished(async () => void (await execa('umount', ['--lazy', path])));
  const filler = join(path, 'filler');
  return {
    fill: () => writeFile(filler, Buffer.alloc(DISK_BYTES)).catch(() => undefined),
    free: () => rm(filler),
  };
}

requires(
  'docker',
  'image',
  'root',
)('a disk that is full', () => {
  it('in the middle of an attempt: it is told, the agent works on, and the run goes on when there is space', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker()] }),
    });
    const disk = await smallDisk(scene);
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    await disk.fill();
    expect(await scene.run('status')).toMatch(/^! DISK FULL .*\n.*the disk is full: nothing can be written down/s);
    await scene.openGate('one');
    const isCommitted = async () => (await commitsOf(scene.repository.path))[1]?.subject === 'One';
    await waitFor(isCommitted, { what: 'the commit of the first task', timeoutMs: 30_000 });
    expect(await scene.status()).toMatchObject({ phase: 'running', diskFull: true, supervisor: { alive: true } });
    await disk.free();
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', exitCode: 0, supervisor: { restarts: 0 } });
    expect((await scene.receipts()).receipts).toMatchObject([
      { iteration: 1, attempt: 1, outcome: { kind: 'completed' }, tasksFinished: ['One'] },
      { iteration: 2, attempt: 1, outcome: { kind: 'completed' }, tasksFinished: ['Two'] },
    ]);
  });

  it('before a run: it does not begin, and says why', async () => {
    const scene = await openScene();
    const disk = await smallDisk(scene);
    await disk.fill();
    const { exitCode, stderr } = await scene.type(['build', '--headless', ...IN_DOCKER]);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^ralph-tui: .*no space left on device.*\n$/);
  });
});
