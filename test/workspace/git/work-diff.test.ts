import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { workDiff } from '../../../src/workspace/git/work-diff.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let top: string;
let shadow: Shadow;
let baseCommit: string;

beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  baseCommit = scratch.commit('repository', { a: 'one\n', b: 'b\n', gone: 'gone\n', kept: 'kept\n' });
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
  // What a person has not committed.
  write('a', 'one\nmine\n');
  write('new', 'mine\n');
  write('folder/inner', 'mine\n');
  rmSync(`${top}/gone`);
});
afterEach(() => scratch[Symbol.dispose]());

const write = (path: string, content: string) => scratch.write(`repository/${path}`, content);
const git = (...argv: string[]) => scratch.git('repository', ...argv);
const found = () => keepFound(shadow, 'refs/ralph-tui/found/run-1.1');

/** Only what a patch changes, file by file. */
async function changes(foundCommit: string | null, headCommit: string | null, left: string | null = null) {
  const { text, truncated } = await workDiff(shadow, { baseCommit, foundCommit, headCommit, left }, 65_536);
  expect(truncated).toBe(false);
  return text.split('\n').filter((line) => /^(---|\+\+\+|[-+]|rename)/.test(line));
}

test('an attempt that runs: nothing of what it found', async () => {
  const foundCommit = await found();
  expect(await changes(foundCommit, null, 'worktree')).toEqual([]);
  write('a', 'one\nmine\nits\n');
  rmSync(`${top}/new`);
  write('fresh', 'its\n');
  const its = [
    ...['--- a/a', '+++ b/a', '+its'],
    ...['--- /dev/null', '+++ b/fresh', '+its'],
    ...['--- a/new', '+++ /dev/null', '-mine'],
  ];
  expect(await changes(foundCommit, null, 'worktree')).toEqual(its);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
  expect(await changes(foundCommit, null, 'worktree')).toEqual(its);
});

test('an attempt that has ended: what it committed, from what it found', async () => {
  const foundCommit = await found();
  write('a', 'one\nmine\nits\n');
  write('b', 'B\n');
  git('add', 'a', 'b');
  git('commit', '--quiet', '--message', 'its');
  const its = ['--- a/a', '+++ b/a', '+its', '--- a/b', '+++ b/b', '-b', '+B'];
  expect(await changes(foundCommit, git('rev-parse', 'HEAD'))).toEqual(its);
  // What it only committed is not its work.
  git('add', '--all');
  git('commit', '--quiet', '--message', "a person's");
  expect(await changes(foundCommit, git('rev-parse', 'HEAD'))).toEqual(its);
});

test('an attempt that has ended: what it left uncommitted, where the next one found it', async () => {
  const foundCommit = await found();
  write('b', 'B\n');
  git('commit', '--quiet', '--message', 'its', '--', 'b');
  write('left', 'its\n');
  const head = git('rev-parse', 'HEAD');
  const left = await keepFound(shadow, 'refs/ralph-tui/found/run-2.1');
  const committed = ['--- a/b', '+++ b/b', '-b', '+B'];
  const its = [...committed, '--- /dev/null', '+++ b/left', '+its'];
  expect(await changes(foundCommit, head, left)).toEqual(its);
  expect(await changes(foundCommit, head, 'worktree')).toEqual(its);
  expect(await changes(foundCommit, head)).toEqual(committed);
  // A later run has let go of it.
  expect(await changes(foundCommit, head, 'f'.repeat(40))).toEqual(committed);
});

test('an attempt that committed nothing has no work to show, whatever it found', async () => {
  expect(await changes(await found(), baseCommit)).toEqual([]);
});

test('files and folders that took turns, renamed ones, and names that are no text', async () => {
  const strange = Buffer.from(`${top}/\xff`, 'latin1');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'mine');
  baseCommit = git('rev-parse', 'HEAD');
  write('new', 'mine again\n');
  const foundCommit = await found();
  rmSync(`${top}/folder`, { recursive: true });
  write('folder', 'a file\n');
  rmSync(`${top}/new`);
  mkdirSync(`${top}/new`);
  renameSync(`${top}/kept`, `${top}/new/kept`);
  writeFileSync(strange, 'strange\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'its');
  expect(await changes(foundCommit, git('rev-parse', 'HEAD'))).toEqual([
    ...['--- /dev/null', '+++ b/folder', '+a file'],
    ...['--- a/folder/inner', '+++ /dev/null', '-mine'],
    ...['--- a/new', '+++ /dev/null', '-mine again'],
    ...['rename from kept', 'rename to new/kept'],
    ...['--- /dev/null', '+++ b/\ufffd', '+strange'],
  ]);
});

test('nothing was kept: from the base commit', async () => {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'its');
  expect(await changes(null, git('rev-parse', 'HEAD'))).toContain('+++ b/new');
});

test('the first commit of all', async () => {
  scratch.repository('fresh');
  scratch.write('fresh/mine', 'mine\n');
  shadow = await openShadow(await locateRepository(scratch.at('fresh')), scratch.at('state/fresh.git'));
  const foundCommit = await found();
  const range = { baseCommit: null, foundCommit };
  const head = scratch.commit('fresh', { mine: 'mine\nits\n', its: 'its\n' });
  for (const left of ['worktree', null]) {
    const { text } = await workDiff(shadow, { ...range, headCommit: head, left }, 65_536);
    expect(text).toMatch(/\+\+\+ b\/its\n@@ -0,0 \+1 @@\n\+its\n/);
    expect(text).toMatch(/--- a\/mine\n\+\+\+ b\/mine\n@@ -1 \+1,2 @@\n mine\n\+its\n/);
  }
});
