import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { findPlace } from '../../src/commands/place.ts';
import { startControlServer } from '../../src/control/server.ts';
import { runFiles } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { stateOf } from '../../src/viewer/find-run.ts';
import { keepFound } from '../../src/workspace/git/found.ts';
import { openShadow } from '../../src/workspace/git/shadow.ts';
import { Story } from '../core/story.ts';
import { RUN } from '../viewer/run-folder.ts';
import { type Desk, openDesk } from './typed.ts';

async function git(desk: Desk, ...argv: string[]): Promise<string> {
  const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' };
  return (await execa('git', argv, { cwd: desk.repository, env: { HOME: desk.home, ...who } })).stdout;
}

/** Iteration 1 in two attempts, iteration 2 in one: a commit each, the first before all of them. */
async function deskWithWork() {
  const desk = await openDesk();
  const commits: string[] = [];
  for (const text of ['before', 'first', 'second']) {
    await writeFile(join(desk.repository, 'file'), `${text}\n`);
    await git(desk, 'add', '--all');
    await git(desk, 'commit', '--quiet', '--message', `${text} \x1b[31mcommit`);
    commits.push(await git(desk, 'rev-parse', 'HEAD'));
  }
  const [before = '', first = '', second = ''] = commits;
  const story = new Story()
    .attempt('interrupted', { baseCommit: before, headCommit: first })
    .attempt('completed', { baseCommit: first, headCommit: first, uncommittedFiles: 1 })
    .attempt('completed', { baseCommit: first, headCommit: second });
  return { desk, story, before, first, second, file: () => readFile(join(desk.repository, 'file'), 'utf8') };
}

const PAUSED = {
  type: 'paused',
  reason: { kind: 'asked', message: 'paused by you', help: 'ralph-tui resume', headlessExit: null },
} as const;

test('without a live run: the list, the newest iteration undone, and how to get it back', async () => {
  const { desk, story, first, second, file } = await deskWithWork();
  const { folders } = await desk.run(story);
  await writeFile(join(desk.repository, 'file'), 'changed\n');
  await writeFile(join(desk.repository, 'new'), 'new\n');
  const { stdout, stderr, exitCode } = await desk.type(['undo', '--yes']);
  expect([stderr, exitCode]).toEqual(['', 0]);
  expect(stdout).toBe(
    [
      `sets main back to before iteration 2: ${first.slice(0, 7)} first commit`,
      'takes 1 commit from main:',
      `  ${second.slice(0, 7)} second commit`,
      'throws away uncommitted changes to 1 file:',
      '  file (modified)',
      'brings back 1 file:',
      '  file',
      'leaves alone 1 new file that git does not know:',
      '  new',
      'note: 1 file had uncommitted changes before it already; they go back to the commit, too',
      `undone; what was there can be had again with: git fetch ${folders.shadowGit} refs/ralph-tui/undo/${RUN}-2-1`,
      '',
    ].join('\n'),
  );
  expect(await file()).toBe('first\n');
  expect(await git(desk, 'rev-parse', 'HEAD')).toBe(first);
  await git(desk, 'fetch', folders.shadowGit, `refs/ralph-tui/undo/${RUN}-2-1`);
  expect(await git(desk, 'show', 'FETCH_HEAD:file')).toBe('changed');
  // The journal has it, as a supervisor would have written it.
  const state = await stateOf(folders, RUN);
  expect(state?.head).toBe(first);
  expect(state?.receipts.map(({ undone }) => undone?.fetchCommand)).toEqual([
    undefined,
    undefined,
    `git fetch ${folders.shadowGit} refs/ralph-tui/undo/${RUN}-2-1`,
  ]);
  expect(await readFile(runFiles(folders, RUN).mainLog, 'utf8')).toContain('you: undid iteration 2');
  // The lock that was held meanwhile is given back.
  const lock = await acquireLock(folders.lock, { run: RUN });
  expect(lock.ok).toBe(true);
});

test('what was uncommitted before the iteration is listed, and comes back', async () => {
  const { desk, story, first, file } = await deskWithWork();
  // As if the person had begun the iteration with these two.
  await git(desk, 'checkout', '--quiet', '--detach', first);
  await writeFile(join(desk.repository, 'file'), 'mine\n');
  await writeFile(join(desk.repository, 'notes'), 'a note\n');
  const place = await findPlace(desk.context());
  const shadow = await openShadow(place.repository, place.folders.shadowGit);
  const foundCommit = await keepFound(shadow, 'refs/ralph-tui/found/run-2.1');
  await rm(join(desk.repository, 'notes'));
  await git(desk, 'checkout', '--quiet', '--force', 'main');
  const last = story.state.receipts.at(-1);
  story.attempt('completed', { baseCommit: first, headCommit: last?.headCommit ?? null, foundCommit });
  await desk.run(story);
  const { stdout, exitCode } = await desk.type(['undo', '3', '--yes']);
  expect(stdout).toContain(
    [
      'brings back 2 files that were uncommitted before iteration 3:',
      '  file (changed)',
      '  notes (new)',
      'note: nothing is staged afterwards',
      'undone; ',
    ].join('\n'),
  );
  expect([exitCode, await file(), await git(desk, 'status', '--porcelain')]).toEqual([
    0,
    'mine\n',
    ' M file\n?? notes',
  ]);
});

