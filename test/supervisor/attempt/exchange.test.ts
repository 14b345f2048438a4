import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryFolders } from '../../../src/journal/folders.ts';
import { makeRepositoryFolders } from '../../../src/journal/make-folders.ts';
import { fillExchange } from '../../../src/supervisor/attempt/exchange.ts';
import { temporaryFolder } from '../../harness/temporary.ts';

const REF = { iteration: 1, attempt: 1 };
const ME = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const OTHER = { uid: 12_345, gid: 12_346 };

async function fill(user = ME) {
  const folders = repositoryFolders(await temporaryFolder(), 'repository');
  await makeRepositoryFolders(folders);
  return { folders, exchange: await fillExchange(folders, 'run', REF, 'Do it.\n', user) };
}

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('what an attempt shares with its sandbox', () => {
  test('the prompt, the shell wrapper, and an empty place for the agent’s configuration', async () => {
    const { exchange } = await fill();
    expect(await readFile(join(exchange.inbox, 'prompt.md'), 'utf8')).toBe('Do it.\n');
    expect((await readdir(exchange.agent)).sort()).toEqual(['claude', 'live', 'shell-prefix']);
    expect(await readdir(join(exchange.agent, 'claude'))).toEqual([]);
  });

  test('is made anew: what a start that came to nothing left there is gone', async () => {
    const { folders, exchange } = await fill();
    await writeFile(join(exchange.agent, 'claude', 'session'), 'old');
    await fillExchange(folders, 'run', REF, 'Do more.\n', ME);
    expect(await readdir(join(exchange.agent, 'claude'))).toEqual([]);
    expect(await readFile(join(exchange.inbox, 'prompt.md'), 'utf8')).toBe('Do more.\n');
  });

  test('the folder above keeps everybody else on this machine out', async () => {
    const { exchange } = await fill();
    expect(await mode(exchange.folder)).toBe('700');
    expect(await mode(exchange.agent)).toBe('700');
  });

  // Only root can give files away.
  test.runIf(ME.uid === 0)('is readable for the agent’s user, and its own folder belongs to it', async () => {
    const { exchange } = await fill(OTHER);
    for (const path of ['', 'claude', 'live', 'shell-prefix']) {
      expect(await stat(join(exchange.agent, path)), path).toMatchObject(OTHER);
    }
    expect(await mode(exchange.inbox)).toBe('755');
    expect(await mode(join(exchange.inbox, 'prompt.md'))).toBe('644');
    expect(await stat(exchange.inbox)).toMatchObject(ME);
  });
});
