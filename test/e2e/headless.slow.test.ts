// `--headless`: the run in the foreground, its log on standard output, and the exit code that says how it ended.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { spawnRalph } from '../harness/process.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, openScene } from './scene.ts';

const HEADLESS = ['build', '--headless', ...IN_DOCKER];
const ONE_LINE = /^ralph-tui: [^\n]+\n$/;

requires('docker', 'image')('headless', () => {
  it('0: done, with the log as it goes and the receipts at the end', async () => {
    const scene = await openScene({ repository: { plan: ['One', 'Two'] } });
    const { exitCode, stdout, stderr } = await scene.type(HEADLESS);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/Mode: +build\n[\s\S]*LOOP 1 [\s\S]*done: One\n[\s\S]*LOOP 2 [\s\S]*finished \(done\)/);
    expect(stdout).toMatch(/\n2 attempts · 2 completed · .*2 tasks · 2 commits/);
  });

  it('0: the maximum is reached', async () => {
    const scene = await openScene({ repository: { plan: ['One', 'Two'] } });
    const { exitCode, stdout } = await scene.type(['1', '--headless', ...IN_DOCKER]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('finished (max_reached): reached the maximum of 1 iteration');
    expect(await scene.status()).toMatchObject({ exitReason: 'max_reached', tasks: { remaining: 1, completed: 1 } });
  });

  it('3: stopped with ^C, which ends the attempt first', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('never') }) });
    const running = spawnRalph(HEADLESS, { cwd: scene.repository.path, env: scene.env });
    await scene.atGate(1);
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 3, signal: null });
    expect((await scene.receipts()).receipts).toMatchObject([{ outcome: { kind: 'stopped' } }]);
    expect(await scene.containers()).toEqual([]);
  });

  it('5: there is no login', async () => {
    const scene = await openScene({ env: { ANTHROPIC_API_KEY: '' } });
    expect(await scene.type(HEADLESS)).toMatchObject({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringMatching(/^ralph-tui: the agent has no login: run ralph-tui login, or set [^\n]+\n$/),
    });
  });

  it('5: the agent refuses to start, and somebody has to look', async () => {
    const scene = await openScene();
    const { exitCode, stdout } = await scene.type([...HEADLESS, '--', '--no-such-option']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: expect.stringContaining('--no-such-option') });
    expect((await scene.receipts()).receipts).toMatchObject([{ outcome: { kind: 'config' } }]);
    expect(await scene.containers()).toEqual([]);
  });

  it('7: no engine, no image', async () => {
    const scene = await openScene();
    const away = await scene.type(HEADLESS, { env: { ...scene.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(away).toMatchObject({ exitCode: 7, stdout: '', stderr: expect.stringMatching(ONE_LINE) });
    expect(away.stderr).toContain('unix:///nowhere/docker.sock');
    const missing = await scene.type(['build', '--headless', '--image', 'ralph-tui/no-such-image']);
    expect(missing).toMatchObject({
      exitCode: 7,
      stdout: '',
      stderr:
        'ralph-tui: the sandbox image ralph-tui/no-such-image is missing; build it with: ' +
        'ralph-tui image --image ralph-tui/no-such-image\n',
    });
    expect(await scene.type(['status'])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no run/) });
  });
});