test('an iteration goes back to before its first attempt', async () => {
  const { desk, story, before, file } = await deskWithWork();
  await desk.run(story);
  expect((await desk.type(['undo', '1', '--yes'])).exitCode).toBe(0);
  expect([await file(), await git(desk, 'rev-parse', 'HEAD')]).toEqual(['before\n', before]);
  expect(await desk.type(['undo', '1', '--yes'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/nothing to undo\n$/),
  });
});

test('a supervisor that does not answer: it is undone all the same, and said', async () => {
  const { desk, story, first } = await deskWithWork();
  const { folders } = await desk.run(story.tell(PAUSED));
  const lock = await acquireLock(folders.lock, { run: RUN, socketPath: join(desk.home, 'nobody.sock') });
  onTestFinished(async () => (lock.ok ? lock.release() : undefined));
  const { stderr, exitCode } = await desk.type(['undo', '--yes']);
  expect(stderr).toMatch(/^undone, but the run does not know of it/);
  expect([exitCode, await git(desk, 'rev-parse', 'HEAD')]).toEqual([0, first]);
});

test('nobody to ask: the list, and nothing is undone', async () => {
  const { desk, story, second } = await deskWithWork();
  await desk.run(story);
  const { stdout, stderr, exitCode } = await desk.type(['undo']);
  expect(stdout).toContain('takes 1 commit from main:');
  expect(stderr).toBe(
    'ralph-tui: Go back to before iteration 2? Thrown away, and kept aside: 1 commit. Nobody is here to ask: answer with --yes\n',
  );
  expect([exitCode, await git(desk, 'rev-parse', 'HEAD')]).toEqual([2, second]);
});

test('commits that somebody made since, and pushed ones', async () => {
  const { desk, story, second } = await deskWithWork();
  await desk.run(story.tell({ type: 'pushed', ok: true, branch: 'main', head: second, message: 'pushed' }));
  await git(desk, 'commit', '--quiet', '--allow-empty', '--message', 'mine');
  const { stdout } = await desk.type(['undo', '--yes']);
  expect(stdout).toMatch(/^takes 2 commits from main:\n {2}\w{7} mine \(not of this run\)\n {2}\w{7} second commit$/m);
  expect(stdout).toContain('note: the commits have been pushed and stay there');
});

test.each<[string, (story: Story) => Story, boolean, RegExp | null]>([
  ['running', (story) => story.starts(), true, /^ralph-tui: iteration 3 is running; let it end/],
  [
    'running when its supervisor died',
    (story) => story.starts(),
    false,
    /^ralph-tui: iteration 3 is running; its super/,
  ],
  ['between two attempts', (story) => story, true, /^ralph-tui: the run goes on by itself at any moment; pause it/],
  ['paused', (story) => story.tell(PAUSED), true, null],
  ['paused when its supervisor died', (story) => story.tell(PAUSED), false, null],
])('a run that is %s', async (_name, tell, isSupervised, refusal) => {
  const { desk, story, first, second } = await deskWithWork();
  const { folders } = await desk.run(tell(story));
  const told: string[] = [];
  if (isSupervised) {
    const socketPath = join(desk.home, 'control.sock');
    const server = await startControlServer(socketPath, async ({ command }) => {
      told.push(command);
      return { ok: true, message: 'noted' };
    });
    const lock = await acquireLock(folders.lock, { run: RUN, socketPath });
    onTestFinished(async () => {
      await server.close();
      if (lock.ok) await lock.release();
    });
  }
  const { stderr, exitCode } = await desk.type(['undo', '--yes']);
  expect(exitCode).toBe(refusal === null ? 0 : 2);
  expect(stderr).toMatch(refusal ?? /^$/);
  expect(await git(desk, 'rev-parse', 'HEAD')).toBe(refusal === null ? first : second);
  expect(told).toEqual(isSupervised && refusal === null ? ['note_undo'] : []);
});

test.each<[string[], RegExp]>([
  [['undo', '3'], /has no iteration 3; the newest is 2/],
  [['undo', '0'], /"0" is no iteration/],
  [['undo', 'x'], /"x" is no iteration/],
])('%j is refused', async (argv, line) => {
  const { desk, story } = await deskWithWork();
  await desk.run(story);
  const { stderr, exitCode } = await desk.type(argv);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(line)]);
});

test('without a run, and without any commit before the run', async () => {
  const desk = await openDesk();
  expect((await desk.type(['undo'])).stderr).toContain('there is no run');
  await desk.run(new Story());
  expect((await desk.type(['undo'])).stderr).toContain('no attempt of run');
  await desk.run(new Story().attempt('completed', { baseCommit: null }), '20261122-100000-abc');
  expect((await desk.type(['undo'])).stderr).toContain('there was no commit before iteration 1');
});
