import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHead } from '../../src/workspace/head.ts';
import { locateRepository, type Repository } from '../../src/workspace/locate.ts';
import { isRefName, listTags } from '../../src/workspace/refs.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let repository: Repository;
beforeEach(async () => {
  scratch = new Scratch();
  repository = await locateRepository(scratch.repository());
});
afterEach(() => scratch[Symbol.dispose]());

test('an unborn branch has a name and no commit', async () => {
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: null });
});

test('a branch, packed or not, and after the next commit', async () => {
  const first = scratch.commit('repository', { a: '1' });
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: first });
  // Names that contain the branch's: the search in packed-refs must not take theirs.
  for (const name of ['work2', 'network/work', 'my-work']) scratch.git('repository', 'branch', name);
  scratch.git('repository', 'pack-refs', '--all', '--prune');
  expect(scratch.exists('repository/.git/refs/heads/work')).toBe(false);
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: first });
  const second = scratch.commit('repository', { a: '2' });
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: second });
});

test('a detached HEAD, and a branch with slashes', async () => {
  const first = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'checkout', '--quiet', '--detach');
  expect(await readHead(repository)).toEqual({ ok: true, branch: null, sha: first });
  scratch.git('repository', 'checkout', '--quiet', '-b', 'a/b/c');
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'a/b/c', sha: first });
});

test('a branch that is a symbolic ref leads on, one that leads to itself does not', async () => {
  const first = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'symbolic-ref', 'refs/heads/alias', 'refs/heads/work');
  scratch.write('repository/.git/HEAD', 'ref: refs/heads/alias\n');
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'alias', sha: first });
  scratch.write('repository/.git/refs/heads/alias', 'ref: refs/heads/alias\n');
  expect(await readHead(repository)).toMatchObject({ ok: false });
});

test('a branch whose place is taken by a folder is found in packed-refs', async () => {
  const first = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'pack-refs', '--all', '--prune');
  scratch.folder('repository/.git/refs/heads/work');
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: first });
});

const planted: readonly (readonly [string, (git: string) => void])[] = [
  ['no HEAD', (git) => rmSync(`${git}/HEAD`)],
  ['nonsense', () => scratch.write('repository/.git/HEAD', 'nonsense')],
  ['a path upwards', () => scratch.write('repository/.git/HEAD', 'ref: refs/heads/../../../../secret')],
  ['a file that is no ref', () => scratch.write('repository/.git/HEAD', 'ref: config')],
  ['too much', () => scratch.write('repository/.git/HEAD', 'x'.repeat(5000))],
  ['a ref without a commit', () => scratch.write('repository/.git/refs/heads/work', 'nonsense')],
  [
    'a link',
    (git) => {
      rmSync(`${git}/HEAD`);
      symlinkSync('/etc/hostname', `${git}/HEAD`);
    },
  ],
  [
    'a FIFO',
    (git) => {
      rmSync(`${git}/HEAD`);
      execFileSync('mkfifo', [`${git}/HEAD`]);
    },
  ],
];
test.each(planted)('says that it cannot tell: %s', async (_name, plant) => {
  scratch.commit('repository', { a: '1' });
  plant(repository.gitDir);
  expect(await readHead(repository)).toEqual({ ok: false, why: expect.stringMatching(/^[^\n]+$/) });
});

test('agrees with git on which names are allowed', () => {
  const names = [
    'a',
    'a/b',
    'ä',
    'a.b',
    'a@b',
    'a-',
    '-a',
    '.a',
    'a.',
    'a..b',
    'a.lock',
    'a.lock/b',
    'a//b',
    '/a',
    'a/',
  ];
  const more = [
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a@{b',
    'a\tb',
    'a\x7f',
    'a/.b',
    '{a}',
    'a{',
    '"a"',
  ];
  for (const name of [...names, ...more]) {
    const allowed = gitAllows(name);
    expect([name, isRefName(name)]).toEqual([name, allowed]);
  }
});

function gitAllows(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

test('lists tags, packed, loose, annotated and nested, and no strange ones', async () => {
  const first = scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'tag', 'packed');
  scratch.git('repository', 'tag', '--annotate', '--message', 'x', 'annotated');
  scratch.git('repository', 'pack-refs', '--all', '--prune');
  const second = scratch.commit('repository', { a: '2' });
  scratch.git('repository', 'tag', 'release/v1');
  scratch.git('repository', 'tag', '--force', 'packed');
  const git = repository.gitDir;
  symlinkSync(`${git}/HEAD`, `${git}/refs/tags/link`);
  symlinkSync('/', `${git}/refs/tags/root`);
  scratch.write('repository/.git/refs/tags/nonsense', 'nonsense');
  scratch.write('repository/.git/refs/tags/bad name', readFileSync(`${git}/refs/tags/release/v1`));
  const annotated = scratch.git('repository', 'rev-parse', 'refs/tags/annotated');
  expect(annotated).not.toBe(first);
  expect(Object.fromEntries(await listTags(repository.commonDir))).toEqual({
    packed: second,
    annotated,
    'release/v1': second,
  });
});
