// What the journal and the receipts say of the work tree that an attempt found, with real git.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { FOUND_REFS, isKept, keepFound } from '../../../src/workspace/git/found.ts';
import { openShadow } from '../../../src/workspace/git/shadow.ts';
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
