import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureLineInside, replaceFileInside, replaceLinkInside } from '../../src/workspace/safe-write.ts';
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

test('a line is appended once, and folders are made', async () => {
  expect(await ensureLineInside(root, 'info/exclude', '/x', owner)).toEqual({ ok: true, changed: true });
  expect(await ensureLineInside(root, 'info/exclude', '/x', owner)).toEqual({ ok: true, changed: false });
  expect(read('root/info/exclude')).toBe('/x\n');
  expect(readdirSync(scratch.at('root/info'))).toEqual(['exclude']);
});

test('a file without a line end, with odd bytes and a mode of its own keeps all of it', async () => {
  scratch.write('root/file', Buffer.from([0x61, 0xff, 0xfe]), 0o600);
  await ensureLineInside(root, 'file', '/x', owner);
  expect(readFileSync(scratch.at('root/file'))).toEqual(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x2f, 0x78, 0x0a]));
  expect(statSync(scratch.at('root/file')).mode & 0o777).toBe(0o600);
});

test('a line that only begins or ends like it does not count', async () => {
  scratch.write('root/file', '/xy\n#/x\n/x\r\n');
  expect(await ensureLineInside(root, 'file', '/x', owner)).toEqual({ ok: true, changed: false });
  scratch.write('root/file', '/xy\n#/x\n');
  expect(await ensureLineInside(root, 'file', '/x', owner)).toEqual({ ok: true, changed: true });
});

test('neither the file nor a folder on the way is written through a link', async () => {
  symlinkSync('../outside', scratch.at('root/info'));
  symlinkSync('../outside/file', scratch.at('root/file'));
  expect(await ensureLineInside(root, 'info/file', '/x', owner)).toMatchObject({ ok: false });
  expect(await ensureLineInside(root, 'info/new', '/x', owner)).toMatchObject({ ok: false });
  expect(await ensureLineInside(root, 'file', '/x', owner)).toMatchObject({ ok: false });
  expect(await replaceFileInside(root, 'info/deep/new', Buffer.from('x'), owner)).toMatchObject({ ok: false });
  expect(await replaceLinkInside(root, 'info/link', 'target', owner)).toMatchObject({ ok: false });
  expect(read('outside/file')).toBe('before');
  expect(readdirSync(scratch.at('outside'))).toEqual(['file']);
});

test('a link is replaced by a whole new file, and what it led to stays', async () => {
  symlinkSync('../outside/file', scratch.at('root/file'));
  expect(await replaceFileInside(root, 'file', Buffer.from('new'), owner)).toMatchObject({ ok: true });
  expect(read('root/file')).toBe('new');
  expect(read('outside/file')).toBe('before');
});

test('somebody else holds the lock: nothing is written, and the lock stays', async () => {
  scratch.write('root/file.lock');
  const answer = await ensureLineInside(root, 'file', '/x', owner);
  expect(answer).toMatchObject({ ok: false, why: expect.stringContaining('.lock') });
  expect(readdirSync(root)).toEqual(['file.lock']);
});

test('a planted lock that is a link is not written through', async () => {
  symlinkSync('../outside/file', scratch.at('root/file.lock'));
  expect(await ensureLineInside(root, 'file', '/x', owner)).toMatchObject({ ok: false });
  expect(read('outside/file')).toBe('before');
});

test('a root that was replaced by a link is refused', async () => {
  renameSync(root, scratch.at('old'));
  symlinkSync('outside', root);
  expect(await ensureLineInside(root, 'new', '/x', owner)).toMatchObject({ ok: false });
  expect(readdirSync(scratch.at('outside'))).toEqual(['file']);
});

test('paths that lead out are refused', async () => {
  for (const path of ['../outside/file', '/etc/hosts', '']) {
    expect(await replaceFileInside(root, path, Buffer.from('x'), owner)).toMatchObject({ ok: false });
  }
});

test('a link is made, moved, and left when it is right already', async () => {
  expect(await replaceLinkInside(root, 'link', '/one', owner)).toEqual({ ok: true, changed: true });
  expect(await replaceLinkInside(root, 'link', '/one', owner)).toEqual({ ok: true, changed: false });
  expect(await replaceLinkInside(root, 'link', '/two', owner)).toEqual({ ok: true, changed: true });
  expect(readlinkSync(scratch.at('root/link'))).toBe('/two');
  expect(readdirSync(root)).toEqual(['link']);
});

test('a link to a folder is replaced, and nothing is put into that folder', async () => {
  symlinkSync('../outside', scratch.at('root/link'));
  await replaceLinkInside(root, 'link', '/new', owner);
  expect(readlinkSync(scratch.at('root/link'))).toBe('/new');
  expect(readdirSync(scratch.at('outside'))).toEqual(['file']);
});

test('a folder or a file in the place of a link stays', async () => {
  mkdirSync(scratch.at('root/folder'));
  scratch.write('root/file', 'mine');
  expect(await replaceLinkInside(root, 'folder', '/x', owner)).toEqual({
    ok: false,
    why: 'folder is a folder already',
  });
  expect(await replaceLinkInside(root, 'file', '/x', owner)).toEqual({ ok: false, why: 'file is a file already' });
  expect(read('root/file')).toBe('mine');
  expect(readdirSync(root).sort()).toEqual(['file', 'folder']);
});

test.runIf(process.getuid?.() === 0)('what root makes belongs to the repository owner', async () => {
  const person = { uid: 4321, gid: 4322 };
  await ensureLineInside(root, 'info/exclude', '/x', person);
  await replaceLinkInside(root, 'link', '/x', person);
  for (const path of ['root/info', 'root/info/exclude', 'root/link']) {
    expect(lstatSync(scratch.at(path))).toMatchObject(person);
  }
  rmSync(scratch.at('root/info'), { recursive: true });
});
