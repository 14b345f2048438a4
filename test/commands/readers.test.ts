import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { openJournal } from '../../src/journal/append.ts';
import { attemptFiles, runFiles } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { displayWidth } from '../../src/text/width.ts';
import { OPEN_PLAN, Story } from '../core/story.ts';
import { firstLines, RUN, sample, transcript, writeOutput, writeSamples } from '../viewer/run-folder.ts';
import { openDesk } from './typed.ts';

const FIRST = { iteration: 1, attempt: 1 };
const SECOND = { iteration: 2, attempt: 1 };
const SESSION = '4cd8d0ee-6ccd-46d6-b7e4-fdd24e0ad9f5';
const AT = '2026-11-21T10:09:58.000Z';

/** Iteration 1 done, iteration 2 in the middle of its first Bash call. */
async function runningDesk() {
  const desk = await openDesk();
  const story = new Story({ options: { maxIterations: 5 } }).attempt('completed', {
    elapsedMs: 60_000,
    tasksFinished: ['first'],
  });
  story.tell({
    type: 'attempt_starting',
    ...SECOND,
    sandboxName: 'box',
    sessionId: SESSION,
    promptHash: 'p',
    argv: [],
    survey: OPEN_PLAN,
    memoryLimitBytes: 8000,
  });
  const { folders, folder } = await desk.run(story);
  await writeOutput(folder, SECOND, firstLines(await transcript('tools'), 8));
  await writeSamples(folder, SECOND, [sample(AT, 100, 6000)]);
  const lock = await acquireLock(folders.lock, { run: RUN });
  if (!lock.ok) throw new Error('the lock is held');
  return { desk, folder, folders };
}

describe('status', () => {
  test('for people, for scripts, for a status bar', async () => {
    const { desk } = await runningDesk();
    const people = await desk.type(['status']);
    expect(people.stdout).toMatch(/^▶ RUNNING {2}build {2}repository {2}main {2}iteration 2 of 5/);
    expect(people.stdout).toContain('second · Bash `');
    for (const line of people.stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);

    const json = JSON.parse((await desk.type(['status', '--json'])).stdout);
    expect(json).toMatchObject({
      run: RUN,
      phase: 'running',
      iteration: 2,
      tool: { name: 'Bash' },
      supervisor: { alive: true },
    });

    const line = await desk.type(['status', '--line']);
    expect(line.stdout).toMatch(/^▶ build 2\/5 9m 1\/3 ≈\$0\.\d\d 5\.9\/7\.8K\n$/);
  });

  test('in ASCII for people whose terminal has no more, and never for scripts', async () => {
    const { desk, folder } = await runningDesk();
    await writeFile(attemptFiles(folder, SECOND).log, '✓ done … 3×\n');
    for (const command of [['status'], ['status', '--line'], ['why'], ['receipts'], ['logs'], ['--help']]) {
      expect((await desk.type(command, { isAscii: true })).stdout, command.join(' ')).toMatch(/^[\x00-\x7f]+$/);
    }
    for (const command of [
      ['status', '--json'],
      ['receipts', '--json'],
      ['logs', '--raw'],
    ]) {
      expect(await desk.type(command, { isAscii: true }), command.join(' ')).toEqual(await desk.type(command));
    }
  });

  test('--watch goes on until the run is finished', async () => {
    const { desk, folders } = await runningDesk();
    let outputs = 0;
    const { stdout, exitCode } = await desk.type(['status', '--line', '--watch', '0.1'], {
      onOutput: () => {
        outputs += 1;
        if (outputs !== 2) return;
        const journal = openJournal<Event>(runFiles(folders, RUN).journal);
        journal.append({ type: 'finished', at: AT, reason: 'stopped', message: 'stopped by you', nextCommand: null });
        journal.close();
      },
    });
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^■ build 1\/5 stopped/);
    expect(exitCode).toBe(0);
  });

  test('without a run', async () => {
    const desk = await openDesk();
    expect(await desk.type(['status'])).toEqual({
      stdout: '',
      stderr: 'ralph-tui: there is no run of this repository yet; start one with: ralph-tui build\n',
      exitCode: 2,
    });
    expect(await desk.type(['status', '--line'])).toEqual({ stdout: '– no run\n', stderr: '', exitCode: 0 });
  });

  test('outside of a repository', async () => {
    const desk = await openDesk();
    const { stderr, exitCode } = await desk.type(['status'], { cwd: desk.home });
    expect(stderr).toContain('is in no git repository');
    expect(exitCode).toBe(2);
  });
});

