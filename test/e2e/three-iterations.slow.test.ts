// The main story: a run is started from a terminal that is closed at once, and does a plan of three tasks in Docker.
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceiptsJson } from '../../src/report/receipts.ts';
import type { StatusReport } from '../../src/report/status.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { cliCommand } from '../harness/process.ts';
import { type Commit, commitsOf, planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { Tmux } from '../harness/tmux.ts';
import { resultLines } from './agent-log.ts';
import { ended } from './processes.ts';
import { IN_DOCKER, Scene } from './scene.ts';

const TASKS = ['Write the parser', 'Write the printer', 'Join them'];
/** Of each of an agent's answers; the first attempt asks once more, for the command that waits. */
const USAGE = { input: 1_000, output: 100, cacheRead: 10_000, cacheWrite5m: 500 };
const ANSWERS = [6, 5, 5];

requires(
  'docker',
  'image',
  'tmux',
)('three iterations with the terminal closed', () => {
  let scene: Scene;
  let whileRunning: { readonly gitStatus: string; readonly status: StatusReport };
  let finished: StatusReport;
  let receipts: ReceiptsJson;
  let commits: readonly Commit[];

  beforeAll(async () => {
    scene = await Scene.open({
      repository: { plan: TASKS },
      scenario: (gate) => ({
        runs: [planWorker({ untilFile: gate('first'), usage: USAGE }), planWorker({ usage: USAGE })],
      }),
    });
    await using tmux = new Tmux(scene.folder);
    const pane = await tmux.run(['bash', '--norc'], { cwd: scene.repository.path, env: scene.env });
    await pane.type([...cliCommand(), 'build', ...IN_DOCKER].join(' '));
    await pane.press('Enter');
    await pane.waitForText('RUNNING', 30_000);
    await pane.close();
    await scene.atGate(1);
    const status = await scene.statusWhere(
      'a sample of the memory of an agent at work',
      ({ memory }) => (memory.nowBytes ?? 0) > 50 * 1024 ** 2,
    );
    whileRunning = { status, gitStatus: await scene.repository.git('status', '--porcelain') };
    await scene.openGate('first');
    finished = await scene.finished();
    receipts = await scene.receipts();
    commits = await commitsOf(scene.repository.path);
  }, 150_000);

  afterAll(() => scene?.[Symbol.asyncDispose]());

  it('does the tasks one by one, each in a session of its own', async () => {
    expect(await planOf(scene.repository.path)).toMatchObject({ open: [], done: TASKS });
    expect(commits.map(({ subject, files }) => ({ subject, files }))).toEqual([
      expect.objectContaining({ subject: 'Start' }),
      { subject: TASKS[0], files: ['IMPLEMENTATION_PLAN.md', 'work/write-the-parser.1.txt'] },
      { subject: TASKS[1], files: ['IMPLEMENTATION_PLAN.md', 'work/write-the-printer.2.txt'] },
      { subject: TASKS[2], files: ['IMPLEMENTATION_PLAN.md', 'work/join-them.3.txt'] },
    ]);
    expect(scene.api.failures).toEqual([]);
    expect(scene.api.requests.filter(({ turn }) => turn === 1).map(({ session }) => session)).toEqual([1, 2, 3]);
  });

  it('commits in the name of the person', async () => {
    const names = await scene.repository.git('log', '--format=%an <%ae>, %cn <%ce>', '-3');
    const person = 'Test Person <test@example.invalid>';
    expect(names.split('\n')).toEqual(Array(3).fill(`${person}, ${person}`));
  });

  it('says how the run stands while it goes on, and why it ended', () => {
    expect(whileRunning.status).toMatchObject({
      phase: 'running',
      mode: 'build',
      iteration: 1,
      attempt: 1,
      currentTask: TASKS[0],
      tasks: { remaining: 3, completed: 0 },
      tool: { name: 'Bash' },
      sandbox: { kind: 'docker', name: expect.stringMatching(/^sandbox-loop-.*-1-1$/) },
      memory: { limitBytes: 1024 ** 3 },
      supervisor: { alive: true, restarts: 0 },
      exitReason: null,
    });
    expect(finished).toMatchObject({
      phase: 'finished',
      exitReason: 'done',
      exitCode: 0,
      iteration: 3,
      currentTask: null,
      tasks: { remaining: 0, completed: 3, removed: 0 },
      commits: 3,
      costUsd: receipts.totals.costUsd,
      warnings: [],
    });
  });

  it('has a receipt of every attempt: tokens, cost, commits, tasks, context, memory', async () => {
    const costs = await Promise.all([1, 2, 3].map(async (n) => resultLines(await scene.log(`iteration-${n}.log.raw`))));
    const expected = TASKS.map((task, index) => {
      const answers = ANSWERS[index] ?? 0;
      return {
        iteration: index + 1,
        attempt: 1,
        outcome: expect.objectContaining({ kind: 'completed' }),
        exitCode: 0,
        tokens: {
          input: answers * USAGE.input,
          output: answers * USAGE.output,
          cacheRead: answers * USAGE.cacheRead,
          cacheWrite: answers * USAGE.cacheWrite5m,
        },
        costUsd: costs[index]?.[0]?.total_cost_usd,
        costBasis: 'reported',
        contextPeakTokens: USAGE.input + USAGE.cacheRead + USAGE.cacheWrite5m,
        agentVersion: '2.1.329',
        toolCalls: answers - 1,
        commits: [expect.objectContaining({ sha: commits[index + 1]?.sha, subject: task })],
        uncommittedFiles: 0,
        tasksFinished: [task],
        openAfter: 2 - index,
        memoryLimitBytes: 1024 ** 3,
        baseCommit: commits[index]?.sha,
        headCommit: commits[index + 1]?.sha,
        claimedDone: false,
        warnings: [],
      };
    });
    expect(receipts.receipts).toMatchObject(expected);
    for (const { peakMemoryBytes, costUsd, elapsedMs, startedAt, endedAt } of receipts.receipts) {
      expect(peakMemoryBytes).toBeGreaterThan(0);
      expect(peakMemoryBytes).toBeLessThan(1024 ** 3);
      expect(costUsd).toBeGreaterThan(0);
      expect(elapsedMs).toBe(Date.parse(endedAt) - Date.parse(startedAt));
    }
    // Memory is sampled once a second: of an attempt as short as that, perhaps only its start was seen.
    const peaks = receipts.receipts.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0);
    expect(Math.max(...peaks)).toBeGreaterThan(50 * 1024 ** 2);
    expect(receipts.totals).toMatchObject({ attempts: 3, completed: 3, commits: 3, tasksFinished: 3 });
    expect(new Set(receipts.receipts.map(({ sessionId }) => sessionId)).size).toBe(3);
  });

  it('leaves a link to its logs, and nothing else of its own in the repository', async () => {
    const { path } = scene.repository;
    const target = await readlink(join(path, '.loop-logs'));
    expect(target).toBe(join(scene.stateFolder, 'runs', receipts.run));
    expect(whileRunning.gitStatus).toBe('?? work/');
    expect(await scene.repository.git('status', '--porcelain', '--untracked-files=all')).toBe('');
    expect(commits.flatMap(({ files }) => files).filter((file) => file.includes('.loop-logs'))).toEqual([]);
    expect(await scene.repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it('leaves no container and no supervisor behind', async () => {
    expect(await scene.containers()).toEqual([]);
    await ended(finished.supervisor.pid);
  });
});
