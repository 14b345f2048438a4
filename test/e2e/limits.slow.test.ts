// A subscription's usage limit: the run waits for its end and goes on, whatever happens to its supervisor meanwhile.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { fiveHourLimit, SUBSCRIPTION } from '../harness/messages-api/usage-limit.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { endings, facts } from './endings.ts';
import { onHost, openHostScene } from './on-host.ts';
import { crash } from './processes.ts';
import { IN_DOCKER, OWN_USER, openScene, type Scene } from './scene.ts';

const STAGGER_MS = 7_000;
const POLICY = { afterResetMs: 500, staggerMs: STAGGER_MS };
const AN_HOUR = 3_600;

const TWO_TASKS = { plan: ['One', 'Two'] };

/** When the session asked the API for the first time. */
function firstRequestOf(scene: Scene, session: number): string | undefined {
  return scene.api.requests.find((request) => request.session === session)?.at;
}

function waits(scene: Scene, attempt: number) {
  return scene.statusWhere(
    `the wait before attempt ${attempt}`,
    (status) => status.phase === 'waiting' && status.attempt === attempt,
  );
}

requires('docker', 'image')('a usage limit in the middle of a run', () => {
  it('is waited out, and counts as no iteration', async () => {
    const scene = await openScene({
      repository: TWO_TASKS,
      scenario: () => ({ runs: [planWorker(), fiveHourLimit(4), planWorker()] }),
      env: SUBSCRIPTION,
      policy: POLICY,
    });
    const { exitCode, stdout } = await scene.type(['build', '2', '--headless', ...IN_DOCKER]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 usage_limit', '2.2 completed']);
    expect(await scene.status()).toMatchObject({ exitReason: 'done', iteration: 2, attempt: 2 });
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'One', 'Two']);

    const [wait, ...more] = await facts(scene, 'waiting');
    expect(more).toEqual([]);
    const resetsAt = (await scene.receipts()).receipts[1]?.outcome.resetsAt ?? '';
    expect(wait).toMatchObject({ kind: 'usage_limit', until: new Date(Date.parse(resetsAt) + 500).toISOString() });
    expect(scene.api.requests.filter(({ session }) => session === 2)).toHaveLength(1);
    expect(Date.parse(firstRequestOf(scene, 3) ?? '')).toBeGreaterThanOrEqual(Date.parse(wait?.until ?? ''));
  });
});

requires('docker', 'claude')('a usage limit', () => {
  it('is tried at once on a word of the person, and holds for the other runs of the account', async () => {
    const limit = fiveHourLimit(AN_HOUR);
    const scene = await openHostScene({
      repository: TWO_TASKS,
      scenario: () => ({ runs: [planWorker(), limit, limit, planWorker()] }),
      env: SUBSCRIPTION,
      policy: POLICY,
    });
    await scene.run('build', ...onHost());
    const { waiting } = await waits(scene, 2);
    expect(waiting).toMatchObject({ kind: 'usage_limit', why: expect.stringMatching(/usage limit.*hit your/) });
    expect(await scene.run('why')).toMatch(/^waiting until \S+ \(\d+m left\): usage limit[\s\S]*ralph-tui resume/);
    expect(await scene.run('status')).toMatch(/WAITING[\s\S]*waiting until/);

    const other = await scene.beside({ name: 'other', plan: ['Theirs'], owner: OWN_USER });
    const asked = scene.api.requests.length;
    await other.run('build', ...onHost());
    const theirs = await waits(other, 1);
    expect(theirs).toMatchObject({ iteration: 1, waiting: { kind: 'usage_limit' } });
    expect(Date.parse(theirs.waiting?.until ?? '')).toBe(Date.parse(waiting?.until ?? '') + STAGGER_MS);
    expect(scene.api.requests).toHaveLength(asked);

    expect(await scene.run('resume')).toBe('goes on with iteration 2\n');
    await waits(scene, 3);
    await scene.run('resume');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 2, attempt: 3 });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 usage_limit', '2.2 usage_limit', '2.3 completed']);

    expect(await other.status()).toMatchObject({ phase: 'waiting' });
    await other.run('resume');
    expect(await other.finished()).toMatchObject({ exitReason: 'done' });
    expect(await endings(other)).toEqual(['1.1 completed']);
  });

  it('is waited out until the same time when the supervisor dies meanwhile', async () => {
    const scene = await openHostScene({
      scenario: () => ({ runs: [fiveHourLimit(7), planWorker()] }),
      env: SUBSCRIPTION,
      policy: POLICY,
    });
    await scene.run('build', ...onHost());
    const { waiting, supervisor } = await waits(scene, 2);
    await crash(supervisor.pid);
    expect((await scene.status()).waiting).toEqual(waiting);
    await scene.run('why');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 1 } });
    expect(await endings(scene)).toEqual(['1.1 usage_limit', '1.2 completed']);
    expect(await facts(scene, 'waiting')).toHaveLength(1);
    expect(Date.parse(firstRequestOf(scene, 2) ?? '')).toBeGreaterThanOrEqual(Date.parse(waiting?.until ?? ''));
  });

  it('that lasts longer than --max-wait needs a person', async () => {
    const scene = await openHostScene({ scenario: () => fiveHourLimit(AN_HOUR), env: SUBSCRIPTION });
    const { exitCode, stdout } = await scene.type(['build', '--headless', '--max-wait', '30m', ...onHost()]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: expect.stringMatching(/longer than --max-wait/) });
    expect(await endings(scene)).toEqual(['1.1 usage_limit']);
  });
});
