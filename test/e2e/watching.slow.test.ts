// People watch a run with the reading commands, which end with it by themselves and disturb nothing.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { spawnRalph } from '../harness/process.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, openScene } from './scene.ts';

requires('docker', 'image')('watching a run', () => {
  it('follows it over all attempts to its end', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => planWorker({ untilFile: gate('work') }),
    });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(1);
    const options = { cwd: scene.repository.path, env: scene.env };
    const logs = spawnRalph(['logs', '--follow'], options);
    const raw = spawnRalph(['logs', '--follow', '--raw'], options);
    const status = spawnRalph(['status', '--watch', '0.5'], options);
    await logs.waitForOutput('This waits.', 20_000);
    await status.waitForOutput('iteration 1', 20_000);
    expect(await scene.run('status', '--line')).toMatch(/^\S+ build 1 .*0\/2/);
    expect(await scene.run('why')).toMatch(/One · Bash `.*` \d+s · output/);

    await scene.run('restart');
    await scene.atGate(1, 2);
    await scene.openGate('work');
    await scene.finished();
    const ends = await Promise.all([logs.ended, raw.ended, status.ended]);
    expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(3).fill([0, '']));
    const headings = logs.stdout().match(/^==> .* <==$/gm);
    expect(headings).toEqual(['==> iteration 1 <==', '==> iteration 1, attempt 2 <==', '==> iteration 2 <==']);
    expect(logs.stdout()).toMatch(/Done: One[\s\S]*Done: Two/);
    const whole = await Promise.all(['1', '1.2', '2'].map((name) => scene.log(`iteration-${name}.log.raw`)));
    expect(raw.stdout()).toBe(whole.join(''));
    expect(status.stdout()).toContain('all 2 tasks of the plan are done');
  });
});
