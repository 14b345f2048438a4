// The supervisor is killed in the middle of a run: the next command takes the run up, and nothing is lost or doubled.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { commitsOf, planOf } from '../harness/repository.ts';
import { requires, TEST_IMAGE } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { resultLines, streamLines } from './agent-log.ts';
import { crash, isAlive } from './processes.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';

/** What the engine kept of a container's stdout: what the raw log has to be, byte for byte. */
async function engineOutput(container: string): Promise<Buffer> {
  const { stdout } = await execa('docker', ['logs', '--follow', container], {
    encoding: 'buffer',
    stripFinalNewline: false,
    timeout: 60_000,
  });
  return Buffer.from(stdout);
}

async function rawLog(scene: Scene, name = 'iteration-1.log.raw'): Promise<Buffer> {
  return readFile(join(scene.repository.path, '.loop-logs', name));
}

/** Crashes the supervisor while its attempt waits at a gate; resolves with the container's name. */
async function crashAtGate(scene: Scene, iteration: number, attempt = 1): Promise<string> {
  const { supervisor, sandbox } = await scene.atGate(iteration, attempt);
  await crash(supervisor.pid);
  expect(await scene.status()).toMatchObject({ phase: 'running', supervisor: { alive: false } });
  return sandbox.name ?? '';
}

/** Facts right behind which a supervisor is killed: while it starts, follows, seals and removes. */
const MOMENTS = [
  'attempt_starting',
  'attempt_started',
  'plan_changed',
  'attempt_exited',
  'attempt_sealed',
  'attempt_starting',
  'commits_seen',
  'sandbox_removed',
  'finished',
];

const isSupervisor = ({ type }: JournalLine) => type === 'supervisor_started';

interface JournalLine {
  readonly type: string;
  readonly pid?: number;
}

/**
 * Crashes the supervisor as soon as the journal has such a fact, or the run's end, behind the first `seen` lines.
 * Resolves with how many lines it has up to there; null at the run's end.
 */
async function crashAt(scene: Scene, moment: string, seen: number): Promise<number | null> {
  const look = async () => {
    const whole = (await scene.log('events.ndjson')).split('\n').slice(0, -1);
    const events = whole.map((line) => JSON.parse(line) as JournalLine);
    const index = events.findIndex(({ type }, index) => index >= seen && (type === moment || type === 'finished'));
    return index !== -1 && { index, type: events[index]?.type, supervisor: events.findLast(isSupervisor) };
  };
  const detail = () => scene.story();
  const { index, type, supervisor } = await waitFor(look, { what: moment, timeoutMs: 30_000, intervalMs: 2, detail });
  if (supervisor?.pid !== undefined && (await isAlive(supervisor.pid))) await crash(supervisor.pid);
  return type === 'finished' ? null : index + 1;
}

