import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAncestor, readFileAt, readLog } from '../../../src/workspace/git/history.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { newTags, tagsPointingAt } from '../../../src/workspace/git/tags.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
import { listTags } from '../../../src/workspace/refs.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let top: string;
let shadow: Shadow;
beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
});
afterEach(() => scratch[Symbol.dispose]());

test('lists new commits, newest first, with subjects as they are', async () => {
  const first = scratch.commit('repository', { a: '1' }, 'first');
  const second = scratch.commit('repository', { a: '2' }, 'second: ü \x1f \x1b[31m\n\nbody');
  const third = scratch.commit('repository', { a: '3' }, 'third');
  const commits = await readLog(shadow, first, third, 10);
  expect(commits.map(({ sha, subject }) => [sha, subject])).toEqual([
    [third, 'third'],
    [second, 'second: ü \x1f \x1b[31m'],
  ]);
  expect(commits[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
  expect(await readLog(shadow, null, third, 2)).toHaveLength(2);
  expect(await readLog(shadow, null, third, 10)).toHaveLength(3);
  expect(await readLog(shadow, third, third, 10)).toEqual([]);
});

test('an empty subject and an impossible date are no trouble', async () => {
  scratch.git('repository', 'commit', '--quiet', '--allow-empty', '--allow-empty-message', '--message', '');
  const tree = scratch.git('repository', 'rev-parse', 'HEAD^{tree}');
  const raw = `tree ${tree}\nauthor A <a> never\ncommitter A <a> never\n\nodd\n`;
  const hash = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'];
  const odd = execFileSync('git', hash, { cwd: top, input: raw, encoding: 'utf8' }).trim();
  expect(await readLog(shadow, null, odd, 5)).toEqual([
    { sha: odd, subject: 'odd', at: expect.stringMatching(/^19\d\d-/) },
  ]);
  const [empty] = await readLog(shadow, null, scratch.git('repository', 'rev-parse', 'HEAD'), 5);
  expect(empty?.subject).toBe('');
});

test('history that was rewritten: what the new one has', async () => {
  scratch.commit('repository', { a: '1' }, 'first');
  const old = scratch.commit('repository', { a: '2' }, 'old');
  scratch.git('repository', 'commit', '--quiet', '--amend', '--message', 'amended');
  const head = scratch.git('repository', 'rev-parse', 'HEAD');
  expect((await readLog(shadow, old, head, 10)).map((commit) => commit.subject)).toEqual(['amended']);
  expect(await isAncestor(shadow, old, head)).toBe(false);
});

test('ancestors', async () => {
  const first = scratch.commit('repository', { a: '1' });
  const second = scratch.commit('repository', { a: '2' });
  expect(await isAncestor(shadow, first, second)).toBe(true);
  expect(await isAncestor(shadow, second, first)).toBe(false);
  expect(await isAncestor(shadow, first, first)).toBe(true);
  await expect(isAncestor(shadow, first, '1'.repeat(40))).rejects.toMatchObject({ code: 'failed' });
});

test('a shallow clone ends where it ends, also after it was deepened', async () => {
  for (const subject of ['one', 'two', 'three']) scratch.commit('repository', { a: subject }, subject);
  scratch.git('.', 'clone', '--quiet', '--depth=1', `file://${top}`, 'shallow');
  const head = scratch.git('shallow', 'rev-parse', 'HEAD');
  shadow = await openShadow(await locateRepository(scratch.at('shallow')), scratch.at('state/shallow.git'));
  expect(await readLog(shadow, null, head, 10)).toHaveLength(1);
  scratch.git('shallow', 'fetch', '--quiet', '--unshallow');
  expect(await readLog(shadow, null, head, 10)).toHaveLength(3);
});

test('commits in packs, with a commit graph that lies or is gone', async () => {
  const first = scratch.commit('repository', { a: '1' });
  const second = scratch.commit('repository', { a: '2' });
  scratch.git('repository', 'gc', '--quiet');
  scratch.git('repository', 'commit-graph', 'write', '--reachable');
  scratch.git('repository', 'multi-pack-index', 'write');
  rmSync(`${top}/.git/objects/info/commit-graph`);
  scratch.write('repository/.git/objects/info/commit-graph', 'CGPH nonsense');
  rmSync(`${top}/.git/objects/pack/multi-pack-index`);
  scratch.write('repository/.git/objects/pack/multi-pack-index', 'MIDX nonsense');
  expect(await readLog(shadow, first, second, 10)).toHaveLength(1);
});

test('replaced objects are not looked through', async () => {
  const first = scratch.commit('repository', { a: '1' }, 'honest');
  const second = scratch.commit('repository', { a: '2' }, 'forged');
  scratch.git('repository', 'replace', first, second);
  expect((await readLog(shadow, null, first, 1))[0]?.subject).toBe('honest');
});

test('reads a file of a commit, up to a limit', async () => {
  const first = scratch.commit('repository', { 'docs/plan.md': 'old\n', ':(glob)*': 'odd' });
  scratch.commit('repository', { 'docs/plan.md': 'new\n' });
  expect((await readFileAt(shadow, first, 'docs/plan.md'))?.toString()).toBe('old\n');
  expect((await readFileAt(shadow, first, ':(glob)*'))?.toString()).toBe('odd');
  expect(await readFileAt(shadow, first, 'docs')).toBeNull();
  expect(await readFileAt(shadow, first, 'nothing')).toBeNull();
  await expect(readFileAt(shadow, first, 'docs/plan.md', 3)).rejects.toMatchObject({ code: 'failed' });
  await expect(readFileAt(shadow, 'HEAD', 'docs/plan.md')).rejects.toMatchObject({ code: 'bad_argument' });
});

test('tags: the new ones, and those that lead to a commit', async () => {
  const first = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'tag', 'old');
  const before = await listTags(`${top}/.git`);
  scratch.git('repository', 'tag', '--annotate', '--message', 'x', 'v1');
  const second = scratch.commit('repository', { a: '2' });
  scratch.git('repository', 'tag', 'v2');
  scratch.git('repository', 'tag', '--force', 'old');
  const after = await listTags(`${top}/.git`);
  const sha = (name: string) => scratch.git('repository', 'rev-parse', `refs/tags/${name}`);
  expect(newTags(before, after)).toEqual([
    { name: 'v1', sha: sha('v1') },
    { name: 'v2', sha: second },
  ]);
  expect(await tagsPointingAt(shadow, after, first)).toEqual(['v1']);
  expect(await tagsPointingAt(shadow, after, second)).toEqual(['old', 'v2']);
  expect(await tagsPointingAt(shadow, new Map(), second)).toEqual([]);
});
