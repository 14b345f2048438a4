// Containers that really go over their memory: the agent is killed, or only a command of it.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { planOf } from '../harness/repository.ts';
import { requires, TEST_IMAGE } from '../harness/requires.ts';
import { openScene } from './scene.ts';

const LIMIT = ['--image', TEST_IMAGE, '--memory', '512m'];
const MORE_THAN_THERE_IS = 2 * 1024 ** 3;

requires('docker', 'image')('a container over its memory', () => {
  it('ends the attempt as oom, says so in the log, and goes on with the next iteration', async () => {
    const hog = { victim: 'agent', bytes: MORE_THAN_THERE_IS } as const;
    const scene = await openScene({
      repository: { plan: ['Eat', 'Rest'] },
      scenario: () => ({ runs: [planWorker(), planWorker({ hog }), planWorker()] }),
    });
    const { exitCode, stdout } = await scene.type(['build', '--headless', ...LIMIT]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('OOM-killed') });

    const { receipts } = await scene.receipts();
    expect(receipts.map(({ iteration, attempt, outcome }) => [iteration, attempt, outcome.kind])).toEqual([
      [1, 1, 'completed'],
      [2, 1, 'oom'],
      [3, 1, 'completed'],
    ]);
    expect(receipts[1]).toMatchObject({ exitCode: 137, commits: [], memoryLimitBytes: 512 * 1024 ** 2 });
    expect(await scene.shell('grep -n "OOM-killed" .loop-logs/loop-main.log')).toMatch(
      /^\d+:.*iteration 2 OOM-killed .*over its memory limit/,
    );
    expect(await scene.shell('grep -c "OOM-killed" .loop-logs/loop-main.log')).toBe('1');
    expect(await planOf(scene.repository.path)).toMatchObject({ open: [], done: ['Eat', 'Rest'] });
  });

  it('gives up after three in a row', async () => {
    const hog = { victim: 'agent', bytes: MORE_THAN_THERE_IS } as const;
    const scene = await openScene({ scenario: () => planWorker({ hog }) });
    const { exitCode } = await scene.type(['build', '--headless', ...LIMIT]);
    expect(exitCode).toBe(6);
    expect(await scene.status()).toMatchObject({
      exitReason: 'gave_up',
      exitCode: 6,
      exitMessage: expect.stringMatching(/^3 attempts in a row: out of memory; .*more memory \(--memory, now 512M\)/),
      nextCommand: 'ralph-tui receipts',
    });
    const { receipts } = await scene.receipts();
    expect(receipts.map(({ outcome }) => outcome.kind)).toEqual(['oom', 'oom', 'oom']);
    for (const { peakMemoryBytes } of receipts) expect(peakMemoryBytes).toBeGreaterThanOrEqual(512 * 1024 ** 2);
  });

  it('leaves the agent alone when a command can be killed instead, and warns', async () => {
    const hog = { victim: 'tool', bytes: MORE_THAN_THERE_IS } as const;
    const scene = await openScene({ scenario: () => planWorker({ hog }) });
    const { exitCode } = await scene.type(['build', '--headless', ...LIMIT]);
    expect(exitCode).toBe(0);
    expect((await scene.receipts()).receipts).toMatchObject([
      {
        outcome: { kind: 'completed' },
        tasksFinished: ['Only task'],
        warnings: ['a command in it was killed for memory'],
      },
    ]);
    expect(await scene.shell('grep -c "OOM-killed" .loop-logs/loop-main.log')).toBe('0');
  });
});
