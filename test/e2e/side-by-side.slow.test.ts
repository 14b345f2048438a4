// Two runs of one person at once, and what the program must keep to itself.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { MADE_UP_API_KEY } from '../harness/environment.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { docker, IN_DOCKER, openScene } from './scene.ts';

requires('docker', 'image')('two runs at once', () => {
  it('do not disturb each other', async () => {
    // Relative: each agent waits in its own repository.
    const scenario = () => planWorker({ untilFile: '.git/gate-work' });
    const left = await openScene({ repository: { plan: ['Left'], name: 'left' }, scenario });
    const right = await left.beside({ plan: ['Right'], name: 'right' });
    await Promise.all([left.run('build', ...IN_DOCKER), right.run('build', ...IN_DOCKER)]);
    const [, before] = await Promise.all([left.atGate(1), right.atGate(1)]);

    await left.run('kill');
    await left.paused();
    expect(await left.containers()).toEqual([]);
    expect(await right.containers()).toEqual([before.sandbox.name]);
    expect(await right.status()).toMatchObject({ phase: 'running', run: before.run, attempt: 1 });

    await left.run('restart');
    await Promise.all([left.openGate('work'), right.openGate('work')]);
    const ends = await Promise.all([left.finished(), right.finished()]);
    expect(ends).toMatchObject([
      { exitReason: 'done', attempt: 2, commits: 1, tasks: { completed: 1 } },
      { exitReason: 'done', attempt: 1, commits: 1, tasks: { completed: 1 } },
    ]);
    expect((await commitsOf(left.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'Left']);
    expect((await commitsOf(right.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'Right']);
  });
});

const TOKEN = 'made-up-token-4711';

/** Shows that the agent has the secrets, without writing them down. */
const HASH_SECRETS: Step = {
  text: 'I look at my environment.',
  tools: [
    {
      name: 'Bash',
      input: {
        command: 'printf %s "$MY_TOKEN" | sha256sum; printf %s "$ANTHROPIC_API_KEY" | sha256sum',
        description: 'Hash',
      },
    },
  ],
};

const PRINT_SECRETS: Step = {
  text: 'I print my environment.',
  tools: [{ name: 'Bash', input: { command: 'echo "$MY_TOKEN $ANTHROPIC_API_KEY"', description: 'Print' } }],
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Files below the folder that hold one of the secrets. */
async function filesWithSecrets(folder: string): Promise<string[]> {
  const args = ['--recursive', '--files-with-matches', '--fixed-strings', '-e', TOKEN, '-e', MADE_UP_API_KEY, folder];
  const { stdout } = await execa('grep', args, { reject: false });
  return stdout.split('\n').filter(Boolean);
}

requires('docker', 'image')('secrets', () => {
  it('reach the agent, and stand in no file and in no description of the container', async () => {
    const scene = await openScene({
      scenario: (gate) => planWorker({ before: [HASH_SECRETS], untilFile: gate('work') }),
      env: { MY_TOKEN: TOKEN },
    });
    await scene.run('build', '--env', 'MY_TOKEN', ...IN_DOCKER);
    const { sandbox } = await scene.atGate(1);
    const inspected = (await docker('inspect', sandbox.name ?? '')).join('\n');
    expect(inspected).toContain('ANTHROPIC_BASE_URL');
    expect(inspected).not.toContain(TOKEN);
    expect(inspected).not.toContain(MADE_UP_API_KEY);
    const raw = await scene.log('iteration-1.log.raw');
    expect(raw).toContain(sha256(TOKEN));
    expect(raw).toContain(sha256(MADE_UP_API_KEY));
    expect(await filesWithSecrets(scene.folder)).toEqual([]);
    await scene.openGate('work');
    await scene.finished();
    expect(await filesWithSecrets(scene.folder)).toEqual([]);
  });

  it('that the agent prints are seen by nobody but who reads the raw log', async () => {
    const scene = await openScene({
      scenario: () => planWorker({ before: [PRINT_SECRETS] }),
      env: { MY_TOKEN: TOKEN },
    });
    const { stdout } = await scene.type(['build', '--headless', '--env', 'MY_TOKEN', ...IN_DOCKER]);
    const raw = join(scene.stateFolder, 'runs', (await scene.status()).run, 'iteration-1.log.raw');
    const leaks = (await filesWithSecrets(scene.stateFolder)).filter((path) => !path.includes('/exchange/'));
    expect(leaks).toEqual([raw]);
    expect(((await stat(raw)).mode & 0o777).toString(8)).toBe('600');
    const shown = [
      stdout,
      await scene.run('logs'),
      await scene.run('logs', '--tool', 'Bash'),
      await scene.run('status'),
    ];
    for (const text of shown) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(MADE_UP_API_KEY);
    }
    expect(shown[1]).toContain('I print my environment.');
  });
});
