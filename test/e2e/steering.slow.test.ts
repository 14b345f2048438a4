// A person steers a run from other shells: pauses, resumes, stops, kills and restarts.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sendCommand } from '../../src/control/client.ts';
import { lockHolder } from '../../src/journal/lock.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { planWriter } from '../harness/messages-api/plan-writer.ts';
import { planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { endings } from './endings.ts';
import { ended } from './processes.ts';
import { IN_DOCKER, openScene } from './scene.ts';

requires('docker', 'image')('steering a run', () => {
  it('pauses after the iteration, and goes on', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker()] }),
    });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    expect(await scene.run('pause')).toBe('pauses after iteration 1\n');
    expect(await scene.status()).toMatchObject({ phase: 'running', asked: 'pause' });
    expect(await scene.run('resume')).toBe('goes on; the pause is taken back\n');
    expect(await scene.status()).toMatchObject({ phase: 'running', asked: null });
    expect(await scene.type(['resume'])).toMatchObject({ exitCode: 2, stderr: 'the run is going on already\n' });

    await scene.run('pause');
    await scene.openGate('one');
    expect(await scene.paused()).toMatchObject({
      iteration: 2,
      attempt: 1,
      needsYou: false,
      paused: { kind: 'asked', help: 'ralph-tui resume' },
      tasks: { remaining: 1, completed: 1 },
    });
    expect(await endings(scene)).toEqual(['1.1 completed']);
    expect(await scene.containers()).toEqual([]);
    expect(await scene.type(['pause'])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/paused already/) });

    expect(await scene.run('resume')).toBe('goes on with iteration 2\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', exitCode: 0 });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 completed']);
    expect(await scene.type(['resume'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no run is live/),
    });
  });

  it('kills an attempt, starts it again, and never hits the next one by mistake', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('work') }) });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    expect(await scene.run('kill')).toBe('killing attempt 1.1; the run pauses\n');
    expect(await scene.paused()).toMatchObject({ iteration: 1, attempt: 2, paused: { kind: 'after_stop' } });
    expect(await endings(scene)).toEqual(['1.1 stopped']);
    expect(await scene.containers()).toEqual([]);
    expect(await scene.type(['kill'])).toMatchObject({ exitCode: 2, stderr: 'no attempt is running\n' });

    expect(await scene.run('restart')).toBe('starting attempt 1.2\n');
    await scene.atGate(1, 2);
    // A kill that was typed for attempt 1.1 and took its time.
    const { socketPath } = (await lockHolder(join(scene.stateFolder, 'lock'))) ?? {};
    const late = { name: 'kill', attempt: { iteration: 1, attempt: 1 } } as const;
    expect(await sendCommand(socketPath ?? '', late)).toMatchObject({
      ok: false,
      message: 'attempt 1.1 is not running any more',
    });

    expect(await scene.run('restart')).toBe('stopping attempt 1.2; the next attempt follows\n');
    await scene.atGate(1, 3);
    await scene.openGate('work');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 1, attempt: 3 });
    expect(await endings(scene)).toEqual(['1.1 stopped', '1.2 stopped', '1.3 completed']);
    const { receipts } = await scene.receipts();
    expect(receipts.map(({ exitCode }) => exitCode)).toEqual([137, 143, 0]);
    expect(receipts.map(({ tasksFinished }) => tasksFinished)).toEqual([[], [], ['Only task']]);
    expect((await planOf(scene.repository.path)).done).toEqual(['Only task']);
  });

  it('stops an attempt, skips its iteration, and ends after the next one', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker({ untilFile: gate('two') })] }),
    });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    expect(await scene.run('stop', '--attempt')).toBe('stopping attempt 1.1; the run pauses\n');
    expect(await scene.paused()).toMatchObject({ paused: { kind: 'after_stop' } });
    expect(await scene.run('resume', '--next')).toBe('goes on with iteration 2\n');

    await scene.atGate(2);
    expect(await scene.run('stop', '--after-iteration')).toBe('the run ends after iteration 2\n');
    expect(await scene.status()).toMatchObject({ phase: 'running', asked: 'stop' });
    await scene.openGate('two');
    expect(await scene.finished()).toMatchObject({
      exitReason: 'stopped',
      exitCode: 3,
      tasks: { remaining: 1, completed: 1 },
      nextCommand: `ralph-tui build ${IN_DOCKER.join(' ')}`,
    });
    expect(await endings(scene)).toEqual(['1.1 stopped', '2.1 completed']);
  });

  it('plans again in the middle of a build, and builds on when the plan stays as it is', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({
        runs: [planWorker({ untilFile: gate('one') }), planWriter({ tasks: ['Two'] }), planWorker()],
      }),
    });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    expect(await scene.run('mode', 'plan')).toBe(
      'plans again from iteration 2 on, until the plan stays as it is; then builds\n',
    );
    expect(await scene.status()).toMatchObject({ mode: 'build', modeAsked: 'plan' });
    expect(await scene.type(['mode', 'plan'])).toMatchObject({
      exitCode: 2,
      stderr: 'the run plans from the next iteration on already\n',
    });
    await scene.openGate('one');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', mode: 'build', iteration: 3 });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 completed', '3.1 completed']);
    const log = await scene.log('loop-main.log');
    expect(log.match(/mode: .*$/gm)).toEqual(['mode: plan', 'mode: build, since the plan stayed as it was']);
    const plans = scene.api.requests.map(({ opening }) => opening.includes('one iteration of a planning loop'));
    expect(plans.filter((isPlan, index) => isPlan !== plans[index - 1])).toEqual([false, true, false]);
  });

  it('pauses after every iteration with --step, and ends from there', async () => {
    const scene = await openScene({ repository: { plan: ['One', 'Two', 'Three'] } });
    await scene.run('build', '--step', ...IN_DOCKER);
    expect(await scene.paused()).toMatchObject({ iteration: 2, paused: { kind: 'step' } });
    await scene.run('resume');
    await scene.statusWhere('the next pause', ({ phase, iteration }) => phase === 'paused' && iteration === 3);
    expect(await scene.run('stop')).toBe('the run ends\n');
    expect(await scene.finished()).toMatchObject({
      exitReason: 'stopped',
      exitCode: 3,
      tasks: { remaining: 1, completed: 2 },
    });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 completed']);
  });

  it('stops at once, and leaves what was not committed in the work tree', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('never') }) });
    await scene.run('build', ...IN_DOCKER);
    const { supervisor } = await scene.atGate(1);
    expect(await scene.run('stop')).toBe('stopping iteration 1; the run ends\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'stopped', exitCode: 3 });
    expect(await endings(scene)).toEqual(['1.1 stopped']);
    expect((await scene.receipts()).receipts[0]).toMatchObject({ uncommittedFiles: 1, commits: [] });
    expect(await scene.repository.git('status', '--porcelain')).toBe('?? work/');
    expect(await scene.containers()).toEqual([]);
    await ended(supervisor.pid);
    expect(await scene.type(['stop'])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no run is live/) });
  });
});
