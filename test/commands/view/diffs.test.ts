// The diffs that a person can open, of attempts and commits in a real repository.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findPlace } from '../../../src/commands/place.ts';
import { readDiff } from '../../../src/commands/view/diffs.ts';
import type { DiffRequest } from '../../../src/tui/ui/effects.ts';
import { keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow } from '../../../src/workspace/git/shadow.ts';
import { Story } from '../../core/story.ts';
import { RUN } from '../../viewer/run-folder.ts';
import { openDesk } from '../typed.ts';

/** A person has changed `mine`; iteration 1 committed `first`, iteration 2 works on `second`. */
async function deskWithRun(isKept: boolean) {
  const desk = await openDesk();
  const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' };
  const git = async (...argv: string[]) =>
    (await execa('git', argv, { cwd: desk.repository, env: { HOME: desk.home, ...who } })).stdout;
  const write = (name: string, text: string) => writeFile(join(desk.repository, name), text);
  const commit = async (name: string) => {
    await write(name, `${name}\n`);
    await git('add', name);
    await git('commit', '--quiet', '--message', name, '--', name);
    return git('rev-parse', 'HEAD');
  };
  const base = await commit('mine');
  await write('mine', 'changed\n');
  const place = await findPlace(desk.context());
  const shadow = await openShadow(place.repository, place.folders.shadowGit);
  const keep = async (ref: string) => (isKept ? { foundCommit: await keepFound(shadow, `refs/ralph-tui/${ref}`) } : {});
  const found = await keep('1');
  const first = await commit('first');
  const foundNext = await keep('2');
  await write('second', 'second\n');
  const commits = [{ sha: first, subject: 'first', at: '2026-11-21T10:00:00Z' }];
  const story = new Story().attempt('completed', { baseCommit: base, headCommit: first, commits, ...found });
  const { survey } = story.state.lastSealed ?? {};
  if (survey === undefined) throw new Error('nothing was sealed');
  story.tell({
    ...{ type: 'attempt_starting', iteration: 2, attempt: 1, sandboxName: 's', sessionId: null, promptHash: 'p' },
    ...{ argv: [], survey: { ...survey, head: first }, memoryLimitBytes: null, ...foundNext },
  });
  await desk.run(story);
  const read = async (what: DiffRequest) => {
    const diff = await readDiff(desk.context(), { ...place, run: RUN }, what);
    return 'why' in diff
      ? diff
      : { title: diff.title, files: [...diff.text.matchAll(/^\+\+\+ (.*)$/gm)].map(([, to]) => to) };
  };
  const isOfFiles = async (what: DiffRequest) => {
    const diff = await readDiff(desk.context(), { ...place, run: RUN }, what);
    return 'ofFiles' in diff && diff.ofFiles;
  };
  return { read, isOfFiles, first };
}

const attempt = (iteration: number): DiffRequest => ({ kind: 'attempt', attempt: { iteration, attempt: 1 } });

test("a person's uncommitted files are not shown as an attempt's work", async () => {
  const { read, first } = await deskWithRun(true);
  expect(await read(attempt(1))).toEqual({ title: 'diff of iteration 1', files: ['b/first'] });
  expect(await read(attempt(2))).toEqual({ title: 'diff of iteration 2, so far', files: ['b/second'] });
  expect(await read({ kind: 'commit', sha: first })).toEqual({
    title: `commit ${first.slice(0, 7)}`,
    files: ['b/first'],
  });
});

test('an older journal does not say what they found: from the base commit', async () => {
  const { read } = await deskWithRun(false);
  expect(await read(attempt(1))).toEqual({ title: 'diff of iteration 1', files: ['b/first'] });
  expect(await read(attempt(2))).toEqual({ title: 'diff of iteration 2, so far', files: ['b/mine', 'b/second'] });
});

test('only a diff of what is not committed may be otherwise a moment later', async () => {
  const { isOfFiles, first } = await deskWithRun(true);
  expect(await isOfFiles(attempt(2))).toBe(true);
  expect(await isOfFiles(attempt(1))).toBe(false);
  expect(await isOfFiles({ kind: 'commit', sha: first })).toBe(false);
});
