// What the journal and the receipts say of the work tree that an attempt found, with real git.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { RunOptions } from '../../../src/core/options.ts';
import type { Receipt } from '../../../src/core/receipt.ts';
import { justLeftClean } from '../../../src/supervisor/attempt/work-tree.ts';
import { FOUND_REFS, isKept, keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow } from '../../../src/workspace/git/shadow.ts';
import { Story } from '../../core/story.ts';
import { planWorker, sayRecorded } from '../scripts.ts';
import { beginRun, eventsOf, makeWorld, outcomesIn, stateIn, type World } from '../world.ts';

const TWO = { options: { maxIterations: 2 } };

async function foundIn(world: World) {
  const starting = (await eventsOf(world)).flatMap((event) => (event.type === 'attempt_starting' ? [event] : []));
  const found = starting.map(({ foundCommit }) => foundCommit);
  expect((await stateIn(world)).receipts.map(({ foundCommit }) => foundCommit)).toEqual(found);
  return { found, heads: starting.map(({ survey }) => survey.head) };
}

function inShadow({ folders }: World, ...argv: string[]): Promise<string> {
  return execa('git', ['--git-dir', folders.shadowGit, ...argv]).then(({ stdout }) => stdout);
}

test('what a person and the attempt before left uncommitted', async () => {
  const world: World = await makeWorld();
  const write = (name: string, text: string) => writeFile(join(world.scratch.path, name), text);
  await write('mine', 'a note\n');
  const work = planWorker(world.scratch);
  world.provider.script = async (sandbox) => {
    const exit = await work(sandbox);
    await write('left', 'behind\n');
    return exit;
  };
  await (await beginRun(world, TWO)).ended;
  const { found, heads } = await foundIn(world);
  const [first = '', second = ''] = await Promise.all(
    found.map((sha, index) => inShadow(world, 'diff', '--name-only', heads[index] ?? '', sha ?? '')),
  );
  expect([first, second]).toEqual(['mine', 'left\nmine']);
  expect(await inShadow(world, 'for-each-ref', '--format=%(objectname) %(refname)')).toBe(
    [1, 2].map((number) => `${found[number - 1]} refs/ralph-tui/found/20261121-100000-abc-${number}.1`).join('\n'),
  );
  expect(await world.scratch.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});

test('nothing uncommitted: the base commit', async () => {
  const world = await makeWorld();
  await (await beginRun(world, TWO)).ended;
  const { found, heads } = await foundIn(world);
  expect(found).toEqual(heads);
  expect(new Set(heads).size).toBe(2);
});

test('a new run lets go of what an earlier one found', async () => {
  const world = await makeWorld();
  await writeFile(join(world.scratch.path, 'mine'), 'a note\n');
  const shadow = await openShadow(world.repository, world.folders.shadowGit);
  const earlier = await keepFound(shadow, `${FOUND_REFS}20261120-100000-abc-1.1`);
  await writeFile(join(world.scratch.path, 'mine'), 'another note\n');
  await (await beginRun(world, { options: { maxIterations: 1 } })).ended;
  const [found] = (await foundIn(world)).found;
  expect(await inShadow(world, 'for-each-ref', '--format=%(objectname)')).toBe(found);
  expect(await isKept(shadow, earlier)).toBe(false);
});

test('where git cannot tell nobody knows, and the attempt goes on', async () => {
  const world = await makeWorld();
  await writeFile(join(world.scratch.path, '.git/index'), 'none');
  world.provider.script = async (sandbox) => {
    await sayRecorded(sandbox);
    return undefined;
  };
  await (await beginRun(world, { options: { maxIterations: 1 } })).ended;
  expect((await foundIn(world)).found).toEqual([null]);
  expect(await outcomesIn(world)).toEqual(['completed']);
});

test.each<[string, Partial<RunOptions>, string, boolean]>([
  ['just now', {}, '00.250', true],
  ['a while ago', {}, '00.251', false],
  ['in the future', {}, '59.999', false],
  ['just now, and a command ran since', { until: 'make' }, '00.000', false],
])('what an attempt left clean %s', (_name, options, at, isTrue) => {
  const receipt = { headCommit: 'b'.repeat(40), progress: { workTreeHash: 'clean' } } as Receipt;
  const told = new Story({ options }).attempt('completed', receipt).state;
  const lastSealed = told.lastSealed && { ...told.lastSealed, at: '2026-11-21T10:01:00.000Z' };
  const nowMs = Date.parse(`2026-11-21T10:0${at.startsWith('59') ? 0 : 1}:${at}Z`);
  expect(justLeftClean({ ...told, lastSealed }, nowMs)).toBe(isTrue ? 'b'.repeat(40) : null);
});

test('what an attempt left uncommitted is looked at again', () => {
  const receipt = { headCommit: 'b'.repeat(40), progress: { workTreeHash: 'a hash' } } as Receipt;
  const { state } = new Story().attempt('completed', receipt);
  expect(justLeftClean(state, Date.parse(state.at))).toBeNull();
  expect(justLeftClean(new Story().state, Date.parse(state.at))).toBeNull();
});
