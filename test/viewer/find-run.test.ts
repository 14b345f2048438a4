import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryFolders } from '../../src/journal/folders.ts';
import { allRuns, findRun, newestWithAttempt } from '../../src/viewer/find-run.ts';
import { FindRunError } from '../../src/viewer/find-run-error.ts';
import { Story } from '../core/story.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { layOutRun } from './run-folder.ts';

const RUNS = ['20261120-090000-aaa', '20261121-090000-bbb', '20261121-100000-ccc'];

async function threeRuns() {
  const stateRoot = await temporaryFolder();
  for (const run of RUNS) await layOutRun(stateRoot, 'acme', new Story().attempt('completed'), run);
  // A start that was refused before its first event.
  await mkdir(join(repositoryFolders(stateRoot, 'acme').runs, '20261122-000000-ddd'));
  return repositoryFolders(stateRoot, 'acme');
}

test('the newest, or the one that is meant', async () => {
  const folders = await threeRuns();
  expect(await findRun(folders, null)).toBe(RUNS[2]);
  expect(await findRun(folders, '20261120')).toBe(RUNS[0]);
  expect(await findRun(folders, '20261121-09')).toBe(RUNS[1]);
});

test.each([
  ['2025', 'there is no run "2025"; the newest is 20261121-100000-ccc'],
  ['20261121', '2 runs begin with 20261121'],
  ['../..', 'there is no run "../.."'],
])('%s is no run', async (prefix, expected) => {
  const failure = await findRun(await threeRuns(), prefix).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(FindRunError);
  expect((failure as Error).message).toContain(expected);
});

test('the newest with an attempt: runs that found nothing to do hide none', async () => {
  const stateRoot = await temporaryFolder();
  const [first, second, third] = RUNS as [string, string, string];
  await layOutRun(stateRoot, 'acme', new Story(), first);
  const folders = repositoryFolders(stateRoot, 'acme');
  expect(await newestWithAttempt(folders)).toBe(first);
  await layOutRun(stateRoot, 'acme', new Story().attempt('completed'), second);
  await layOutRun(stateRoot, 'acme', new Story(), third);
  expect(await newestWithAttempt(folders)).toBe(second);
});

test('without any run', async () => {
  const folders = repositoryFolders(await temporaryFolder(), 'acme');
  await expect(findRun(folders, null)).rejects.toThrow('there is no run of this repository yet');
  expect(await allRuns(folders)).toEqual([]);
});

test('all runs with their state', async () => {
  const found = await allRuns(await threeRuns());
  expect(found.map(({ run }) => run)).toEqual(RUNS);
  expect(found[0]?.state.receipts).toHaveLength(1);
});
