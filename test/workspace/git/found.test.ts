import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forgetFound } from '../../../src/workspace/git/forget-found.ts';
import { isKept, keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { carryOutUndo, planUndo } from '../../../src/workspace/git/undo.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
import { Scratch } from '../scratch.ts';

const REF = 'refs/ralph-tui/found/20261121-100000-abc-3.1';

let scratch: Scratch;
let top: string;
let shadow: Shadow;
let head: string;

beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  scratch.write('repository/run.sh', '#!/bin/sh\n', 0o755);
  symlinkSync('run.sh', `${top}/link`);
  head = scratch.commit('repository', { a: 'a\n', 'deep/er/b': 'b\n', gone: 'gone\n', '.gitignore': 'ignored\n' });
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
});
afterEach(() => scratch[Symbol.dispose]());

const git = (...argv: string[]) => scratch.git('repository', ...argv);
const inShadow = (...argv: string[]) => scratch.git('state/shadow.git', ...argv);
const write = (path: string, content: string | Uint8Array, mode?: number) =>
  scratch.write(`repository/${path}`, content, mode);
const keep = () => keepFound(shadow, REF);
const objects = () => execFileSync('find', ['.git/objects', '.git/refs', '-type', 'f'], { cwd: top }).toString();

const packs = () => readdirSync(`${shadow.path}/objects`).filter((name) => name === 'pack');

/** Each file of the commit with its mode and content; submodules are none. */
function filesOf(sha: string): Record<string, string> {
  const lines = inShadow('ls-tree', '-r', '-z', sha)
    .split('\0')
    .filter((line) => line.includes(' blob '));
  return Object.fromEntries(
    lines.map((line) => {
      const [mode = '', , blob = ''] = line.split(/[ \t]/, 3);
      return [line.slice(line.indexOf('\t') + 1), `${mode} ${inShadow('cat-file', 'blob', blob)}`];
    }),
  );
}

const COMMITTED = {
  '.gitignore': '100644 ignored',
  a: '100644 a',
  'deep/er/b': '100644 b',
  gone: '100644 gone',
  link: '120000 run.sh',
  'run.sh': '100755 #!/bin/sh',
};

test('nothing uncommitted: the commit that is there, and nothing is written', async () => {
  write('ignored', 'x');
  expect(await keep()).toBe(head);
  expect(inShadow('for-each-ref')).toBe('');
  expect(inShadow('count-objects')).toMatch(/^0 objects/);
});

test('files of every kind, as they lie there', async () => {
  const before = objects();
  const index = git('ls-files', '--stage');
  write('a', 'changed\n');
  write('new/file', 'new\n');
  write('new/ü "quoted"\nname', 'strange\n');
  write('tool', 'tool\n', 0o755);
  write('ignored', 'ignored\n');
  rmSync(`${top}/gone`);
  chmodSync(`${top}/run.sh`, 0o644);
  rmSync(`${top}/link`);
  symlinkSync('/etc/passwd', `${top}/link`);
  symlinkSync('nowhere', `${top}/new-link`);
  renameSync(`${top}/deep/er/b`, `${top}/moved`);
  const sha = await keep();
  const { gone: _gone, 'deep/er/b': _moved, ...rest } = COMMITTED;
  expect(filesOf(sha)).toEqual({
    ...rest,
    a: '100644 changed',
    'new/file': '100644 new',
    'new/ü "quoted"\nname': '100644 strange',
    tool: '100755 tool',
    'run.sh': '100644 #!/bin/sh',
    link: '120000 /etc/passwd',
    'new-link': '120000 nowhere',
    moved: '100644 b',
  });
  expect(inShadow('rev-parse', REF, `${REF}^`)).toBe(`${sha}\n${head}`);
  expect(packs()).toEqual([]);
  expect([objects(), git('ls-files', '--stage'), git('rev-parse', 'HEAD')]).toEqual([before, index, head]);
});

describe('what is staged counts for nothing', () => {
  test('staged, and changed again', async () => {
    write('a', 'staged\n');
    git('add', 'a');
    write('a', 'on disk\n');
    expect(filesOf(await keep())).toEqual({ ...COMMITTED, a: '100644 on disk' });
  });

  test('staged, and the file is as the index has it', async () => {
    write('a', 'staged\n');
    write('new', 'new\n');
    git('add', '--all');
    git('rm', '--quiet', 'gone');
    const { gone: _gone, ...rest } = COMMITTED;
    expect(filesOf(await keep())).toEqual({ ...rest, a: '100644 staged', new: '100644 new' });
  });

  test('staged, and the file is as HEAD has it', async () => {
    write('a', 'staged\n');
    git('add', 'a');
    write('a', 'a\n');
    git('rm', '--quiet', '--cached', 'gone');
    expect(filesOf(await keep())).toEqual(COMMITTED);
  });

  test('in conflict', async () => {
    git('checkout', '--quiet', '-b', 'side');
    scratch.commit('repository', { a: 'side\n' });
    git('checkout', '--quiet', 'work');
    scratch.commit('repository', { a: 'work\n' });
    expect(() => git('merge', '--quiet', 'side')).toThrow();
    expect(filesOf(await keep()).a).toMatch(/^100644 <<<<<<< HEAD\nwork\n=======\nside\n/);
  });
});

