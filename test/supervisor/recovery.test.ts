// A supervisor that dies between any two lines of its journal, with everything real but the sandboxes: the next one
// takes the run up, and it comes to the same end, with every attempt started once and every byte kept once.
import { readFile, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { attemptFiles, runFiles } from '../../src/journal/folders.ts';
import { commitsOf } from '../harness/repository.ts';
import { makeTemporaryFolder } from '../harness/temporary.ts';
import { beginRun, eventsOf, makeWorld, RUN, stateIn, takeUpRun, typesOf, type World } from './world.ts';

const PLAN = ['one', 'two'];
/** Lines of a run of two iterations: its beginning, seven an iteration, and its end. */
const LINES = 2 + 2 * 7 + 1;

/** The supervisor dies when it has written so many lines, before it does anything about the last one. */
async function dieBehind(world: World, line: number): Promise<void> {
  let lines = 0;
  const death = new Error(`died behind line ${line}`);
  const onEvent = () => {
    lines += 1;
    if (lines === line) throw death;
  };
  const end = await beginRun(world, { onEvent })
    .then(({ ended }) => ended)
    .catch((error: unknown) => error);
  expect(end).toBe(death);
}

/** As if the last line had never come to the disk; what it told of has happened all the same. */
async function loseLastLine({ folders }: World): Promise<void> {
  const { journal } = runFiles(folders, RUN);
  const text = await readFile(journal, 'utf8');
  await truncate(journal, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)));
}

async function outcomeOf(world: World) {
  const { phase, receipts, commitCount } = await stateIn(world);
  const types = await typesOf(world);
  return {
    end: phase.name === 'finished' && phase.reason,
    started: world.provider.started.map(({ spec }) => spec.name),
    commits: (await commitsOf(world.scratch.path)).map(({ subject }) => subject),
    commitCount,
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

describe('a supervisor that dies', () => {
  test('behind any line is followed by one that comes to the same end', { timeout: 60_000 }, async () => {
    await inWorld(async (whole) => {
      expect(await (await beginRun(whole)).ended).toBe(0);
      expect(await eventsOf(whole)).toHaveLength(LINES);
      const expected = await outcomeOf(whole);
      expect(expected.commits).toEqual(['Start', 'Do one', 'Do two']);
      expect(expected.left).toEqual([]);
      await forEachLine((line) =>
        inWorld(async (world) => {
          await dieBehind(world, line);
          expect(await (await takeUpRun(world)).ended, `line ${line}`).toBe(0);
          expect({ line, ...(await outcomeOf(world)) }).toEqual({ line, ...expected });
          await expectEveryByteOnce(world);
        }),
      );
      await forEachLine((line) =>
        inWorld(async (world) => {
          // Without its first line a journal tells of no run.
          if (line === 1) return;
          await dieBehind(world, line);
          await loseLastLine(world);
          expect(await (await takeUpRun(world)).ended, `line ${line}`).toBe(0);
          expect({ line, ...(await outcomeOf(world)) }).toEqual({ line, ...expected });
          await expectEveryByteOnce(world);
        }),
      );
    });
  });
});
