import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveOutputPort } from '../../../src/commands/view/ports.ts';
import { exchangeFolders, repositoryFolders } from '../../../src/journal/folders.ts';
import { temporaryFolder } from '../../harness/temporary.ts';

const REF = { iteration: 1, attempt: 1 };
const NAME = '1763712000000-42.out';

async function exchange() {
  const root = await temporaryFolder();
  const folders = repositoryFolders(root, 'acme');
  const { agent } = exchangeFolders(folders, 'run', REF);
  const live = join(agent, 'live');
  await mkdir(live, { recursive: true });
  await writeFile(join(live, NAME), 'PASS');
  return { root, agent, live, port: liveOutputPort(folders, 'run') };
}

test('reads the output of the command that started last', async () => {
  const { live, port } = await exchange();
  expect(await port.newest(REF)).toMatchObject({ name: NAME, startedAtMs: 1763712000000, state: 'running' });
  const file = await port.open(REF, NAME);
  expect(await file?.readFile('utf8')).toBe('PASS');
  await file?.close();
  await writeFile(join(live, '1763712000000-42.exit-1'), '');
  expect(await port.newest(REF)).toMatchObject({ state: 'ended' });
});

test('no link leads out, neither that of a file nor that of the folder', async () => {
  const { root, agent, live, port } = await exchange();
  await writeFile(join(root, NAME), 'a secret of this machine');
  await rm(join(live, NAME));
  await symlink(join(root, NAME), join(live, NAME));
  expect(await port.open(REF, NAME)).toBeNull();
  await rename(live, join(agent, 'away'));
  await symlink(root, live);
  expect(await port.newest(REF)).toBeNull();
  expect(await port.open(REF, NAME)).toBeNull();
});

test('an attempt without an exchange folder has no output', async () => {
  const { port } = await exchange();
  expect(await port.newest({ iteration: 2, attempt: 1 })).toBeNull();
});
