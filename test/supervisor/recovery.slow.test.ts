// A supervisor that dies between any two lines of its journal, with everything real but the sandboxes: the next one
// takes the run up, and it comes to the same end, with every attempt started once and every byte kept once.
import { readFile, truncate } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { attemptFiles, runFiles } from '../../src/journal/folders.ts';
import type { Supervision } from '../../src/supervisor/supervise.ts';
import { commitsOf } from '../harness/repository.ts';
import { makeTemporaryFolder } from '../harness/temporary.ts';
import { beginRun, eventsOf, makeWorld, RUN, type Start, stateIn, takeUpRun, typesOf, type World } from './world.ts';

const PLAN = ['one', 'two'];
/** Lines of a run of two iterations: its beginning, seven an iteration, and its end. */
const LINES = 2 + 2 * 7 + 1;

/**
 * A supervisor that dies when it has written so many lines, before it does anything about the last one.
 * Answers whether it came to that.
 */
async function dieBehind(
  world: World,
  lines: number,
  start: (world: World, options: Start) => Promise<Supervision>,
): Promise<boolean> {
  let written = 0;
  const death = new Error('died');
  const onEvent = () => {
    written += 1;
    if (written === lines) throw death;
  };
  const end = await start(world, { onEvent })
    .then(({ ended }) => ended)
    .catch((error: unknown) => error);
  if (end !== death && end !== 0) throw end;
  return end === death;
}

/** As if the last line had never come to the disk; what it told of has happened all the same. */
async function loseLastLine({ folders }: World): Promise<void> {
  const { journal } = runFiles(folders, RUN);
  const text = await readFile(journal, 'utf8');
  await truncate(journal, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)));
}

async function outcomeOf(world: World) {
  const { phase, receipts, seenCommits } = await stateIn(world);
  const types = await typesOf(world);
  return {
    end: phase.name === 'finished' && phase.reason,
    started: world.provider.started.map(({ spec }) => spec.name),
    commits: (await commitsOf(world.scratch.path)).map(({ subject }) => subject),
    commitCount: seenCommits.reduce((total, { count }) => total + count, 0),
    receipts: receipts.map(({ iteration, attempt, outcome, commits, tasksFinished, openAfter, costUsd }) => ({
      ...{ iteration, attempt, kind: outcome.kind, tasksFinished, openAfter, costUsd },
      commits: commits.map(({ subject }) => subject),
    })),
    sealed: types.filter((type) => type === 'attempt_sealed').length,
    left: await world.provider.find({ namespace: 'test' }),
  };
}

/** What each agent said, and what is kept of it. */
async function expectEveryByteOnce({ provider, folders }: World): Promise<void> {
  for (const { spec, stdout } of provider.started) {
    const { raw } = attemptFiles(runFiles(folders, RUN).folder, spec.labels);
    expect(await readFile(raw, 'utf8'), spec.name).toBe(stdout.toString('utf8'));
  }
}

async function inWorld(tell: (world: World) => Promise<void>): Promise<void> {
  await using folder = await makeTemporaryFolder();
  await tell(await makeWorld({ folder: folder.path, plan: PLAN }));
}

/** So many worlds at a time: most of their time goes into waiting for git. */
async function forEachLine(tell: (line: number) => Promise<void>): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, index) => index + 1);
  const next = async (): Promise<void> => {
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) await tell(line);
  };
  await Promise.all([next(), next(), next()]);
}

test('whoever dies, and whatever line is lost: the run comes to the same end', { timeout: 60_000 }, async () => {
  await inWorld(async (whole) => {
    expect(await (await beginRun(whole)).ended).toBe(0);
    expect(await eventsOf(whole)).toHaveLength(LINES);
    const expected = await outcomeOf(whole);
    expect(expected.commits).toEqual(['Start', 'Do one', 'Do two']);
    expect(expected.left).toEqual([]);
    await forEachLine((line) =>
      inWorld(async (world) => {
        expect(await dieBehind(world, line, beginRun)).toBe(true);
        // The second one dies soon, at another place each time, and its last line is lost.
        if (await dieBehind(world, 1 + (line % 5), takeUpRun)) await loseLastLine(world);
        expect(await (await takeUpRun(world)).ended, `line ${line}`).toBe(0);
        expect({ line, ...(await outcomeOf(world)) }).toEqual({ line, ...expected });
        await expectEveryByteOnce(world);
      }),
    );
  });
});
