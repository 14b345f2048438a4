import { execFileSync } from 'node:child_process';
import { linkSync, renameSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInside, readTextInside } from '../../src/workspace/safe-read.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let root: string;
beforeEach(() => {
  scratch = new Scratch();
  root = scratch.folder('root');
  scratch.write('outside/secret', 'secret');
});
afterEach(() => scratch[Symbol.dispose]());

test('reads a regular file, also an empty one', async () => {
  scratch.write('root/docs/plan.md', '- [ ] one\n');
  scratch.write('root/empty');
  expect(await readTextInside(root, 'docs/plan.md')).toBe('- [ ] one\n');
  expect(await readInside(root, 'empty')).toMatchObject({ state: 'read', bytes: Buffer.alloc(0) });
});

test('a link inside the root that stays inside is followed only as a folder', async () => {
  scratch.write('root/real/plan.md', 'text');
  symlinkSync('real', scratch.at('root/docs'));
  symlinkSync('real/plan.md', scratch.at('root/plan.md'));
  expect(await readTextInside(root, 'docs/plan.md')).toBe('text');
  expect(await readInside(root, 'plan.md')).toEqual({ state: 'unsafe', why: 'it is a symbolic link' });
});

test('what is not there is missing, also below a file', async () => {
  scratch.write('root/file');
  expect(await readInside(root, 'nothing')).toEqual({ state: 'missing' });
  expect(await readInside(root, 'file/below')).toEqual({ state: 'missing' });
});

const planted: readonly (readonly [string, () => void, string, RegExp])[] = [
  ['a link to a file', () => symlinkSync('../outside/secret', scratch.at('root/x')), 'x', /symbolic link/],
  ['a link to a device', () => symlinkSync('/dev/zero', scratch.at('root/x')), 'x', /symbolic link/],
  ['a folder link that leads out', () => symlinkSync('../outside', scratch.at('root/x')), 'x/secret', /outside/],
  ['a folder link to the devices', () => symlinkSync('/dev', scratch.at('root/x')), 'x/zero', /no regular file/],
  ['a FIFO', () => execFileSync('mkfifo', [scratch.at('root/x')]), 'x', /no regular file/],
  ['a folder', () => scratch.folder('root/x'), 'x', /no regular file/],
  ['a path upwards', () => undefined, '../outside/secret', /leads out/],
  ['an absolute path', () => undefined, '/etc/passwd', /leads out/],
];
test.each(planted)('%s is unsafe', async (_name, plant, path, why) => {
  plant();
  const answer = await readInside(root, path);
  expect(answer).toMatchObject({ state: 'unsafe', why: expect.stringMatching(why) });
});

test('a root that was replaced by a link is not the root any more', async () => {
  renameSync(root, scratch.at('old'));
  symlinkSync('outside', root);
  expect(await readInside(root, 'secret')).toMatchObject({ state: 'unsafe' });
});

test('a folder whose name only begins like the root is outside', async () => {
  scratch.write('rootless/secret', 'secret');
  symlinkSync('../rootless', scratch.at('root/x'));
  expect(await readInside(root, 'x/secret')).toMatchObject({ state: 'unsafe' });
});

test('the limit counts bytes: so many are read, one more is refused', async () => {
  scratch.write('root/file', Buffer.alloc(1000));
  expect(await readInside(root, 'file', 1000)).toMatchObject({ state: 'read' });
  expect(await readInside(root, 'file', 999)).toMatchObject({ state: 'unsafe' });
});

test('a file that says it is empty and is not is cut at the limit', async () => {
  // Files of /proc have size 0 and content: they stand for one that grows while it is read.
  const answer = await readInside(`/proc/${process.pid}`, 'cmdline', 4);
  expect(answer).toMatchObject({ state: 'unsafe', why: expect.stringContaining('larger') });
  expect(await readInside(`/proc/${process.pid}`, 'cmdline')).toMatchObject({ state: 'read' });
});

test('a hard link is a regular file inside', async () => {
  scratch.write('root/file', 'text');
  linkSync(scratch.at('root/file'), scratch.at('root/twin'));
  expect(await readTextInside(root, 'twin')).toBe('text');
});
