import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFolders } from '../../src/journal/folders.ts';
import { listAttempts, listRuns, newestRun } from '../../src/journal/list-runs.ts';
import {
  makeExchangeFolders,
  makePrivateFolder,
  makeRunFolder,
  prepareSocketPath,
} from '../../src/journal/make-folders.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('makePrivateFolder', () => {
  it('makes folders of mode 0700, and closes open ones', async () => {
    const root = await temporaryFolder();
    await makePrivateFolder(join(root, 'a/b'));
    expect(await mode(join(root, 'a'))).toBe('700');
    expect(await mode(join(root, 'a/b'))).toBe('700');
    await chmod(join(root, 'a/b'), 0o755);
    await makePrivateFolder(join(root, 'a/b'));
    expect(await mode(join(root, 'a/b'))).toBe('700');
  });

  it('refuses a link and a file', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'elsewhere'));
    await symlink('elsewhere', join(root, 'link'));
    await writeFile(join(root, 'file'), '');
    await expect(makePrivateFolder(join(root, 'link'))).rejects.toMatchObject({ code: 'unsafe_folder' });
    await expect(makePrivateFolder(join(root, 'file'))).rejects.toThrow();
  });

  it.runIf(process.getuid?.() === 0)("refuses somebody else's folder", async () => {
    const root = await temporaryFolder();
    const theirs = join(root, 'theirs');
    await mkdir(theirs);
    const { chown } = await import('node:fs/promises');
    await chown(theirs, 12345, 12345);
    await expect(makePrivateFolder(theirs)).rejects.toThrow(/belongs to user 12345, not to you \(0\)/);
  });
});

describe('run folders', () => {
  it('are made, listed and found again', async () => {
    const root = await temporaryFolder();
    const folders = repositoryFolders(root, 'app-1');
    expect(await newestRun(folders.runs)).toBeNull();
    const files = await makeRunFolder(folders, '20261121-094512-k3f');
    await makeRunFolder(folders, '20261120-094512-zzz');
    await mkdir(join(folders.runs, 'notes'));
    await writeFile(join(folders.runs, '20261122-094512-abc'), 'a file is no run');
    expect(await listRuns(folders.runs)).toEqual(['20261120-094512-zzz', '20261121-094512-k3f']);
    expect(await newestRun(folders.runs)).toBe('20261121-094512-k3f');

    expect(await listAttempts(files.folder)).toEqual([]);
    for (const name of ['iteration-10.log.raw', 'iteration-2.log.raw', 'iteration-2.2.log', 'vitals-2.ndjson']) {
      await writeFile(join(files.folder, name), '');
    }
    await writeFile(files.journal, '');
    expect(await listAttempts(files.folder)).toEqual([
      { iteration: 2, attempt: 1, kinds: new Set(['raw', 'vitals']) },
      { iteration: 2, attempt: 2, kinds: new Set(['log']) },
      { iteration: 10, attempt: 1, kinds: new Set(['raw']) },
    ]);
    expect(await listAttempts(join(root, 'nowhere'))).toEqual([]);
  });

  it('have exchange folders beside them', async () => {
    const folders = repositoryFolders(await temporaryFolder(), 'app-1');
    const exchange = await makeExchangeFolders(folders, '20261121-094512-k3f', { iteration: 1, attempt: 2 });
    expect(await mode(exchange.agent)).toBe('700');
    expect(await mode(exchange.inbox)).toBe('700');
  });
});

describe('prepareSocketPath', () => {
  it('takes the first folder that can be had', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'file'), '');
    const good = join(root, 'good', 'x.sock');
    expect(await prepareSocketPath([join(root, 'file', 'x.sock'), good])).toBe(good);
    expect(await mode(join(root, 'good'))).toBe('700');
  });

  it('says when there is none', async () => {
    await expect(prepareSocketPath([])).rejects.toThrow(/no folder for the control socket: every path is too long/);
  });
});
