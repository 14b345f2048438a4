import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateRepository, type Repository } from '../../src/workspace/locate.ts';
import { linkLoopLogs } from '../../src/workspace/loop-logs-link.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let repository: Repository;
beforeEach(async () => {
  scratch = new Scratch();
  repository = await locateRepository(scratch.repository());
  scratch.write('runs/1/loop-main.log', 'one');
  scratch.write('runs/2/loop-main.log', 'two');
});
afterEach(() => scratch[Symbol.dispose]());

test('the link leads to the newest run, and git does not see it', async () => {
  expect(await linkLoopLogs(repository, scratch.at('runs/1'))).toEqual({ state: 'linked' });
  expect(await linkLoopLogs(repository, scratch.at('runs/2'))).toEqual({ state: 'linked' });
  expect(readFileSync(`${repository.top}/.loop-logs/loop-main.log`, 'utf8')).toBe('two');
  expect(scratch.git('repository', 'status', '--porcelain')).toBe('');
  const exclude = readFileSync(`${repository.gitDir}/info/exclude`, 'utf8');
  expect(exclude.split('\n').filter((line) => line === '/.loop-logs')).toHaveLength(1);
});

test('in a linked worktree it is the common exclude file that counts', async () => {
  scratch.commit('repository', { a: '1' });
  scratch.git('repository', 'worktree', 'add', '--quiet', scratch.at('side'));
  rmSync(`${repository.gitDir}/info`, { recursive: true, force: true });
  expect(await linkLoopLogs(await locateRepository(scratch.at('side')), scratch.at('runs/1'))).toEqual({
    state: 'linked',
  });
  expect(readlinkSync(scratch.at('side/.loop-logs'))).toBe(scratch.at('runs/1'));
  expect(scratch.git('side', 'status', '--porcelain')).toBe('');
});

test('a folder or file of that name stays, and it is said', async () => {
  scratch.write('repository/.loop-logs/old.log', 'mine');
  const answer = await linkLoopLogs(repository, scratch.at('runs/1'));
  expect(answer).toEqual({ state: 'left_alone', why: 'no .loop-logs link: .loop-logs is a folder already' });
  expect(readdirSync(`${repository.top}/.loop-logs`)).toEqual(['old.log']);
});

test('a planted link in the way of the exclude file: neither line nor link', async () => {
  rmSync(`${repository.gitDir}/info`, { recursive: true, force: true });
  mkdirSync(scratch.at('outside'));
  symlinkSync(scratch.at('outside'), `${repository.gitDir}/info`);
  expect(await linkLoopLogs(repository, scratch.at('runs/1'))).toMatchObject({ state: 'left_alone' });
  expect(readdirSync(scratch.at('outside'))).toEqual([]);
  expect(scratch.exists('repository/.loop-logs')).toBe(false);
});
