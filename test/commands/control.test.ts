import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandOf } from '../../src/control/protocol.ts';
import { startControlServer } from '../../src/control/server.ts';
import type { RunCommand } from '../../src/core/run-command.ts';
import type { RepositoryFolders } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { Story } from '../core/story.ts';
import { RUN } from '../viewer/run-folder.ts';
import { openDesk } from './typed.ts';

/** What a supervisor shows to others: the lock and the socket. It remembers what it was told. */
async function standIn(folders: RepositoryFolders, answer = { ok: true, message: 'as you wish' }) {
  const told: RunCommand[] = [];
  const socketPath = join(folders.root, 'control.sock');
  const server = await startControlServer(socketPath, async (request) => {
    const command = commandOf(request);
    if (command !== null) told.push(command);
    return answer;
  });
  const lock = await acquireLock(folders.lock, { run: RUN, socketPath });
  onTestFinished(async () => {
    await server.close();
    if (lock.ok) await lock.release();
  });
  return told;
}

const CURRENT = { iteration: 1, attempt: 1 };

describe('commands reach the supervisor', () => {
  test.each<[string[], RunCommand]>([
    [['pause'], { name: 'pause' }],
    [['resume'], { name: 'resume', next: false }],
    [['resume', '--next'], { name: 'resume', next: true }],
    [['stop'], { name: 'stop', when: 'now', attempt: null }],
    [['stop', '--after-iteration'], { name: 'stop', when: 'after_iteration', attempt: null }],
    [['stop', '--attempt'], { name: 'stop', when: 'attempt', attempt: CURRENT }],
    [['kill'], { name: 'kill', attempt: CURRENT }],
    [['restart'], { name: 'restart', attempt: CURRENT }],
  ])('%j', async (argv, expected) => {
    const desk = await openDesk();
    const told = await standIn((await desk.run(new Story().starts())).folders);
    expect(await desk.type(argv)).toEqual({ stdout: 'as you wish\n', stderr: '', exitCode: 0 });
    expect(told).toEqual([expected]);
  });

  test('a refusal is said, and exit code 2', async () => {
    const desk = await openDesk();
    await standIn((await desk.run(new Story().starts())).folders, {
      ok: false,
      message: 'no \x1b[31mattempt is running',
    });
    expect(await desk.type(['kill'])).toEqual({ stdout: '', stderr: 'no attempt is running\n', exitCode: 2 });
  });
});

describe('without a live run', () => {
  const refusal = {
    stdout: '',
    stderr: 'ralph-tui: no run is live in this repository; start one with: ralph-tui build\n',
    exitCode: 2,
  };

  test('no run at all', async () => {
    expect(await (await openDesk()).type(['pause'])).toEqual(refusal);
  });

  test('a finished one', async () => {
    const desk = await openDesk();
    await desk.run(
      new Story().tell({ type: 'finished', reason: 'stopped', message: 'stopped by you', nextCommand: null }),
    );
    expect(await desk.type(['resume'])).toEqual(refusal);
  });
});

test('the supervisor of an unfinished run is started again first', async () => {
  const desk = await openDesk();
  const { folders } = await desk.run(new Story().starts());
  const recovered: string[] = [];
  const told: RunCommand[][] = [];
  const { stdout, stderr, exitCode } = await desk.type(['pause'], {
    recoverRun: async (_, place) => {
      recovered.push(place.run);
      told.push(await standIn(folders));
    },
  });
  expect({ recovered, told }).toEqual({ recovered: [RUN], told: [[{ name: 'pause' }]] });
  expect({ stdout, exitCode }).toEqual({ stdout: 'as you wish\n', exitCode: 0 });
  expect(stderr).toBe(`the supervisor of run ${RUN} died; starting it again\n`);
});
