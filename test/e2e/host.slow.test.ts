// The host sandbox with the real CLI: a whole run, an end that leaves no process, and a branch that changes under it.
import { expect, it } from 'vitest';
import { processesIn } from '../harness/leftovers.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { bash } from '../harness/messages-api/scripted-agent.ts';
import { commitsOf, planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { resultLines, streamLines } from './agent-log.ts';
import { onHost, openHostScene } from './on-host.ts';
import { crash, ended } from './processes.ts';

/** Starts a process with a session of its own, which no kill of a process group reaches. */
const RUNAWAY: Step = {
  text: 'I start a server.',
  tools: [
    {
      name: 'Bash',
      input: { command: 'setsid sleep 7654 >/dev/null 2>&1 & echo started', description: 'Start a server' },
    },
  ],
};

requires('docker', 'claude')('the host sandbox', () => {
  it('does a plan', async () => {
    const tasks = ['One', 'Two'];
    const scene = await openHostScene({ repository: { plan: tasks } });
    const { exitCode, stdout, stderr } = await scene.type(['build', '--headless', ...onHost()]);
    expect({ exitCode, stdout, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('host sandbox: the agent can reach everything that you can'),
    });
    expect(await planOf(scene.repository.path)).toMatchObject({ open: [], done: tasks });
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', ...tasks]);
    const { receipts } = await scene.receipts();
    expect(receipts).toMatchObject([
      { outcome: { kind: 'completed' }, agentVersion: '2.1.329', memoryLimitBytes: null, tasksFinished: ['One'] },
      { outcome: { kind: 'completed' }, agentVersion: '2.1.329', memoryLimitBytes: null, tasksFinished: ['Two'] },
    ]);
    expect(await scene.repository.git('status', '--porcelain')).toBe('');
  });

  it.each(['stop', 'kill'])('%s leaves no process behind, also none with a session of its own', async (command) => {
    const scene = await openHostScene({
      scenario: (gate) => planWorker({ before: [RUNAWAY], untilFile: gate('never') }),
    });
    await scene.run('build', ...onHost());
    const { supervisor } = await scene.atGate(1);
    expect(await scene.shell('ps aux | grep "sleep 7654" | grep -v grep')).toContain('sleep 7654');
    await scene.run(command);
    if (command === 'kill') {
      await scene.paused();
      expect(await processesIn(scene.folder)).toEqual([supervisor.pid]);
      await scene.run('stop');
    }
    await scene.finished();
    await ended(supervisor.pid);
    expect(await processesIn(scene.folder)).toEqual([]);
    expect((await scene.receipts()).receipts).toMatchObject([{ outcome: { kind: 'stopped' } }]);
  });

  it('goes on without its supervisor, and is taken up again', async () => {
    const scene = await openHostScene({ scenario: (gate) => planWorker({ untilFile: gate('work') }) });
    await scene.run('build', ...onHost());
    const { supervisor } = await scene.atGate(1);
    await crash(supervisor.pid);
    await scene.openGate('work');
    await waitFor(async () => (await planOf(scene.repository.path)).open.length === 0, { what: 'the agent to go on' });
    await scene.type(['status']);
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 1 } });
    expect((await scene.receipts()).receipts).toMatchObject([
      { iteration: 1, attempt: 1, outcome: { kind: 'completed' }, exitCode: 0, tasksFinished: ['Only task'] },
    ]);
    const raw = await scene.log('iteration-1.log.raw');
    const ids = streamLines(raw).flatMap(({ uuid }) => uuid ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(resultLines(raw)).toHaveLength(1);
    expect(scene.api.requests.every(({ session }) => session === 1)).toBe(true);
  });

  it('is undone to what was uncommitted before it, although the agent committed and changed that', async () => {
    const sweep =
      'git add --all && git commit --quiet --message "Sweep" && echo its >> notes && rm kept && echo its > its';
    const scene = await openHostScene({
      repository: { plan: ['One', 'Two'], files: { kept: 'kept\n', gone: 'gone\n' } },
      scenario: () => planWorker({ before: [{ text: 'I sweep.', tools: [bash(sweep, 'Sweep')] }] }),
    });
    const base = await scene.repository.git('rev-parse', 'HEAD');
    await scene.shell('echo mine > notes; echo changed > kept; rm gone');
    const { exitCode } = await scene.type(['build', '1', '--headless', ...onHost()]);
    expect(exitCode).toBe(0);
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'Sweep', 'One']);
    const [receipt] = (await scene.receipts()).receipts;
    expect(receipt?.foundCommit).toMatch(/^[0-9a-f]{40}$/);
    expect(receipt?.foundCommit).not.toBe(base);
    expect(await scene.run('undo', '--yes')).toContain('brings back 3 files that were uncommitted before iteration 1:');
    expect(await scene.repository.git('rev-parse', 'HEAD')).toBe(base);
    // What the agent left new stays.
    const status = await scene.repository.git('status', '--porcelain');
    expect(status.split('\n')).toEqual([' D gone', ' M kept', '?? its', '?? notes']);
    expect(await scene.shell('cat notes kept its')).toBe('mine\nchanged\nits');
  });

  it('pauses when the branch changes under the run, and goes on there when told so', async () => {
    const scene = await openHostScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker()] }),
    });
    await scene.run('build', ...onHost());
    await scene.atGate(1);
    await scene.repository.git('checkout', '--quiet', '-b', 'elsewhere');
    await scene.openGate('one');
    expect(await scene.paused()).toMatchObject({
      needsYou: true,
      paused: {
        kind: 'branch_changed',
        message: 'the branch changed under the run, from main to elsewhere',
        help: expect.stringContaining('git checkout main'),
      },
    });
    await scene.run('resume');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', branch: 'elsewhere' });
  });
});
