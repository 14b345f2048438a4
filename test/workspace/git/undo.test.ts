import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { carryOutUndo, planUndo, type UndoResult } from '../../../src/workspace/git/undo.ts';
import type { UndoRequest } from '../../../src/workspace/git/undo-survey.ts';
import { locateRepository } from '../../../src/workspace/locate.ts';
import { Scratch } from '../scratch.ts';

const BINARY = Buffer.from([0, 255, 13, 10, 128, 10]);

let scratch: Scratch;
let top: string;
let shadow: Shadow;
let base: string;
let request: UndoRequest;

beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  scratch.write('repository/run.sh', '#!/bin/sh\n', 0o755);
  scratch.write('repository/binary', BINARY);
  symlinkSync('run.sh', `${top}/link`);
  base = scratch.commit('repository', { a: 'one\n', 'deep/er/b': 'b\n', gone: 'gone\n', '.gitignore': 'ignored\n' });
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
  request = {
    run: '20261121-100000-abc',
    iteration: 3,
    baseCommit: base,
    foundCommit: null,
    leftAt: null,
    branch: 'work',
  };
});
afterEach(() => scratch[Symbol.dispose]());

const git = (...argv: string[]) => scratch.git('repository', ...argv);
const text = (path: string) => readFileSync(`${top}/${path}`, 'utf8');
const status = () => git('status', '--porcelain', '--untracked-files=all');

async function undo(change: Partial<UndoRequest> = {}): Promise<UndoResult> {
  const plan = await planUndo(shadow, { ...request, leftAt: git('rev-parse', 'HEAD'), ...change });
  return carryOutUndo(shadow, plan);
}

/** Two commits, and after them changes of every kind that nobody committed. */
function work(): string {
  scratch.commit('repository', { a: 'two\n', 'new/file': 'new\n' }, 'first undone');
  chmodSync(`${top}/run.sh`, 0o644);
  rmSync(`${top}/link`);
  symlinkSync('/etc/passwd', `${top}/link`);
  rmSync(`${top}/gone`);
  const head = scratch.commit('repository', { 'deep/er/b': 'B\n' }, 'second undone');
  scratch.write('repository/a', 'three\r\n');
  scratch.write('repository/binary', Buffer.concat([BINARY, BINARY]));
  rmSync(`${top}/deep`, { recursive: true });
  scratch.write('repository/staged', 'staged\n');
  git('add', 'staged');
  scratch.write('repository/untracked/ü', 'untracked\n');
  scratch.write('repository/ignored', 'ignored\n');
  return head;
}

test('lists what is thrown away, what comes back, and what stays', async () => {
  const head = work();
  const plan = await planUndo(shadow, { ...request, leftAt: head });
  expect(plan).toMatchObject({ branch: 'work', head, base: { sha: base, subject: 'change' }, strangeCommits: [] });
  expect(plan.commits.map(({ subject }) => subject)).toEqual(['second undone', 'first undone']);
  expect(plan.uncommitted.map(({ status: kind, path }) => `${kind} ${path}`)).toEqual([
    'modified a',
    'modified binary',
    'deleted deep/er/b',
    'added staged',
  ]);
  expect(plan.removed).toEqual(['new/file', 'staged']);
  expect(plan.restored).toEqual(['a', 'binary', 'deep/er/b', 'gone', 'link', 'run.sh']);
  expect(plan.untracked).toEqual(['untracked/ü']);
  expect(plan.notes).toEqual([]);
});

