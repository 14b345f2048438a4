// The API refuses: a wrong key needs a person at once, an overloaded server is tried again for as long as that may help.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Scenario, Step } from '../harness/messages-api/scenario.ts';
import { AGENT_USAGE } from '../harness/messages-api/scripted-agent.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { endings, facts } from './endings.ts';
import { onHost, openHostScene } from './on-host.ts';
import { IN_DOCKER, openScene } from './scene.ts';

const WRONG_KEY: Step = { repeat: 'forever', error: { status: 401, message: 'invalid x-api-key' } };
const OVERLOADED: Step = { repeat: 'forever', error: { status: 529 } };

/** So often the CLI by itself asks, in three minutes, before it gives up. */
const ITS_OWN_TRIES = 11;

requires('docker', 'claude')('a wrong key', () => {
  it('needs a person, who is told and told again', async () => {
    const scene = await openHostScene({
      scenario: () => ({ steps: [WRONG_KEY] }),
      policy: { remindEveryMs: 1_000 },
    });
    const notices = join(scene.folder, 'notices');
    await scene.run('build', '--notify', `cat >> ${notices}`, ...onHost());
    expect(await scene.paused()).toMatchObject({
      needsYou: true,
      iteration: 1,
      attempt: 2,
      paused: {
        kind: 'outcome',
        message: expect.stringMatching(/login refused.*401.*iteration 1 kept/),
        help: 'ralph-tui login, then: ralph-tui resume',
      },
    });
    expect(await endings(scene)).toEqual(['1.1 auth']);
    expect(await facts(scene, 'attempt_overdue')).toMatchObject([{ why: 'auth_retries' }]);
    expect(scene.api.requests.length).toBeLessThan(ITS_OWN_TRIES / 2);
    expect(await scene.run('status')).toContain('NEEDS YOU');

    const told = await waitFor(
      async () => {
        const lines = (await readFile(notices, 'utf8')).split('\n').slice(0, -1);
        return lines.length >= 2 && lines.map((line) => JSON.parse(line));
      },
      { what: 'two notices', detail: () => scene.story() },
    );
    const { run } = await scene.status();
    const { path } = scene.repository;
    for (const notice of told) {
      expect(notice).toMatchObject({ what: 'needs_you', repository: path, run, iteration: 1 });
      expect(notice).toMatchObject({ message: expect.stringMatching(/login/), help: expect.stringMatching(/login/) });
    }

    scene.api.play(planWorker());
    await scene.run('resume');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 1, attempt: 2 });
    const last = (await readFile(notices, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ what: 'finished', message: expect.stringMatching(/tasks? .*done/) });
  });

  it('ends a headless run, for a person', async () => {
    const scene = await openScene({ scenario: () => ({ steps: [WRONG_KEY] }) });
    const { exitCode, stdout } = await scene.type(['build', '--headless', ...IN_DOCKER]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: expect.stringContaining('ralph-tui login') });
    expect(await endings(scene)).toEqual(['1.1 auth']);
    expect(scene.api.requests.length).toBeLessThan(ITS_OWN_TRIES / 2);
    expect(await scene.containers()).toEqual([]);
  });
});

/** A server that is overloaded for so many requests, whoever asks; then the plan is worked on. */
function overloadedFor(requests: number): Scenario {
  const worker = planWorker();
  let refused = 0;
  return {
    decide: (request) => {
      if (refused >= requests) return worker.decide?.(request) ?? {};
      refused += 1;
      return { error: { status: 529 } };
    },
  };
}

requires('docker', 'image')('an overloaded server', () => {
  it('that recovers is waited for, and nothing is counted twice', async () => {
    const scene = await openScene({ scenario: () => overloadedFor(5) });
    const { exitCode, stdout } = await scene.type(['build', '1', '--headless', ...IN_DOCKER]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const ends = await endings(scene);
    expect(ends.at(-1)).toBe(`1.${ends.length} completed`);
    expect(ends.slice(0, -1).every((end) => end.endsWith(' transient'))).toBe(true);
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'Only task']);

    const { totals } = await scene.receipts();
    const answered = scene.api.requests.filter(({ isBackground }) => !isBackground).length - 5;
    expect(totals).toMatchObject({
      completed: 1,
      commits: 1,
      tasksFinished: 1,
      tokens: { input: answered * (AGENT_USAGE.input ?? 0), output: answered * (AGENT_USAGE.output ?? 0) },
    });
    expect(await scene.status()).toMatchObject({ exitReason: 'done', iteration: 1, commits: 1 });
  });
});

requires('docker', 'claude')('a server that stays overloaded', () => {
  it('is given up after six attempts, with a longer wait each time', async () => {
    const scene = await openHostScene({
      scenario: () => ({ steps: [OVERLOADED] }),
      // Else every attempt takes the CLI three minutes.
      env: { CLAUDE_CODE_MAX_RETRIES: '0' },
      policy: { transientBackoffMs: [100, 200, 300] },
    });
    const { exitCode, stdout } = await scene.type(['build', '--headless', ...onHost()]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: expect.stringMatching(/gave_up.*529/) });
    expect(await endings(scene)).toEqual([1, 2, 3, 4, 5, 6].map((attempt) => `1.${attempt} transient`));
    const sealed = (await facts(scene, 'attempt_sealed')).map(({ at }) => Date.parse(at));
    const waited = (await facts(scene, 'waiting')).map(({ until }, n) => Date.parse(until) - (sealed[n] ?? 0));
    expect(waited).toEqual([100, 200, 300, 300, 300]);
    expect(await scene.status()).toMatchObject({ exitReason: 'gave_up', exitCode: 6, iteration: 1, attempt: 6 });
  });
});
