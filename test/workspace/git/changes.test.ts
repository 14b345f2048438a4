import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedAgainstHead, diffStat, diffText, uncommitted } from '../../../src/workspace/git/changes.ts';
import { readLog } from '../../../src/workspace/git/history.ts';
import { GitError } from '../../../src/workspace/git/run-git.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
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

async function paths(head: string | null): Promise<string[]> {
  const changes = await uncommitted(shadow, head);
  if (changes === 'unknown') throw new Error('unknown');
  return changes.map((change) => `${change.status} ${change.path}`).sort();
}

test('tells what changed, in which way and by how many lines', async () => {
  const head = scratch.commit('repository', {
    changed: 'a\nb\n',
    gone: 'x\n',
    same: 's\n',
    unstaged: '1\n',
    kind: 'k\n',
  });
  scratch.write('repository/changed', 'a\nB\nc\n');
  scratch.git('repository', 'rm', '--quiet', 'gone');
  scratch.write('repository/staged', '1\n2\n');
  scratch.git('repository', 'add', 'staged');
  scratch.write('repository/new/ü b.txt', 'one\ntwo\nthree\n');
  scratch.write('repository/binary', Buffer.from([0, 1, 2, 0]));
  scratch.git('repository', 'rm', '--quiet', '--cached', 'unstaged');
  unlinkSync(`${top}/kind`);
  symlinkSync('same', `${top}/kind`);
  symlinkSync('/etc/passwd', `${top}/link`);
  const changes = await uncommitted(shadow, head);
  expect(changes).toHaveLength(8);
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: 'changed', status: 'modified', added: 2, removed: 1 },
      { path: 'gone', status: 'deleted', added: 0, removed: 1 },
      { path: 'staged', status: 'added', added: 2, removed: 0 },
      { path: 'new/ü b.txt', status: 'untracked', added: 3, removed: 0 },
      { path: 'binary', status: 'untracked', added: null, removed: null },
      // Taken out of the index, and still there as it was.
      expect.objectContaining({ path: 'unstaged', status: 'untracked' }),
      expect.objectContaining({ path: 'kind', status: 'type_changed' }),
      { path: 'link', status: 'untracked', added: 1, removed: 0 },
    ]),
  );
});

test('nothing changed: nothing is listed, and nothing was written into the repository', async () => {
  const head = scratch.commit('repository', { a: '1', 'b/c': '2' });
  const before = execFileSync('find', [top, '-printf', '%p %T@ %i\n'], { encoding: 'utf8' });
  expect(await uncommitted(shadow, head)).toEqual([]);
  scratch.write('repository/new', 'x');
  await uncommitted(shadow, head);
  unlinkSync(`${top}/new`);
  const after = execFileSync('find', [top, '-printf', '%p %T@ %i\n'], { encoding: 'utf8' });
  const withoutTop = (listing: string) => listing.split('\n').slice(1);
  expect(withoutTop(after)).toEqual(withoutTop(before));
});

test('before the first commit everything is new', async () => {
  scratch.write('repository/a', '1\n');
  expect(await uncommitted(shadow, null)).toEqual([{ path: 'a', status: 'untracked', added: 1, removed: 0 }]);
  scratch.git('repository', 'add', 'a');
  expect(await uncommitted(shadow, null)).toEqual([{ path: 'a', status: 'added', added: 1, removed: 0 }]);
});

test('what is ignored is left out: .gitignore, info/exclude, and .loop-logs whatever they say', async () => {
  const head = scratch.commit('repository', { '.gitignore': '*.log\n', 'sub/.gitignore': '!keep.log\n' });
  scratch.write('repository/.git/info/exclude', '/private\n!/.loop-logs');
  for (const path of ['a.log', 'sub/keep.log', 'private', 'seen']) scratch.write(`repository/${path}`, 'x');
  symlinkSync('/nowhere', `${top}/.loop-logs`);
  expect(await paths(head)).toEqual(['untracked seen', 'untracked sub/keep.log']);
});

