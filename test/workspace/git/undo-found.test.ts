// Undo where the shadow holds what was uncommitted before the iteration.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { carryOutUndo, planUndo } from '../../../src/workspace/git/undo.ts';
import type { UndoRequest } from '../../../src/workspace/git/undo-survey.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let top: string;
let shadow: Shadow;
let base: string;

beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  scratch.write('repository/run.sh', '#!/bin/sh\n', 0o755);
  symlinkSync('run.sh', `${top}/link`);
  const files = { a: 'one\n', same: 'same\n', 'deep/er/b': 'b\n', gone: 'gone\n', '.gitignore': 'ignored\n' };
  base = scratch.commit('repository', files);
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
});
afterEach(() => scratch[Symbol.dispose]());

const git = (...argv: string[]) => scratch.git('repository', ...argv);
const text = (path: string) => readFileSync(`${top}/${path}`, 'utf8');
const write = (path: string, content: string) => scratch.write(`repository/${path}`, content);
const status = () => git('status', '--porcelain', '--untracked-files=all').split('\n');

/** Every file and link with its mode, target and content. */
function lying(): string {
  const script = `find . -path ./.git -prune -o ! -type d -printf '%y %m %p %l\\n' -type f -exec cat {} \\;`;
  return execFileSync('sh', ['-c', script], { cwd: top, encoding: 'utf8' }).split('\n').sort().join('\n');
}

/** What the iteration finds is kept now. */
async function begin(): Promise<UndoRequest> {
  const foundCommit = await keepFound(shadow, 'refs/ralph-tui/found/run-3.1');
  return { run: 'run', iteration: 3, baseCommit: base, foundCommit, leftAt: null, branch: 'work' };
}
const plan = (request: UndoRequest) => planUndo(shadow, { ...request, leftAt: git('rev-parse', 'HEAD') });
const undo = async (request: UndoRequest) => carryOutUndo(shadow, await plan(request));

/** A change of every kind. */
function personWorks(): void {
  write('a', 'mine\n');
  write('notes/today', 'a note\n');
  scratch.write('repository/tool', 'tool\n', 0o755);
  rmSync(`${top}/gone`);
  chmodSync(`${top}/run.sh`, 0o644);
  rmSync(`${top}/link`);
  symlinkSync('same', `${top}/link`);
  mkdirSync(`${top}/moved`);
  renameSync(`${top}/deep/er/b`, `${top}/moved/b`);
  write('ignored', 'mine\n');
}

const PERSONS = [' M a', ' D deep/er/b', ' D gone', ' M link', ' M run.sh', '?? moved/b', '?? notes/today', '?? tool'];

test('the agent committed what it found, and more: it is uncommitted again', async () => {
  personWorks();
  const before = lying();
  const request = await begin();
  scratch.commit('repository', { a: 'mine, and the agent\n', new: 'new\n' }, 'the agent');
  const { broughtBack, untouched, restored, removed, uncommitted } = await plan(request);
  expect(broughtBack.map(({ path, status: kind }) => `${path} ${kind}`)).toEqual([
    'a changed',
    'deep/er/b deleted',
    'gone deleted',
    'link changed',
    'moved/b new',
    'notes/today new',
    'run.sh changed',
    'tool new',
  ]);
  expect({ untouched, restored, removed, uncommitted }).toEqual({
    untouched: [],
    restored: [],
    removed: ['new'],
    uncommitted: [],
  });
  await undo(request);
  expect([lying(), status(), git('rev-parse', 'HEAD')]).toEqual([before, PERSONS, base]);
});

test('the agent threw away what it found: it comes back, and what it left instead is kept', async () => {
  personWorks();
  const before = lying();
  const request = await begin();
  git('reset', '--quiet', '--hard');
  git('clean', '--quiet', '--force', '-d');
  write('notes', 'a file in the place of a folder\n');
  write('a', 'the agent\n');
  write('same', 'changed\n');
  const { uncommitted, restored, removed, untracked } = await plan(request);
  expect(uncommitted.map(({ path, status: kind }) => `${path} ${kind}`).sort()).toEqual([
    'a modified',
    'notes untracked',
    'same modified',
  ]);
  expect({ restored, removed, untracked }).toEqual({ restored: ['same'], removed: ['notes'], untracked: [] });
  const { keptSha } = await undo(request);
  expect([lying(), status()]).toEqual([before, PERSONS]);
  const kept = (path: string) => scratch.git('state/shadow.git', 'show', `${keptSha}:${path}`);
  expect([kept('a'), kept('notes'), kept('gone')]).toEqual(['the agent', 'a file in the place of a folder', 'gone']);
});