test('goes back: files, modes, links, index and branch', async () => {
  const head = work();
  const { warnings } = await undo();
  expect(warnings).toEqual([]);
  // The index knows the files' times: this looks at nothing else.
  expect(git('diff-files')).toBe('');
  expect(git('rev-parse', 'HEAD', 'refs/heads/work', 'ORIG_HEAD')).toBe(`${base}\n${base}\n${head}`);
  expect(status()).toBe('?? "untracked/\\303\\274"');
  expect([text('a'), text('deep/er/b'), text('gone'), text('ignored')]).toEqual([
    'one\n',
    'b\n',
    'gone\n',
    'ignored\n',
  ]);
  expect(readFileSync(`${top}/binary`)).toEqual(BINARY);
  expect(readlinkSync(`${top}/link`)).toBe('run.sh');
  expect(statSync(`${top}/run.sh`).mode & 0o777).toBe(0o755);
  expect([existsSync(`${top}/new`), existsSync(`${top}/staged`)]).toEqual([false, false]);
  expect(git('fsck', '--no-dangling')).toBe('');
  expect(git('reflog', '-2', '--format=%H %gs')).toBe(
    `${base} ralph-tui undo: to before iteration 3\n${head} commit: second undone`,
  );
});

test('what is kept gives everything back byte for byte, also after the repository dropped it', async () => {
  const head = work();
  const { keptRef, keptSha, fetchCommand } = await undo();
  expect(keptRef).toBe('refs/ralph-tui/undo/20261121-100000-abc-3-1');
  git('reflog', 'expire', '--expire=now', '--all');
  rmSync(`${top}/.git/ORIG_HEAD`);
  git('gc', '--quiet', '--prune=now');
  expect(() => git('cat-file', '-e', head)).toThrow();
  execFileSync('sh', ['-c', fetchCommand], { cwd: top, stdio: 'ignore' });
  expect(git('rev-parse', 'FETCH_HEAD', 'FETCH_HEAD^')).toBe(`${keptSha}\n${head}`);
  rmSync(`${top}/untracked`, { recursive: true });
  git('-c', 'core.autocrlf=false', 'checkout', '--quiet', 'FETCH_HEAD', '--', '.');
  expect([text('a'), text('staged'), text('untracked/ü'), text('new/file')]).toEqual([
    'three\r\n',
    'staged\n',
    'untracked\n',
    'new\n',
  ]);
  expect(readFileSync(`${top}/binary`)).toEqual(Buffer.concat([BINARY, BINARY]));
  expect(readlinkSync(`${top}/link`)).toBe('/etc/passwd');
  expect(statSync(`${top}/run.sh`).mode & 0o777).toBe(0o644);
  expect(git('ls-tree', '-r', '--name-only', 'FETCH_HEAD')).not.toMatch(/gone|deep|ignored/);
});

test('what only the index held is kept, too', async () => {
  const head = scratch.commit('repository', { a: 'two\n' });
  scratch.write('repository/a', 'staged\n');
  git('add', 'a');
  scratch.write('repository/a', 'on disk\n');
  const { fetchCommand } = await undo();
  git('gc', '--quiet', '--prune=now');
  execFileSync('sh', ['-c', fetchCommand], { cwd: top, stdio: 'ignore' });
  expect(git('show', 'FETCH_HEAD:a')).toBe('on disk');
  expect(git('show', 'FETCH_HEAD^2:a')).toBe('staged');
  expect(git('rev-parse', 'FETCH_HEAD^1')).toBe(head);
});

test('undone twice: two refs; undone already: nothing to do', async () => {
  work();
  await undo();
  scratch.write('repository/a', 'again\n');
  expect((await undo()).keptRef).toMatch(/-3-2$/);
  await expect(undo()).rejects.toMatchObject({ code: 'nothing' });
  expect(status()).toBe('?? "untracked/\\303\\274"');
});

test('what failed in the middle can be done again', async () => {
  const head = work();
  scratch.write('repository/.git/refs/heads/work.lock');
  await expect(undo()).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/\.lock .*git fetch .*-3-1$/),
  });
  expect(git('rev-parse', 'HEAD')).toBe(head);
  rmSync(`${top}/.git/refs/heads/work.lock`);
  await undo();
  expect([git('rev-parse', 'HEAD'), status()]).toEqual([base, '?? "untracked/\\303\\274"']);
});

