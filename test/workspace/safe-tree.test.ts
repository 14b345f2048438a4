import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isWorkTreePath, lookAt, putFile, putLink, removeFile, TreeError } from '../../src/workspace/safe-tree.ts';
import { Scratch } from './scratch.ts';

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
let scratch: Scratch;
let root: string;
beforeEach(() => {
  scratch = new Scratch();
  root = scratch.folder('root');
  scratch.write('outside/file', 'before');
});
afterEach(() => scratch[Symbol.dispose]());

const read = (path: string) => readFileSync(scratch.at(path), 'utf8');
const put = (path: string, text = 'new', executable = false) =>
  putFile(root, path, Buffer.from(text), executable, owner);

test.each([
  ['a', true],
  ['a/b.txt', true],
  ['.github/x', true],
  ['a/.git/config', false],
  ['.GIT/hooks/x', false],
  ['a/./b', false],
  ['a//b', false],
  ['../a', false],
  ['/a', false],
])('%s is a path of the work tree: %s', (path, is) => {
  expect(isWorkTreePath(path)).toBe(is);
});

test('says what lies there, and of a link only where it leads to', async () => {
  scratch.write('root/file', 'four', 0o755);
  scratch.write('root/plain', '');
  symlinkSync('../outside', scratch.at('root/link'));
  mkdirSync(scratch.at('root/folder'));
  expect(await lookAt(root, 'file')).toEqual({ kind: 'file', executable: true, sizeBytes: 4 });
  expect(await lookAt(root, 'plain')).toEqual({ kind: 'file', executable: false, sizeBytes: 0 });
  expect(await lookAt(root, 'link')).toEqual({ kind: 'link', target: Buffer.from('../outside') });
  expect(await lookAt(root, 'folder')).toEqual({ kind: 'folder' });
  expect(await lookAt(root, 'none')).toEqual({ kind: 'missing', blockedBy: null });
  expect(await lookAt(root, 'none/file')).toEqual({ kind: 'missing', blockedBy: null });
  expect(await lookAt(root, 'link/file')).toEqual({ kind: 'missing', blockedBy: 'link' });
  expect(await lookAt(root, 'file/below/it')).toEqual({ kind: 'missing', blockedBy: 'file' });
});

test('a file is put with its folders, also in the place of a file, a link or empty folders', async () => {
  scratch.write('root/old', 'old');
  symlinkSync('../outside/file', scratch.at('root/link'));
  mkdirSync(scratch.at('root/hollow/within'), { recursive: true });
  await put('a/b/c', 'run', true);
  for (const path of ['old', 'link', 'hollow']) await put(path);
  expect(statSync(scratch.at('root/a/b/c')).mode & 0o100).toBe(0o100);
  expect(['old', 'link', 'hollow'].map((path) => read(`root/${path}`))).toEqual(['new', 'new', 'new']);
  expect(read('outside/file')).toBe('before');
  expect(readdirSync(root).sort()).toEqual(['a', 'hollow', 'link', 'old']);
});

test('a link is put as it is', async () => {
  await putLink(root, 'a/link', Buffer.from('../../outside/file'), owner);
  expect(readlinkSync(scratch.at('root/a/link'))).toBe('../../outside/file');
});

test('nothing is written or removed through a link on the way', async () => {
  symlinkSync('../outside', scratch.at('root/way'));
  await expect(put('way/file')).rejects.toThrow('way/file cannot be written: way is in the way');
  await expect(put('way/deep/file')).rejects.toThrow(TreeError);
  await expect(putLink(root, 'way/link', Buffer.from('x'), owner)).rejects.toThrow(TreeError);
  await removeFile(root, 'way/file');
  expect(readdirSync(scratch.at('outside'))).toEqual(['file']);
  expect(read('outside/file')).toBe('before');
});

test('nothing is written where a link took the place of the root', async () => {
  renameSync(root, scratch.at('moved'));
  symlinkSync('outside', root);
  await expect(put('file')).rejects.toThrow(TreeError);
  expect(read('outside/file')).toBe('before');
});

test('a folder with files stays, and nothing half is left beside it', async () => {
  scratch.write('root/folder/deep/file', 'kept');
  await expect(put('folder')).rejects.toThrow('folder: a folder with files is in the way');
  expect(read('root/folder/deep/file')).toBe('kept');
  expect(readdirSync(root)).toEqual(['folder']);
});

test('removing takes the folders that are empty without the file, and no other', async () => {
  scratch.write('root/a/b/c/file', '');
  scratch.write('root/a/other', '');
  await removeFile(root, 'a/b/c/file');
  expect(readdirSync(scratch.at('root/a'))).toEqual(['other']);
  await removeFile(root, 'a/not/there');
  expect(readdirSync(scratch.at('root/a'))).toEqual(['other']);
});

test('a git directory is never touched', async () => {
  await expect(put('.git/config')).rejects.toThrow('.git/config is no path of the work tree');
  await expect(removeFile(root, 'sub/.git/HEAD')).rejects.toThrow(TreeError);
});