requires('docker', 'image')('a supervisor that is killed', () => {
  it('takes up the container that went on without it', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('work') }) });
    await scene.run('build', ...IN_DOCKER);
    const container = await crashAtGate(scene, 1);
    const output = engineOutput(container);

    const { stderr } = await scene.type(['status']);
    expect(stderr).toMatch(/supervisor of run .* died; starting it again/);
    expect(await scene.atGate(1)).toMatchObject({ supervisor: { alive: true, restarts: 1 } });
    expect(await scene.containers()).toEqual([container]);
    await scene.openGate('work');

    expect(await scene.finished()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 1 } });
    expect((await rawLog(scene)).equals(await output)).toBe(true);
    expect((await scene.receipts()).receipts).toMatchObject([
      { iteration: 1, attempt: 1, outcome: { kind: 'completed' }, tasksFinished: ['Only task'], toolCalls: 5 },
    ]);
    expect(scene.api.requests.every(({ session }) => session === 1)).toBe(true);
  });

  it('learns how an attempt ended while nobody was there', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => planWorker({ untilFile: gate('work') }),
    });
    await scene.run('build', ...IN_DOCKER);
    const container = await crashAtGate(scene, 1);
    await scene.openGate('work');
    const output = await engineOutput(container);
    await scene.type(['status']);

    expect(await scene.finished()).toMatchObject({ exitReason: 'done' });
    expect((await rawLog(scene)).equals(output)).toBe(true);
    const commits = await commitsOf(scene.repository.path);
    const { receipts } = await scene.receipts();
    expect(receipts).toMatchObject([
      { outcome: { kind: 'completed' }, tasksFinished: ['One'], commits: [{ sha: commits[1]?.sha, subject: 'One' }] },
      { outcome: { kind: 'completed' }, tasksFinished: ['Two'], commits: [{ sha: commits[2]?.sha, subject: 'Two' }] },
    ]);
    expect(receipts[0]?.costUsd).toBe(resultLines(output.toString())[0]?.total_cost_usd);
    expect(await scene.containers()).toEqual([]);
  });

  it('obeys a command that comes first, and kills the attempt that it adopted', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('never') }) });
    await scene.run('build', ...IN_DOCKER);
    await crashAtGate(scene, 1);
    expect(await scene.run('kill')).toBe('killing attempt 1.1; the run pauses\n');
    expect(await scene.paused()).toMatchObject({ iteration: 1, attempt: 2, paused: { kind: 'after_stop' } });
    expect(await scene.containers()).toEqual([]);
    expect((await scene.receipts()).receipts).toMatchObject([{ outcome: { kind: 'stopped' }, exitCode: 137 }]);
  });

  it('is brought back by resume, which needs to say nothing more then', async () => {
    const scene = await openScene({ scenario: (gate) => planWorker({ untilFile: gate('work') }) });
    await scene.run('build', ...IN_DOCKER);
    await crashAtGate(scene, 1);
    expect(await scene.type(['resume'])).toMatchObject({
      exitCode: 0,
      stdout: 'goes on with iteration 1\n',
      stderr: expect.stringMatching(/died; starting it again/),
    });
    await scene.openGate('work');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 1, attempt: 1 });
  });

  it('follows the attempt without the login, starts none, and gets the login from the shell that resumes', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => planWorker({ untilFile: gate('work') }),
    });
    await scene.run('build', ...IN_DOCKER);
    await crashAtGate(scene, 1);
    const { ANTHROPIC_API_KEY: _, ...withoutLogin } = scene.env;
    await scene.type(['status'], { env: withoutLogin });
    await scene.openGate('work');
    expect(await scene.paused()).toMatchObject({
      iteration: 2,
      needsYou: true,
      paused: { kind: 'no_secrets', help: expect.stringMatching(/ralph-tui login, or set ANTHROPIC_API_KEY/) },
    });
    expect((await scene.receipts()).receipts).toMatchObject([
      { outcome: { kind: 'completed' }, tasksFinished: ['One'] },
    ]);

    expect(await scene.run('resume')).toBe('goes on with iteration 2\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', tasks: { remaining: 0, completed: 2 } });
  });

  it('stays paused, and goes on when told so', async () => {
    const scene = await openScene({ repository: { plan: ['One', 'Two'] } });
    await scene.run('build', '--step', ...IN_DOCKER);
    const { supervisor } = await scene.paused();
    await crash(supervisor.pid);
    await scene.type(['status']);
    expect(await scene.status()).toMatchObject({
      phase: 'paused',
      paused: { kind: 'step' },
      supervisor: { alive: true, restarts: 1 },
    });
    await crash((await scene.status()).supervisor.pid);
    expect(await scene.run('resume')).toBe('goes on with iteration 2\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', tasks: { remaining: 0, completed: 2 } });
  });

  it('goes on waiting, to the same time', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: () => ({ runs: [planWorker({ hog: { victim: 'agent', bytes: 2 * 1024 ** 3 } }), planWorker()] }),
      policy: { afterOomMs: 3_600_000 },
    });
    await scene.run('build', '--image', TEST_IMAGE, '--memory', '512m');
    const before = await scene.statusWhere('the run to wait', ({ phase }) => phase === 'waiting');
    await crash(before.supervisor.pid);
    await scene.type(['status']);
    const { waiting, phase, supervisor } = await scene.status();
    expect({ waiting, phase, alive: supervisor.alive }).toEqual({
      waiting: before.waiting,
      phase: 'waiting',
      alive: true,
    });
    expect(await scene.run('resume')).toBe('goes on with iteration 2\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', iteration: 3 });
  });

  it('does the plan once, however often it is killed', async () => {
    const tasks = ['One', 'Two', 'Three'];
    const scene = await openScene({ repository: { plan: tasks } });
    await scene.run('build', ...IN_DOCKER);
    let seen: number | null = 0;
    for (const moment of MOMENTS) {
      seen = await crashAt(scene, moment, seen);
      if (seen === null) break;
      await scene.type(['status']);
    }
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', tasks: { remaining: 0, completed: 3 } });
    expect(await planOf(scene.repository.path)).toMatchObject({ open: [], done: tasks });
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', ...tasks]);

    const { receipts } = await scene.receipts();
    expect(receipts.flatMap(({ tasksFinished }) => tasksFinished)).toEqual(tasks);
    expect(receipts.flatMap(({ commits }) => commits.map(({ subject }) => subject))).toEqual(tasks);
    for (const { iteration, attempt, outcome } of receipts) {
      const name = `iteration-${iteration}${attempt > 1 ? `.${attempt}` : ''}.log.raw`;
      const lines = streamLines((await rawLog(scene, name)).toString());
      const ids = lines.flatMap(({ uuid }) => (uuid === undefined ? [] : [uuid]));
      expect(new Set(ids).size).toBe(ids.length);
      // One whose supervisor died before it had its login never said anything.
      expect([outcome.kind, lines.at(-1)?.type]).toEqual(
        lines.length > 0 ? ['completed', 'result'] : ['infra', undefined],
      );
    }
    // Where the last one died before it had removed its container, the next run does.
    await scene.run('build', ...IN_DOCKER);
    await scene.finished();
    expect(await scene.containers()).toEqual([]);
  });
});