test('a file that became a folder, a folder that became a file or a link', async () => {
  rmSync(`${top}/a`);
  write('a/b/c', 'in a\n');
  rmSync(`${top}/gone`);
  mkdirSync(`${top}/gone/empty`, { recursive: true });
  scratch.write('outside/er/b', 'not of the repository\n');
  rmSync(`${top}/deep`, { recursive: true });
  symlinkSync('../outside', `${top}/deep`);
  const { gone: _gone, 'deep/er/b': _deep, a: _a, ...rest } = COMMITTED;
  const linked = { ...rest, 'a/b/c': '100644 in a', deep: '120000 ../outside' };
  expect(filesOf(await keep())).toEqual(linked);
  rmSync(`${top}/deep`);
  write('deep', 'a file\n');
  expect(filesOf(await keep())).toEqual({ ...linked, deep: '100644 a file' });
});

test('no commit yet: the files, and no parent', async () => {
  scratch.repository('fresh');
  shadow = await openShadow(await locateRepository(scratch.at('fresh')), scratch.at('state/shadow.git'));
  const empty = await keep();
  expect(filesOf(empty)).toEqual({});
  scratch.write('fresh/a', 'a\n');
  const sha = await keep();
  expect(filesOf(sha)).toEqual({ a: '100644 a' });
  expect(inShadow('rev-list', '--parents', sha)).toBe(sha);
});

test('ignored files that git knows are kept, repositories in the repository are not', async () => {
  write('ignored', 'known\n');
  git('add', '--force', 'ignored');
  scratch.repository('repository/inner');
  scratch.commit('repository/inner', { x: 'x' });
  scratch.repository('repository/sub');
  scratch.commit('repository/sub', { x: 'x' });
  git('add', 'sub');
  head = scratch.commit('repository', {});
  git('rm', '--quiet', '--cached', 'inner');
  scratch.commit('repository/sub', { x: 'y' });
  write('ignored', 'changed\n');
  const sha = await keep();
  expect(inShadow('diff-tree', '-r', '--name-status', head, sha)).toBe('M\tignored\nD\tinner');
});

test('the same work tree is the same commit, also after the repository dropped what only its index held', async () => {
  write('a', 'staged and lost\n');
  git('add', 'a');
  const sha = await keep();
  expect(await keepFound(shadow, `${REF}-again`)).toBe(sha);
  git('reset', '--quiet', '--hard');
  git('gc', '--quiet', '--prune=now');
  expect(filesOf(sha).a).toBe('100644 staged and lost');
  expect(inShadow('fsck', '--no-dangling')).toBe('');
});

test('what earlier runs found is forgotten, what an undo has kept is not', async () => {
  write('a', 'uncommitted\n');
  write('large', Buffer.alloc(20 * 1024 * 1024, 'large'));
  const foundCommit = await keep();
  expect(await isKept(shadow, foundCommit)).toBe(true);
  const request = { run: 'run', iteration: 3, baseCommit: head, foundCommit: null, leftAt: head, branch: 'work' };
  const { keptSha } = await carryOutUndo(shadow, await planUndo(shadow, request));
  await forgetFound(shadow);
  expect([await isKept(shadow, foundCommit), await isKept(shadow, keptSha)]).toEqual([false, true]);
  expect(inShadow('for-each-ref', '--format=%(objectname)')).toBe(keptSha);
  expect(inShadow('show', `${keptSha}:a`)).toBe('uncommitted');
  expect(inShadow('fsck', '--no-dangling')).toBe('');
  expect(inShadow('count-objects')).toMatch(/^0 objects/);
  await forgetFound(shadow);
});

test('what git would run on adding a file does not run', async () => {
  const trap = scratch.write('trap.sh', `#!/bin/sh\necho "$0" >> '${scratch.at('sprung')}'\ncat\n`, 0o755);
  scratch.repository('repository/sub');
  scratch.commit('repository/sub', { x: 'x' });
  scratch.commit('repository', { '.gitattributes': 'a filter=x\n' });
  scratch.git('repository/sub', 'config', 'core.fsmonitor', trap);
  scratch.write('repository/sub/x', 'y');
  for (const key of ['core.fsmonitor', 'filter.x.clean', 'filter.x.process']) git('config', key, trap);
  write('.git/hooks/post-index-change', `#!/bin/sh\n${trap}\n`, 0o755);
  write('a', 'changed\n');
  expect(filesOf(await keep()).a).toBe('100644 changed');
  expect(scratch.exists('sprung')).toBe(false);
  // The traps work.
  try {
    git('add', 'a');
  } catch {}
  expect(scratch.exists('sprung')).toBe(true);
});

describe('cannot be kept, and nothing is written', () => {
  const reasons: [name: string, spoil: () => void, why: RegExp][] = [
    ['an index that is none', () => writeFileSync(`${top}/.git/index`, 'none'), /index/],
    ['too many files', () => manyFiles(), /more than 2000 files/],
    ['too large a file', () => truncateSync(write('new', ''), 65 * 1024 * 1024), /more than 64 MiB/],
    ['a name that is no text', () => writeFileSync(Buffer.from(`${top}/\xff`, 'latin1'), ''), /UTF-8/],
    ['a HEAD that is none', () => writeFileSync(`${top}/.git/HEAD`, '/dev/zero\n'), /HEAD/],
  ];
  function manyFiles(): void {
    for (let number = 0; number <= 2_000; number++) write(`many/${number}`, '');
  }

  test.each(reasons)('%s', async (_name, spoil, why) => {
    spoil();
    await expect(keep()).rejects.toThrow(why);
    expect(inShadow('for-each-ref')).toBe('');
    expect(inShadow('count-objects')).toMatch(/^0 objects/);
  });
});