test('what nobody touched is left alone: neither written nor listed as lost', async () => {
  base = scratch.commit('repository', { '.gitattributes': '*.txt text eol=crlf\n', 'lines.txt': 'one\r\n' });
  write('lines.txt', 'mine\r\n');
  write('notes', 'a note\n');
  const request = await begin();
  const seen = () => execFileSync('stat', ['-c', '%n %i %y', 'lines.txt', 'notes'], { cwd: top }).toString();
  const before = seen();
  write('same', 'changed\n');
  git('commit', '--quiet', '--message', 'the agent', 'same');
  write('late', 'who made it?\n');
  const planned = await plan(request);
  expect(planned).toMatchObject({ uncommitted: [], broughtBack: [], restored: ['same'], untracked: ['late'] });
  expect(planned.untouched).toEqual([
    { path: 'lines.txt', status: 'changed' },
    { path: 'notes', status: 'new' },
  ]);
  await carryOutUndo(shadow, planned);
  expect([text('same'), text('lines.txt'), text('late')]).toEqual(['same\n', 'mine\r\n', 'who made it?\n']);
  expect(seen()).toBe(before);
  await expect(undo(request)).rejects.toMatchObject({ code: 'nothing' });
});

test('a file that is a folder before, and a folder that is a file', async () => {
  rmSync(`${top}/a`);
  write('a/b/c', 'in a\n');
  rmSync(`${top}/deep`, { recursive: true });
  write('deep', 'a file\n');
  const before = lying();
  const request = await begin();
  git('stash', '--quiet', '--include-untracked');
  scratch.commit('repository', { a: 'two\n' });
  await undo(request);
  expect([lying(), status()]).toEqual([before, [' D a', ' D deep/er/b', '?? a/b/c', '?? deep']]);
});

test('links: one that was there is one again, and none is written through', async () => {
  scratch.write('outside/er/b', 'not of the repository\n');
  rmSync(`${top}/deep`, { recursive: true });
  symlinkSync('../outside', `${top}/deep`);
  write('notes/today', 'a note\n');
  const before = lying();
  const request = await begin();
  rmSync(`${top}/deep`);
  git('checkout', '--quiet', '--', 'deep');
  scratch.commit('repository', { 'deep/er/b': 'B\n' });
  git('rm', '--quiet', '-r', '--cached', 'notes');
  git('commit', '--quiet', '--message', 'not the notes');
  rmSync(`${top}/notes`, { recursive: true });
  scratch.write('elsewhere/today', 'not of the repository\n');
  symlinkSync('../elsewhere', `${top}/notes`);
  await undo(request);
  expect([lying(), status()]).toEqual([before, [' D deep/er/b', '?? deep', '?? notes/today']]);
  for (const path of ['outside/er/b', 'elsewhere/today'])
    expect(readFileSync(scratch.at(path), 'utf8')).toBe('not of the repository\n');
});

test('a new file that the agent had ignored', async () => {
  write('notes', 'a note\n');
  const request = await begin();
  scratch.commit('repository', { '.gitignore': 'ignored\nnotes\n', same: 'changed\n' });
  write('notes', 'changed\n');
  const { keptSha } = await undo(request);
  expect([text('notes'), status()]).toEqual(['a note\n', ['?? notes']]);
  expect(scratch.git('state/shadow.git', 'show', `${keptSha}:notes`)).toBe('changed');
});

test('nothing was uncommitted: back to the commit', async () => {
  const request = await begin();
  expect(request.foundCommit).toBe(base);
  write('a', 'two\n');
  const planned = await plan(request);
  expect(planned).toMatchObject({ broughtBack: [], untouched: [], restored: ['a'] });
  await carryOutUndo(shadow, planned);
  expect(status()).toEqual(['']);
});

test('what is not kept any more cannot come back, and that is said', async () => {
  write('a', 'mine\n');
  const request = await begin();
  shadow = await openShadow(await locateRepository(top), scratch.at('state/another.git'));
  const planned = await plan(request);
  expect(planned).toMatchObject({
    broughtBack: [],
    restored: ['a'],
    notes: [expect.stringMatching(/not kept any more/)],
  });
  await carryOutUndo(shadow, planned);
  expect(text('a')).toBe('one\n');
});

test.each<[string, string[], RegExp]>([
  ['none', [], /^everything is as it was before iteration 3: nothing to undo$/],
  ['one', ['made'], /^nothing to undo but 1 new file, which stays: made$/],
  ['two', ['made', 'too'], /^nothing to undo but 2 new files, which stay: made, …$/],
])('an attempt that only made new files: %s', async (_name, made, message) => {
  write('mine', 'there before\n');
  const request = await begin();
  for (const path of made) write(path, 'new\n');
  await expect(plan(request)).rejects.toThrow(
    expect.objectContaining({ code: 'nothing', message: expect.stringMatching(message) }),
  );
});
