// What is measured of a program on a terminal of 120×40, ours or another one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender, Measurement } from '../bench.ts';
import type { Scratch } from '../loop/scratch.ts';
import { PtyProgram } from './pty-program.ts';
import type { ShownRun } from './shown-run.ts';

const SIZE = { columns: 120, rows: 40 };
export const LINES_PER_SECOND = 50;
/** What programs do in their first moments is not what they do all day. */
const WARM_UP_MS = 3_000;
const WATCHED_MS = 15_000;
const KEY_ROUNDS = 30;
/** About as fast as a person pages; no multiple of the time between two frames. */
const KEY_EVERY_MS = 137;

export interface Program {
  readonly argv: readonly string[];
  /** What is written when its first frame is there. */
  readonly firstFrame: string | RegExp;
}

export interface Key {
  readonly key: string;
  readonly paints: string;
}

export type Measure = (program: PtyProgram, firstFrame: Program['firstFrame']) => Promise<Measurement>;

export function contender(
  name: string,
  { repository, environment }: Pick<Scratch, 'repository' | 'environment'>,
  { argv, firstFrame }: Program,
  measure: Measure,
): Contender {
  return {
    name,
    async measure() {
      const program = new PtyProgram(argv, { cwd: repository, env: environment, ...SIZE });
      try {
        return await measure(program, firstFrame);
      } finally {
        await program.end();
      }
    },
  };
}

/** Milliseconds from its start to its first frame. */
export const timeToFirstFrame: Measure = async (program, firstFrame) => ({
  values: [await program.hasWritten(firstFrame, program.startedMs)],
});

/** Percent of a core that it takes while nobody does anything with it. */
export const watched: Measure = async (program, firstFrame) => {
  await program.hasWritten(firstFrame, program.startedMs);
  await sleep(WARM_UP_MS);
  const begun = { cpuMs: await program.cpuMs(), atMs: performance.now() };
  await sleep(WATCHED_MS);
  return { values: [(((await program.cpuMs()) - begun.cpuMs) / (performance.now() - begun.atMs)) * 100] };
};

/** Megabytes after some seconds. */
export const resident: Measure = async (program, firstFrame) => {
  await program.hasWritten(firstFrame, program.startedMs);
  await sleep(WARM_UP_MS);
  return { values: [(await program.residentBytes()) / 1_000_000] };
};

/** Milliseconds from each key to what it paints. */
export function keyTimes(keys: readonly Key[]): Measure {
  return async (program) => {
    const values: number[] = [];
    for (let round = 0; round < KEY_ROUNDS; round++) {
      for (const { key, paints } of keys) {
        await sleep(KEY_EVERY_MS);
        program.forget();
        const pressedMs = performance.now();
        program.press(key);
        values.push(await program.hasWritten(paints, pressedMs));
      }
    }
    const sorted = [...values].sort((a, b) => a - b);
    return { values, steps: { '95 of 100 keys within': [sorted[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN] } };
  };
}

/** The measure, while the run's agent writes. */
export function whileStreaming(run: ShownRun, measure: Measure): Measure {
  return async (program, firstFrame) => {
    await program.hasWritten(firstFrame, program.startedMs);
    const stream = run.stream(LINES_PER_SECOND);
    try {
      return await measure(program, firstFrame);
    } finally {
      stream.end();
    }
  };
}
