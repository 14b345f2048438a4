// `--push`: what an attempt committed goes to the remote when it is sealed.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { bareRemote, commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';

const TAG: Step = {
  text: 'I tag it.',
  tools: [{ name: 'Bash', input: { command: 'git tag v2', description: 'Tag' } }],
};

async function subjects(remote: string, branch: string): Promise<string[]> {
  return (await commitsOf(remote, branch)).map(({ subject }) => subject);
}

async function withRemote(branch: string, url: (folder: string) => Promise<string>): Promise<[Scene, string]> {
  const scene = await openScene({
    repository: { plan: ['One', 'Two'], branch },
    scenario: (gate) => ({ runs: [planWorker(), planWorker({ before: [TAG], untilFile: gate('two') })] }),
  });
  const remote = await url(scene.folder);
  await scene.repository.git('remote', 'add', 'origin', remote);
  await scene.repository.git('tag', 'v1');
  return [scene, remote];
}

requires('docker', 'image')('--push', () => {
  it('pushes a work branch after every attempt, with an upstream and new tags', async () => {
    const [scene, remote] = await withRemote('feature', bareRemote);
    await scene.run('build', '--push', ...IN_DOCKER);
    await scene.atGate(2);
    expect(await subjects(remote, 'feature')).toEqual(['Start', 'One']);
    await scene.openGate('two');
    expect(await scene.finished()).toMatchObject({
      exitReason: 'done',
      warnings: [],
      nextCommand: 'gh pr create --fill --head feature',
    });
    expect(await subjects(remote, 'feature')).toEqual(['Start', 'One', 'Two']);
    expect(await subjects(remote, 'v2')).toEqual(['Start', 'One']);
    const { git } = scene.repository;
    const there = (await git('ls-remote', remote)).split('\n').map((line) => line.split('\t')[1]);
    // v1 was there before the run: whether it is public is the person's business.
    expect(there).toEqual(['refs/heads/feature', 'refs/tags/v2']);
    expect(await git('status', '--short', '--branch')).toBe('## feature...origin/feature');
    expect(await scene.log('loop-main.log')).toMatch(/pushed [0-9a-f]{7} to feature/);
  });

  it('never pushes main', async () => {
    const [scene, remote] = await withRemote('main', bareRemote);
    await scene.openGate('two');
    const { exitCode, stderr } = await scene.type(['build', '--push', '--headless', ...IN_DOCKER]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining('--push never pushes to main'),
    });
    expect(await scene.repository.git('ls-remote', remote)).toBe('');
    expect(await scene.repository.git('log', '--format=%s')).toBe('Two\nOne\nStart');
  });

  it('warns when the remote cannot be reached, and goes on', async () => {
    const [scene] = await withRemote('feature', async (folder) => join(folder, 'nowhere.git'));
    await scene.openGate('two');
    const { exitCode } = await scene.type(['build', '--push', '--headless', ...IN_DOCKER]);
    expect(exitCode).toBe(0);
    const { warnings, exitReason } = await scene.status();
    expect({ warnings, exitReason }).toEqual({
      exitReason: 'done',
      warnings: [expect.stringMatching(/nowhere\.git does not exist/), expect.stringMatching(/nowhere\.git/)],
    });
  });
});
