import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFolder } from '../../src/system/home-folder.ts';
import { makePath } from '../../src/system/make-path.ts';
import { temporaryFolder } from '../harness/temporary.ts';

test('makes all that is missing, for nobody else, and leaves what is there', async () => {
  const folder = await temporaryFolder();
  const deep = join(folder, 'a/b/c');
  await makePath(deep);
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  await writeFile(join(deep, 'file'), 'text');
  await makePath(deep);
  await access(join(deep, 'file'));
  await rm(deep, { recursive: true });
  await mkdir(deep, { mode: 0o755 });
  await makePath(deep);
  expect((await stat(deep)).mode & 0o777).toBe(0o755);
});

test('a file in the way is an error', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(makePath(join(file, 'a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.runIf(process.platform === 'linux')('where nothing can be made it ends', async () => {
  await expect(makePath('/proc/no-such/a/b')).rejects.toMatchObject({ code: expect.stringMatching(/ENOENT|EACCES/) });
});

test('the home is absolute, whatever HOME says', () => {
  expect(homeFolder({ HOME: '/home/me' })).toBe('/home/me');
  for (const HOME of ['', 'relative', undefined]) expect(homeFolder({ HOME })).toMatch(/^\//);
});