test('an earlier iteration after a later one; going forward is none', async () => {
  const middle = scratch.commit('repository', { a: 'two\n' }, 'of 3');
  const head = scratch.commit('repository', { a: 'three\n' }, 'of 4');
  await undo({ iteration: 4, baseCommit: middle });
  const plan = await planUndo(shadow, { ...request, leftAt: head });
  expect(plan.commits.map(({ subject }) => subject)).toEqual(['of 3']);
  expect(plan.strangeCommits).toEqual([]);
  await carryOutUndo(shadow, plan);
  await expect(undo({ iteration: 4, baseCommit: middle, leftAt: head })).rejects.toMatchObject({
    code: 'history_changed',
  });
});

test('commits that came after the run are told apart', async () => {
  const leftAt = scratch.commit('repository', { a: 'two\n' }, 'of the run');
  scratch.commit('repository', { b: 'mine\n' }, 'mine');
  const plan = await planUndo(shadow, { ...request, leftAt });
  expect(plan.commits.map(({ subject }) => subject)).toEqual(['mine', 'of the run']);
  expect(plan.strangeCommits.map(({ subject }) => subject)).toEqual(['mine']);
});

test('history that the run itself rewrote', async () => {
  git('commit', '--quiet', '--amend', '--message', 'amended');
  await undo();
  expect(git('rev-parse', 'HEAD')).toBe(base);
});

test('a file that became a folder, a folder that became a file or a link', async () => {
  rmSync(`${top}/a`);
  rmSync(`${top}/deep`, { recursive: true });
  symlinkSync(scratch.folder('outside/er'), `${top}/link-to-be`);
  scratch.commit('repository', { 'a/b/c': 'x', deep: 'a file' });
  mkdirSync(`${top}/a/empty/er`, { recursive: true });
  await undo();
  expect([text('a'), text('deep/er/b'), status()]).toEqual(['one\n', 'b\n', '']);
});

test.each([
  ['committed', true],
  ['not committed', false],
])('a link in the place of a folder, %s: nothing outside is written or removed', async (_name, committed) => {
  scratch.write('outside/er/b', 'mine\n');
  scratch.write('outside/er/other', 'mine\n');
  renameSync(`${top}/deep`, scratch.at('old-deep'));
  symlinkSync('../outside', `${top}/deep`);
  if (committed) scratch.commit('repository', {});
  const { keptSha } = await undo();
  expect(lstatSync(`${top}/deep`).isDirectory()).toBe(true);
  expect([text('deep/er/b'), status()]).toEqual(['b\n', '']);
  expect(readFileSync(scratch.at('outside/er/b'), 'utf8')).toBe('mine\n');
  expect(scratch.exists('outside/er/other')).toBe(true);
  expect(scratch.git('state/shadow.git', 'ls-tree', keptSha, 'deep')).toMatch(/^120000 blob/);
});

test('files with a lock of the same name beside them', async () => {
  scratch.write('repository/a.lock', 'somebody else\n');
  scratch.commit('repository', { a: 'two\n' });
  rmSync(`${top}/a.lock`);
  scratch.write('repository/a.lock', 'changed\n');
  await undo();
  expect([text('a'), existsSync(`${top}/a.lock`)]).toEqual(['one\n', false]);
});

test('an ignored file in the place of one that comes back is kept', async () => {
  git('rm', '--quiet', '--cached', 'gone');
  scratch.write('repository/gone', 'local\n');
  scratch.commit('repository', { '.gitignore': 'ignored\ngone\n' });
  const { keptSha } = await undo();
  expect([text('gone'), status()]).toEqual(['gone\n', '']);
  expect(scratch.git('state/shadow.git', 'show', `${keptSha}:gone`)).toBe('local');
});

test('in a linked worktree', async () => {
  git('worktree', 'add', '--quiet', '-b', 'side', scratch.at('side'));
  shadow = await openShadow(await locateRepository(scratch.at('side')), scratch.at('state/side.git'));
  const head = scratch.commit('side', { a: 'two\n' });
  scratch.write('side/b', 'b');
  await carryOutUndo(shadow, await planUndo(shadow, { ...request, branch: 'side', leftAt: head }));
  expect(scratch.git('side', 'status', '--porcelain')).toBe('?? b');
  expect(scratch.git('side', 'rev-parse', 'HEAD')).toBe(base);
  expect([status(), git('rev-parse', 'HEAD')]).toEqual(['', base]);
});

