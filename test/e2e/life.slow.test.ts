// Signs of life: an agent that hangs, takes too long, is held by what it left running, or gets nowhere.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { endings, facts } from './endings.ts';
import { onHost, openHostScene } from './on-host.ts';
import { IN_DOCKER, openScene } from './scene.ts';

/** The CLI on a busy machine takes a while to say its first word. */
const IDLE_LIMIT_MS = 5_000;

const HANGING: Step = { text: 'This is cut off in the middle.', fault: { kind: 'hang', after: 5 } };

const IN_BACKGROUND: Step = {
  text: 'I start a server.',
  tools: [
    {
      name: 'Bash',
      input: { command: 'tail -f /dev/null', description: 'Start a server', run_in_background: true },
    },
  ],
};

/** Looks around and gives up, the same way every time. */
const AIMLESS: readonly Step[] = [
  { text: 'I look.', tools: [{ name: 'Read', input: { file_path: '{{cwd}}/README.md' } }] },
  { tools: [{ name: 'Bash', input: { command: 'ls missing-folder', description: 'Look for it' } }] },
  { text: 'I do not know what to do.' },
];

requires('docker', 'claude')('an attempt', () => {
  it('whose stream hangs is ended and counted, and the next iteration does the work', async () => {
    const scene = await openHostScene({
      scenario: () => ({ runs: [[HANGING], planWorker()] }),
      policy: { idleLimitMs: IDLE_LIMIT_MS },
    });
    const { exitCode, stdout } = await scene.type(['build', '--headless', ...onHost()]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(await endings(scene)).toEqual(['1.1 hung', '2.1 completed']);
    const [hung] = (await scene.receipts()).receipts;
    expect(hung?.outcome.message).toMatch(/no sign of life for 5s/);
    expect(await facts(scene, 'attempt_overdue')).toMatchObject([{ iteration: 1, why: 'idle' }]);
  });

  it('whose command runs may be silent for longer, but not longer than --iteration-timeout', async () => {
    const scene = await openHostScene({
      scenario: (gate) => planWorker({ untilFile: gate('never') }),
      policy: { idleLimitMs: IDLE_LIMIT_MS },
    });
    const { exitCode, stdout } = await scene.type(['1', '--headless', '--iteration-timeout', '8s', ...onHost()]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(await endings(scene)).toEqual(['1.1 timeout']);
    const { outcome } = (await scene.receipts()).receipts[0] ?? {};
    expect(outcome?.message).toMatch(/over its time of 8s/);
    expect(await scene.status()).toMatchObject({ exitReason: 'max_reached' });
    expect((await planOf(scene.repository.path)).open).toEqual(['Only task']);
  });
});

requires('docker', 'image')('a background command', () => {
  it('that holds the process behind its last result is ended, and the work counts', async () => {
    const scene = await openScene({
      scenario: () => planWorker({ before: [IN_BACKGROUND] }),
      policy: { backgroundGraceMs: 1_000 },
    });
    const { exitCode, stdout } = await scene.type(['build', '--headless', ...IN_DOCKER]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(await endings(scene)).toEqual(['1.1 completed']);
    expect(await facts(scene, 'attempt_overdue')).toMatchObject([{ why: 'background' }]);
    const [receipt] = (await scene.receipts()).receipts;
    expect(receipt).toMatchObject({ tasksFinished: ['Only task'], exitCode: 143, costBasis: 'reported' });
    // Some CLIs on their way out have time to say that they ended the task, and then nothing held them.
    expect(receipt?.outcome.message).toMatch(/then stopped: (1 background task held it|it did not end by itself)$/);
    expect(await scene.containers()).toEqual([]);
  });
});

requires('docker', 'claude')('a build that gets nowhere', () => {
  it('needs a person after three iterations, and says what they had in common', async () => {
    const scene = await openHostScene({ scenario: () => ({ steps: AIMLESS }) });
    await scene.run('build', ...onHost());
    expect(await scene.paused()).toMatchObject({
      needsYou: true,
      iteration: 4,
      paused: {
        kind: 'no_progress',
        message: expect.stringMatching(
          /^3 iterations without progress: .*the same last command \(Bash ls missing-folder\), the same files read \(.*README\.md\)$/,
        ),
        help: expect.stringContaining('ralph-tui resume'),
      },
    });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 completed', '3.1 completed']);

    scene.api.play(planWorker());
    expect(await scene.run('resume')).toBe('goes on with iteration 4\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 4 });
  });
});