test('why says what runs and how old each sign of life is', async () => {
  const { desk } = await runningDesk();
  const { stdout } = await desk.type(['why']);
  expect(stdout).toMatch(/^second · Bash `[^`]+` /);
  expect(stdout).toMatch(/output \S+ · no commit yet · no tick yet/);
});

test('why says that the supervisor is gone', async () => {
  const desk = await openDesk();
  await desk.run(new Story().starts());
  expect((await desk.type(['why'])).stdout).toMatch(/^no supervisor: it died/);
});

describe('receipts', () => {
  test('of the newest run, and of an older one', async () => {
    const desk = await openDesk();
    await desk.run(new Story().attempt('oom'), '20261120-100000-old');
    await desk.run(new Story().attempt('completed').attempt('completed'));
    expect((await desk.type(['receipts'])).stdout).toContain('2 attempts · 2 completed');
    expect((await desk.type(['receipts', '20261120'])).stdout).toContain('! oom');
    const json = JSON.parse((await desk.type(['receipts', '--json'])).stdout);
    expect(json).toMatchObject({ run: RUN, totals: { attempts: 2 } });
    expect((await desk.type(['receipts', '1999'])).exitCode).toBe(2);
  });
});

describe('logs', () => {
  async function deskWithLogs() {
    const { desk, folder, folders } = await runningDesk();
    await writeOutput(folder, FIRST, await transcript('tools'));
    await writeFile(attemptFiles(folder, FIRST).log, '10:00:00 text   the first\n');
    await writeFile(attemptFiles(folder, SECOND).log, '10:01:00 text   the second\n');
    return { desk, folder, folders };
  }

  test('the newest, or the one that is meant', async () => {
    const { desk } = await deskWithLogs();
    expect((await desk.type(['logs'])).stdout).toBe('10:01:00 text   the second\n');
    expect((await desk.type(['logs', '1'])).stdout).toBe('10:00:00 text   the first\n');
    expect((await desk.type(['logs', '2.1'])).stdout).toBe('10:01:00 text   the second\n');
    expect((await desk.type(['logs', '7'])).stderr).toBe(
      'ralph-tui: there is no log of iteration 7; the newest is 2\n',
    );
    expect((await desk.type(['logs', 'x'])).exitCode).toBe(2);
  });

  test('--raw prints the bytes as they are', async () => {
    const { desk } = await deskWithLogs();
    expect((await desk.type(['logs', '1', '--raw'])).stdout).toBe((await transcript('tools')).toString());
  });

  test('--tool lets calls of one tool through, with their answers', async () => {
    const { desk } = await deskWithLogs();
    const { stdout } = await desk.type(['logs', '1', '--tool', 'bash']);
    const tags = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(9, 16).trim());
    expect(tags.filter((tag) => tag === 'Bash').length).toBeGreaterThan(1);
    expect(new Set(tags)).toEqual(new Set(['Bash', '']));
    expect(stdout).toContain('hello');

    const none = await desk.type(['logs', '1', '--tool', 'Nothing']);
    expect(none.stdout).toBe('');
    expect(none.stderr).toMatch(/^no call of Nothing; used were: .*Bash \(\d+ calls?\)/);
  });

  test('-f goes on across attempts until the run ends', async () => {
    const { desk, folder, folders } = await deskWithLogs();
    const journal = openJournal<Event>(runFiles(folders, RUN).journal);
    const third = new Story().attempt('completed').attempt('completed').starts().seals('completed');
    const news = third.events.filter((event) => 'iteration' in event && event.iteration === 3);
    const sealSecond = third.events.find((event) => event.type === 'attempt_sealed' && event.iteration === 2);
    const { stdout, exitCode } = await desk.type(['logs', '-f', '1'], {
      onOutput: (text) => {
        if (!text.includes('the second')) return;
        void (async () => {
          await appendFile(attemptFiles(folder, SECOND).log, 'more of it\n');
          if (sealSecond !== undefined) journal.append(sealSecond);
          await writeFile(attemptFiles(folder, { iteration: 3, attempt: 1 }).log, 'the third\n');
          for (const event of news) journal.append(event);
          journal.append({ type: 'finished', at: AT, reason: 'done', message: 'done', nextCommand: null });
          journal.close();
        })();
      },
    });
    expect(stdout).toBe(
      '==> iteration 1 <==\n10:00:00 text   the first\n' +
        '==> iteration 2 <==\n10:01:00 text   the second\nmore of it\n' +
        '==> iteration 3 <==\nthe third\n',
    );
    expect(exitCode).toBe(0);
  });

  test('-f ends with the signal', async () => {
    const { desk } = await deskWithLogs();
    const ending = new AbortController();
    const { exitCode } = await desk.type(['logs', '-f'], { signal: ending.signal, onOutput: () => ending.abort() });
    expect(exitCode).toBe(0);
  });
});
