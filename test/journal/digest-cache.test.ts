import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDigest, writeDigest } from '../../src/journal/digest-cache.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const asNumber = (digest: unknown): number => {
  if (typeof digest !== 'number') throw new TypeError('no number');
  return digest;
};

describe('digest cache', () => {
  it('gives back what was written, the newest', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'iteration-1.digest.json');
    await writeDigest(path, { offset: 10, digest: 41 });
    await writeDigest(path, { offset: 12, digest: 42 });
    expect(await readDigest(path, asNumber)).toEqual({ offset: 12, digest: 42 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['iteration-1.digest.json']);
  });

  it.each([
    ['torn', '{"offset":10,"dig'],
    ['empty', ''],
    ['of another form', '[]'],
    ['without a sound offset', '{"offset":-1,"digest":1}'],
    ['with a digest that nobody knows', '{"offset":1,"digest":"?"}'],
  ])('is not there when it is %s', async (_, text) => {
    const path = join(await temporaryFolder(), 'd.json');
    await writeFile(path, text);
    expect(await readDigest(path, asNumber)).toBeNull();
  });

  it('is not there when there is no file, a link or a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'real'), '{"offset":1,"digest":1}');
    await symlink('real', join(folder, 'link'));
    await mkdir(join(folder, 'folder'));
    for (const name of ['none', 'link', 'folder']) expect(await readDigest(join(folder, name), asNumber)).toBeNull();
  });

  it('leaves the old one when writing fails', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'taken'));
    await expect(writeDigest(join(folder, 'taken'), { offset: 1, digest: 1 })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const path = join(folder, 'd.json');
    await writeDigest(path, { offset: 1, digest: 1 });
    await expect(writeDigest(path, { offset: 2, digest: circular })).rejects.toThrow();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ offset: 1, digest: 1 });
  });
});