test('a change in the same second as the index, of the same size, is seen', async () => {
  const head = scratch.commit('repository', { a: 'one' });
  // As git leaves it on a file system with coarse times: file and index carry the same second.
  const second = Math.floor(Date.now() / 1000) - 100;
  utimesSync(`${top}/a`, second, second);
  scratch.git('repository', 'update-index', '--refresh');
  utimesSync(`${top}/.git/index`, second, second);
  writeFileSync(`${top}/a`, 'two');
  utimesSync(`${top}/a`, second, second);
  expect(scratch.git('repository', 'status', '--short')).toBe(' M a');
  expect(await paths(head)).toEqual(['modified a']);
});

test('the mode counts as the repository says', async () => {
  const head = scratch.commit('repository', { a: 'one' });
  chmodSync(`${top}/a`, 0o755);
  expect(await paths(head)).toEqual(['modified a']);
  scratch.git('repository', 'config', 'core.fileMode', 'false');
  expect(await paths(head)).toEqual([]);
});

test('a conflict is one file', async () => {
  const base = scratch.commit('repository', { a: 'base\n' });
  scratch.git('repository', 'checkout', '--quiet', '-b', 'other');
  scratch.commit('repository', { a: 'theirs\n' });
  scratch.git('repository', 'checkout', '--quiet', 'work');
  const head = scratch.commit('repository', { a: 'ours\n' });
  expect(head).not.toBe(base);
  expect(() => scratch.git('repository', 'merge', '--quiet', 'other')).toThrow();
  expect(await paths(head)).toEqual(['modified a']);
});

