import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileTail } from '../../src/system/file-tail.ts';
import { temporaryFolder } from '../harness/temporary.ts';

test.each([
  ['0123456789', '789'],
  ['01', '01'],
  ['', ''],
])('of %j the last three bytes are %j', async (text, tail) => {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  expect((await fileTail(path, 3)).toString()).toBe(tail);
});

test('a file that is not there is an error', async () => {
  await expect(fileTail(join(await temporaryFolder(), 'file'), 3)).rejects.toMatchObject({ code: 'ENOENT' });
});
