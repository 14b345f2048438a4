import { chownSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHead } from '../../src/workspace/head.ts';
import { locateRepository, RepositoryError } from '../../src/workspace/locate.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch[Symbol.dispose]());

async function refusal(folder: string): Promise<string> {
  const error = await locateRepository(folder).catch((cause: unknown) => cause);
  if (!(error instanceof RepositoryError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  expect(error.message).not.toContain('\n');
  return error.code;
}

test('finds the top from a folder below it, and through a link to it', async () => {
  const top = scratch.repository();
  const owner = { uid: process.getuid?.(), gid: process.getgid?.() };
  const expected = { top, gitDir: `${top}/.git`, commonDir: `${top}/.git`, owner };
  symlinkSync(scratch.folder('repository/a/b'), scratch.at('link'));
  expect(await locateRepository(top)).toEqual(expected);
  expect(await locateRepository(scratch.at('repository/a/b'))).toEqual(expected);
  expect(await locateRepository(scratch.at('link'))).toEqual(expected);
});

test.runIf(process.getuid?.() === 0)('the owner is the one of the top folder', async () => {
  const top = scratch.repository();
  chownSync(top, 4321, 4322);
  expect((await locateRepository(top)).owner).toEqual({ uid: 4321, gid: 4322 });
});

test('a linked worktree has a git directory of its own and the common one', async () => {
  const main = scratch.repository();
  scratch.commit('repository', { 'a.txt': 'a' });
  scratch.git('repository', 'worktree', 'add', '--quiet', '-b', 'side', scratch.at('side'));
  const side = await locateRepository(scratch.at('side'));
  expect(side).toMatchObject({
    top: scratch.at('side'),
    gitDir: `${main}/.git/worktrees/side`,
    commonDir: `${main}/.git`,
  });
  expect(await readHead(side)).toEqual({ ok: true, branch: 'side', sha: scratch.git('side', 'rev-parse', 'HEAD') });
});

test('a worktree of a bare repository is fine, the bare one is not', async () => {
  scratch.repository();
  scratch.commit('repository', { 'a.txt': 'a' });
  scratch.git('.', 'clone', '--quiet', '--bare', 'repository', 'bare.git');
  scratch.git('bare.git', 'worktree', 'add', '--quiet', '-b', 'side', scratch.at('side'));
  expect(await locateRepository(scratch.at('side'))).toMatchObject({ commonDir: scratch.at('bare.git') });
  expect(await refusal(scratch.at('bare.git'))).toBe('bare');
  scratch.git('repository', 'config', 'core.bare', 'true');
  expect(await refusal(scratch.at('repository'))).toBe('bare');
});

test('no repository, and no folder', async () => {
  expect(await refusal(scratch.folder('plain'))).toBe('no_repository');
  expect(await refusal(scratch.at('nothing'))).toBe('no_repository');
});

test('a submodule is refused', async () => {
  scratch.repository('library');
  scratch.commit('library', { 'a.txt': 'a' });
  scratch.repository();
  const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', scratch.at('library'), 'library'];
  scratch.git('repository', ...add);
  expect(await refusal(scratch.at('repository/library'))).toBe('submodule');
});

test('other object formats and ref storages are refused', async () => {
  scratch.folder('sha256');
  scratch.git('sha256', 'init', '--quiet', '--object-format=sha256');
  expect(await refusal(scratch.at('sha256'))).toBe('sha256');
  // The installed git need not know reftable; its mark in the configuration is what counts.
  scratch.repository('reftable');
  scratch.git('reftable', 'config', 'core.repositoryFormatVersion', '1');
  scratch.git('reftable', 'config', 'extensions.refStorage', 'reftable');
  expect(await refusal(scratch.at('reftable'))).toBe('reftable');
  scratch.repository('tables');
  scratch.folder('tables/.git/reftable');
  expect(await refusal(scratch.at('tables'))).toBe('reftable');
});

test('a git directory elsewhere is refused, by file or by link', async () => {
  scratch.folder('separate');
  scratch.git('separate', 'init', '--quiet', `--separate-git-dir=${scratch.at('elsewhere.git')}`);
  expect(await refusal(scratch.at('separate'))).toBe('foreign_git_directory');
  const top = scratch.repository();
  renameSync(`${top}/.git`, scratch.at('moved.git'));
  symlinkSync('../moved.git', `${top}/.git`);
  expect(await refusal(top)).toBe('foreign_git_directory');
});

test('a planted .git file does not get at another repository', async () => {
  const secret = scratch.repository('secret');
  scratch.commit('secret', { 'a.txt': 'a' });
  scratch.git('secret', 'worktree', 'add', '--quiet', scratch.at('side'));
  const top = scratch.folder('repository');
  // To a worktree's directory of the other repository, which names another place.
  writeFileSync(`${top}/.git`, `gitdir: ${secret}/.git/worktrees/side\n`);
  expect(await refusal(top)).toBe('foreign_git_directory');
  // To a made-up one that names this place, and the other repository as its common directory.
  scratch.write('repository/evil/worktrees/x/commondir', `${secret}/.git\n`);
  scratch.write('repository/evil/worktrees/x/gitdir', `${top}/.git\n`);
  scratch.write('repository/evil/worktrees/x/HEAD', 'ref: refs/heads/work\n');
  writeFileSync(`${top}/.git`, `gitdir: evil/worktrees/x\n`);
  expect(await refusal(top)).toBe('foreign_git_directory');
});

test('a broken .git ends the search, so that no repository further up is taken', async () => {
  const outer = scratch.repository('outer');
  scratch.folder('outer/inner/.git');
  expect(await refusal(scratch.at('outer/inner'))).toBe('damaged');
  scratch.write('outer/file/.git', 'nonsense');
  expect(await refusal(scratch.at('outer/file'))).toBe('damaged');
  scratch.write('outer/gone/.git', 'gitdir: /no/such/place');
  expect(await refusal(scratch.at('outer/gone'))).toBe('damaged');
  scratch.write('outer/.git/commondir', '../.evil');
  expect(await refusal(outer)).toBe('damaged');
  rmSync(`${outer}/.git/commondir`);
  expect(await locateRepository(outer)).toMatchObject({ top: outer });
});
