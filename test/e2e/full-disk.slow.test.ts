// The disk of the run's files is full for a while: the agent goes on, the run waits, and nothing is lost.
import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { crash } from './processes.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';
import { Terminal } from './terminal.ts';

const DISK_BYTES = 2 * 1024 * 1024;
/** Less than an attempt needs to begin. */
const SPACE_FOR_FACTS_BYTES = 160 * 1024;
/** Hundreds of tries to write a fact down. */
const FULL_FOR_MS = 5_000;
const SMALL = { columns: 80, rows: 24 };

/** A file system of its own for the state folder, and what fills it. */
async function smallDisk(scene: Scene) {
  const path = scene.env.XDG_STATE_HOME;
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', path]);
  onTestFinished(async () => void (await execa('umount', ['--lazy', path])));
  const filler = join(path, 'filler');
  return {
    fill: () => writeFile(filler, Buffer.alloc(DISK_BYTES)).catch(() => undefined),
    /** Facts can still be written down, and the next attempt is not to start. */
    fillNearly: async () => {
      await writeFile(filler, Buffer.alloc(DISK_BYTES)).catch(() => undefined);
      await truncate(filler, (await stat(filler)).size - SPACE_FOR_FACTS_BYTES);
    },
    free: () => rm(filler),
  };
}

requires(
  'docker',
  'image',
  'root',
  'tmux',
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
    expect(await scene.run('status')).toMatch(
      /^! DISK FULL .*\n.*free some space: the run goes on by itself.*the disk is full:\s.*/s,
    );
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

  it('an open pane outlives it, and shows what comes when there is space', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker({ untilFile: gate('two') })] }),
      // Every try leaves a part of a line for a moment: the pane is to see some of them.
      policy: { spaceRetryMs: 5 },
    });
    const disk = await smallDisk(scene);
    const terminal = await Terminal.open(scene, SMALL);
    await terminal.enter(`ralph-tui build ${IN_DOCKER.join(' ')}`);
    await terminal.shows(/^▶ RUNNING/, /waiting for a file/);
    await disk.fill();
    await terminal.shows(/^! DISK FULL/, /^ why {2}free some space: the run goes on by itself · \S+state$/m);
    await scene.openGate('one');
    const isCommitted = async () => (await commitsOf(scene.repository.path))[1]?.subject === 'One';
    await waitFor(isCommitted, { what: 'the commit of the first task', timeoutMs: 30_000 });
    await sleep(FULL_FOR_MS);
    await disk.free();
    await terminal.shows(/^▶ RUNNING .*iter 2/, /✓ One/);
    await scene.openGate('two');
    await terminal.shows(/^✓ DONE/);
  });

  it('between attempts: the run is paused, says so in the same words everywhere, and goes on by itself', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker()] }),
    });
    const disk = await smallDisk(scene);
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    await disk.fillNearly();
    await scene.openGate('one');
    expect(await scene.paused()).toMatchObject({ paused: { kind: 'disk_full' }, fullDisk: scene.env.XDG_STATE_HOME });
    expect(await scene.type(['resume'])).toMatchObject({
      exitCode: 2,
      stderr: `free some space: the run goes on by itself · the disk is full: ${scene.env.XDG_STATE_HOME}\n`,
    });
    for (const told of [await scene.run('status'), await scene.run('why'), await scene.log('loop-main.log')]) {
      expect(told).toMatch(/free some space.*: the run goes on by itself/);
      expect(told).not.toContain('ralph-tui resume');
    }
    // The next supervisor looks for space as well.
    await crash((await scene.status()).supervisor.pid);
    await scene.run('why');
    expect(await scene.paused()).toMatchObject({ supervisor: { alive: true } });
    await disk.free();
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', exitCode: 0, supervisor: { restarts: 1 } });
    expect(await scene.log('loop-main.log')).toContain('there is space again: the run goes on');
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