test('packed refs, and a branch in a folder', async () => {
  git('checkout', '--quiet', '-b', 'feature/one');
  work();
  git('pack-refs', '--all');
  await undo({ branch: 'feature/one' });
  expect(git('rev-parse', 'feature/one')).toBe(base);
});

test('files with line ends of their own: status is clean all the same', async () => {
  base = scratch.commit('repository', { '.gitattributes': '* text=auto\n*.txt eol=crlf\n', 'x.txt': 'one\r\n' });
  scratch.commit('repository', { 'x.txt': 'two\r\n' });
  await undo({ baseCommit: base });
  expect(status()).toBe('');
});

test('planted configuration, filters and hooks run nothing; the filtered file is noted', async () => {
  const trap = scratch.write('trap.sh', `#!/bin/sh\necho "$0" >> '${scratch.at('sprung')}'\ncat\n`, 0o755);
  base = scratch.commit('repository', { '.gitattributes': 'a filter=x diff=x merge=x\n' });
  scratch.commit('repository', { a: 'two\n' });
  scratch.write('repository/a', 'three\n');
  git('config', 'core.fsmonitor', trap);
  for (const key of ['filter.x.smudge', 'filter.x.clean', 'filter.x.process', 'diff.x.command', 'core.hooksPath'])
    git('config', key, key === 'core.hooksPath' ? `${top}/hooks` : trap);
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-commit', 'post-rewrite']) {
    scratch.write(`repository/hooks/${hook}`, readFileSync(trap), 0o755);
    scratch.write(`repository/.git/hooks/${hook}`, readFileSync(trap), 0o755);
  }
  rmSync(scratch.at('sprung'), { force: true });
  const head = readFileSync(`${top}/.git/refs/heads/work`, 'utf8').trim();
  const plan = await planUndo(shadow, { ...request, baseCommit: base, leftAt: head });
  expect(plan.notes).toEqual([expect.stringContaining('a goes through a git filter')]);
  await carryOutUndo(shadow, plan);
  expect(text('a')).toBe('one\n');
  expect(scratch.exists('sprung')).toBe(false);
  // The traps work: plain git falls into them.
  git('status');
  expect(scratch.exists('sprung')).toBe(true);
});

test('links planted in the git directory are not written through', async () => {
  const head = scratch.commit('repository', { a: 'two\n' });
  const plan = await planUndo(shadow, { ...request, leftAt: head });
  scratch.write('outside/logs/refs/heads/work', 'mine\n');
  rmSync(`${top}/.git/logs`, { recursive: true });
  symlinkSync(scratch.at('outside/logs'), `${top}/.git/logs`);
  const { warnings } = await carryOutUndo(shadow, plan);
  expect(warnings).toEqual([expect.stringContaining('logs/refs/heads/work')]);
  expect(readFileSync(scratch.at('outside/logs/refs/heads/work'), 'utf8')).toBe('mine\n');
  expect(readFileSync(`${top}/.git/refs/heads/work`, 'utf8')).toBe(`${base}\n`);
});

test('a path that leads into a git directory is refused, and nothing is changed', async () => {
  const blob = git('rev-parse', `${base}:a`);
  const inner = execFileSync('git', ['mktree'], { cwd: top, input: `100644 blob ${blob}\tpre-commit\n` });
  const raw = Buffer.concat([Buffer.from('40000 .GIT\0'), Buffer.from(inner.toString().trim(), 'hex')]);
  const argv = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  const tree = execFileSync('git', argv, { cwd: top, input: raw }).toString().trim();
  const forged = git('commit-tree', '-m', 'forged', tree);
  const head = scratch.commit('repository', { a: 'two\n' });
  await expect(undo({ baseCommit: forged })).rejects.toMatchObject({ code: 'unknown' });
  expect([git('rev-parse', 'HEAD'), status()]).toEqual([head, '']);
});