test('a nested repository is one entry, and a submodule is none of our business', async () => {
  const head = scratch.commit('repository', { a: '1' });
  scratch.repository('repository/nested');
  scratch.commit('repository/nested', { inner: '1' });
  expect(await paths(head)).toEqual(['untracked nested/']);
  const second = scratch.commit('repository', {});
  scratch.write('repository/nested/inner', 'changed');
  expect(scratch.git('repository', 'ls-files', '--stage', 'nested')).toMatch(/^160000/);
  expect(await paths(second)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)('a repository of another user, looked at by root', async () => {
  const head = scratch.commit('repository', { a: '1' });
  scratch.write('repository/b', '1\n');
  execFileSync('chown', ['-R', '4321:4322', top]);
  // Plain git refuses it ("dubious ownership").
  expect(() => scratch.git('repository', 'status')).toThrow();
  expect(await paths(head)).toEqual(['untracked b']);
  expect(await readLog(shadow, null, head, 10)).toHaveLength(1);
});

test('a linked worktree shows its own changes', async () => {
  const head = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'worktree', 'add', '--quiet', '-b', 'side', scratch.at('side'));
  scratch.write('repository/main-only', 'x');
  scratch.write('side/side-only', 'x');
  shadow = await openShadow(await locateRepository(scratch.at('side')), scratch.at('state/side.git'));
  expect(await paths(head)).toEqual(['untracked side-only']);
});

test('objects that the repository borrows are found', async () => {
  scratch.commit('repository', { a: '1' });
  scratch.git('.', 'clone', '--quiet', '--shared', 'repository', 'first');
  scratch.git('.', 'clone', '--quiet', '--shared', 'first', 'second');
  const head = scratch.commit('second', { b: '1' });
  shadow = await openShadow(await locateRepository(scratch.at('second')), scratch.at('state/second.git'));
  scratch.write('second/a', '2\n');
  expect(await paths(head)).toEqual(['modified a']);
});

const unusable: readonly (readonly [string, () => void])[] = [
  ['split', () => scratch.git('repository', 'update-index', '--split-index')],
  ['cut off', () => writeFileSync(`${top}/.git/index`, readFileSync(`${top}/.git/index`).subarray(0, 60))],
  ['altered', () => writeFileSync(`${top}/.git/index`, readFileSync(`${top}/.git/index`).fill(1, 20, 24))],
  ['of another format', () => scratch.write('repository/.git/index', 'x'.repeat(200))],
  ['a folder', () => replaceIndex(() => scratch.folder('repository/.git/index'))],
  ['a link', () => replaceIndex(() => symlinkSync('/dev/zero', `${top}/.git/index`))],
];
function replaceIndex(make: () => void): void {
  unlinkSync(`${top}/.git/index`);
  make();
}

test.each(unusable)('an index that is %s: unknown', async (_name, spoil) => {
  const head = scratch.commit('repository', { a: '1', b: '2' });
  spoil();
  expect(await uncommitted(shadow, head)).toBe('unknown');
  expect(await changedAgainstHead(shadow, head, 'a')).toBe('unknown');
});

test('an index without checksum, and none at all', async () => {
  const head = scratch.commit('repository', { a: '1' });
  const index = readFileSync(`${top}/.git/index`);
  const { mtime } = statSync(`${top}/.git/index`);
  writeFileSync(`${top}/.git/index`, index.fill(0, index.length - 20));
  utimesSync(`${top}/.git/index`, mtime, mtime);
  expect(await uncommitted(shadow, head)).toEqual([]);
  rmSync(`${top}/.git/index`);
  expect(await paths(head)).toEqual(['untracked a']);
});

test('a missing head, missing objects: unknown', async () => {
  const head = scratch.commit('repository', { a: '1' });
  scratch.write('repository/a', '2');
  expect(await uncommitted(shadow, '1'.repeat(40))).toBe('unknown');
  rmSync(`${top}/.git/objects`, { recursive: true });
  expect(await uncommitted(shadow, head)).toBe('unknown');
});

test('only full commit names go to git', async () => {
  for (const name of ['HEAD', '--output=/tmp/x', 'work', '', 'A'.repeat(40)]) {
    await expect(uncommitted(shadow, name)).rejects.toMatchObject({ code: 'bad_argument' });
  }
});

test('says what a range of commits changed', async () => {
  const base = scratch.commit('repository', { a: '1\n2\n', b: 'x\n' });
  scratch.commit('repository', { a: '1\n3\n4\n' });
  scratch.git('repository', 'rm', '--quiet', 'b');
  const head = scratch.commit('repository', { c: '1\n' });
  const stat = await diffStat(shadow, base, head);
  expect(stat).toMatchObject({ added: 3, removed: 2 });
  expect(stat.files.map((file) => `${file.status} ${file.path}`)).toEqual(['modified a', 'deleted b', 'added c']);
  expect(await diffStat(shadow, null, base)).toMatchObject({ added: 3, removed: 0 });
  await expect(diffStat(shadow, base, '1'.repeat(40))).rejects.toBeInstanceOf(GitError);
});

test('gives a patch between commits, and of the work tree with new files, cut at its limit', async () => {
  const base = scratch.commit('repository', { a: 'one\n' });
  const head = scratch.commit('repository', { a: 'two\n' });
  expect((await diffText(shadow, base, head)).text).toContain('-one\n+two\n');
  scratch.write('repository/new', 'fresh\n');
  const worktree = await diffText(shadow, head, 'worktree');
  expect(worktree.text).toContain('new file mode 100644');
  expect(worktree.text).toContain('+++ b/new\n@@ -0,0 +1 @@\n+fresh\n');
  expect(worktree.truncated).toBe(false);
  scratch.write('repository/large', 'a line of text\n'.repeat(200_000));
  const cut = await diffText(shadow, head, 'worktree', 10_000);
  expect(cut.truncated).toBe(true);
  expect(cut.text).toHaveLength(10_000);
});

test('knows whether one file is as it was committed', async () => {
  const head = scratch.commit('repository', { 'PLAN.md': '- [ ] a\n', '*.md': 'star', '.gitignore': 'ignored.md\n' });
  expect(await changedAgainstHead(shadow, head, 'PLAN.md')).toBe(false);
  scratch.write('repository/*.md', 'changed');
  expect(await changedAgainstHead(shadow, head, 'PLAN.md')).toBe(false);
  expect(await changedAgainstHead(shadow, head, '*.md')).toBe(true);
  scratch.write('repository/PLAN.md', '- [x] a\n');
  expect(await changedAgainstHead(shadow, head, 'PLAN.md')).toBe(true);
  scratch.git('repository', 'add', '--all');
  expect(await changedAgainstHead(shadow, head, 'PLAN.md')).toBe(true);
  expect(await changedAgainstHead(shadow, head, 'ignored.md')).toBe(false);
  scratch.write('repository/ignored.md', 'x');
  expect(await changedAgainstHead(shadow, head, 'ignored.md')).toBe(true);
  await expect(changedAgainstHead(shadow, head, '../PLAN.md')).rejects.toMatchObject({ code: 'bad_argument' });
});