test.runIf(process.getuid?.() === 0)("what is written belongs to the repository's owner", async () => {
  work();
  const head = git('rev-parse', 'HEAD');
  execFileSync('chown', ['-Rh', '4321:4322', top]);
  shadow = await openShadow(await locateRepository(top), scratch.at('state/shadow.git'));
  await carryOutUndo(shadow, await planUndo(shadow, { ...request, leftAt: head }));
  expect(execFileSync('find', [top, '!', '-uid', '4321']).toString()).toBe('');
  expect(execFileSync('find', [top, '!', '-gid', '4322']).toString()).toBe('');
});

describe('is refused in one line, and changes nothing', () => {
  const reasons: readonly (readonly [string, string, () => void])[] = [
    ['a detached HEAD', 'head', () => git('checkout', '--quiet', '--detach')],
    ['another branch', 'head', () => git('checkout', '--quiet', '-b', 'other')],
    ['a branch without commits', 'head', () => git('checkout', '--quiet', '--orphan', 'work2')],
    ['a symbolic branch', 'head', () => git('symbolic-ref', 'refs/heads/work', 'refs/heads/else')],
    ['a merge', 'under_way', () => scratch.write('repository/.git/MERGE_HEAD', `${base}\n`)],
    ['a rebase', 'under_way', () => scratch.folder('repository/.git/rebase-merge')],
    ['a running git', 'under_way', () => scratch.write('repository/.git/index.lock')],
    ['a sparse checkout', 'unknown', () => git('update-index', '--skip-worktree', 'gone')],
    ['an unknown file in the way', 'in_the_way', blockByIgnoredFile],
    ['a FIFO in the way', 'unknown', () => makeFifo('run.sh')],
  ];

  function blockByIgnoredFile(): void {
    rmSync(`${top}/a`);
    scratch.write('repository/a/ignored', 'x');
  }
  function makeFifo(path: string): void {
    rmSync(`${top}/${path}`);
    execFileSync('mkfifo', [`${top}/${path}`]);
  }

  test.each(reasons)('%s', async (_name, code, spoil) => {
    git('branch', 'else');
    const leftAt = scratch.commit('repository', { a: 'two\n' });
    spoil();
    const error: unknown = await planUndo(shadow, { ...request, leftAt }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.not.stringContaining('\n') });
    expect(existsSync(`${shadow.path}/refs/ralph-tui`)).toBe(false);
  });

  test('an index that cannot be read', async () => {
    const leftAt = scratch.commit('repository', { a: 'two\n' });
    writeFileSync(`${top}/.git/index`, readFileSync(`${top}/.git/index`).fill(1, 20, 24));
    await expect(planUndo(shadow, { ...request, leftAt })).rejects.toThrow(/index/);
  });

  test('a base commit that is gone, or whose files are', async () => {
    const leftAt = scratch.commit('repository', { a: 'two\n' });
    await expect(planUndo(shadow, { ...request, leftAt, baseCommit: '1'.repeat(40) })).rejects.toThrow();
    const blob = git('rev-parse', `${base}:a`);
    rmSync(`${top}/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    await expect(planUndo(shadow, { ...request, leftAt })).rejects.toMatchObject({ code: 'failed' });
  });

  test('what changed between question and answer', async () => {
    work();
    const plan = await planUndo(shadow, { ...request, leftAt: git('rev-parse', 'HEAD') });
    scratch.write('repository/late', 'x');
    await expect(carryOutUndo(shadow, plan)).rejects.toMatchObject({ code: 'changed_meanwhile' });
    expect(text('a')).toBe('three\r\n');
  });
});

test('a repository in the repository stays, and is noted', async () => {
  scratch.repository('repository/inner');
  scratch.commit('repository/inner', { x: 'x' });
  scratch.commit('repository', { a: 'two\n' });
  const plan = await planUndo(shadow, { ...request, leftAt: git('rev-parse', 'HEAD') });
  expect(plan.notes).toEqual(['inner is a repository of its own and stays as it is']);
  await carryOutUndo(shadow, plan);
  expect(text('inner/x')).toBe('x');
  expect(git('status', '--porcelain')).toBe('?? inner/');
});
