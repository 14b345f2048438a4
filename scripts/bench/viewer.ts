// The viewer at 120×40 beside programs that do a part of what it does: top, which shows figures of this machine, and
// less, which follows a log.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE, PROJECT_ROOT } from '../../test/harness/project.ts';
import type { Bench, Contender, Measurement } from './bench.ts';
import { PtyProgram } from './viewer/pty-program.ts';
import { makeShownRun, type ShownRun } from './viewer/shown-run.ts';

const CLI = process.env.RALPH_TEST_CLI ?? join(PROJECT_ROOT, 'dist/cli.js');
const SIZE = { columns: 120, rows: 40 };
const LINES_PER_SECOND = 50;
/** What programs do in their first moments is not what they do all day. */
const WARM_UP_MS = 3_000;
const WATCHED_MS = 15_000;
const KEY_ROUNDS = 30;
/** About as fast as a person pages; no multiple of the time between two frames. */
const KEY_EVERY_MS = 137;

interface Program {
  readonly argv: readonly string[];
  /** What is written when its first frame is there. */
  readonly firstFrame: string | RegExp;
}

interface Key {
  readonly key: string;
  readonly paints: string;
}

const VIEWER: Program = { argv: [NODE, CLI], firstFrame: / quit\b/ };
/** Help and back, which is the whole screen twice. */
const VIEWER_KEYS: readonly Key[] = [
  { key: '?', paints: 'Moving' },
  { key: '?', paints: '5 agent log' },
];
const TOP_KEYS: readonly Key[] = [
  { key: '?', paints: 'Interactive Commands' },
  { key: 'q', paints: 'COMMAND' },
];
const TOP: Program = { argv: ['top'], firstFrame: 'COMMAND' };

export const viewerBenches: readonly Bench[] = [
  {
    name: 'viewer-first-frame',
    about: 'from the start of the program to its first whole frame',
    unit: 'ms',
    lacks: () => lacking('script', 'top'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: true });
      return pair(run, TOP, 'top', async (program, frame) => ({
        values: [await program.hasWritten(frame, program.startedMs)],
      }));
    },
  },
  {
    name: 'viewer-idle',
    about: 'a paused run (top: its own 3 s), of one core',
    unit: '%',
    lacks: () => lacking('script', 'top'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: true });
      return pair(run, TOP, 'top', watched);
    },
  },
  {
    name: 'viewer-memory',
    about: 'resident after some seconds of a run whose agent writes 50 lines a second',
    unit: 'MB',
    lacks: () => lacking('script', 'less'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: false });
      const measure = whileStreaming(run, async (program) => {
        await sleep(WARM_UP_MS);
        return { values: [(await program.residentBytes()) / 1_000_000] };
      });
      return pair(run, lessOn(run), 'less +F', measure);
    },
  },
  {
    name: 'viewer-stream',
    about: `an agent that writes ${LINES_PER_SECOND} lines a second, of one core`,
    unit: '%',
    lacks: () => lacking('script', 'less'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: false });
      return pair(run, lessOn(run), 'less +F', whileStreaming(run, watched));
    },
  },
  {
    name: 'viewer-keys',
    about: `from a key to what it changes on the screen, ${LINES_PER_SECOND} lines a second (top: a quiet machine)`,
    unit: 'ms',
    lacks: () => lacking('script', 'top'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: false });
      const press = (keys: readonly Key[]) => whileStreaming(run, (program) => keyTimes(program, keys));
      return {
        ours: contender('ralph-tui', run, VIEWER, press(VIEWER_KEYS)),
        other: contender('top', run, TOP, press(TOP_KEYS)),
      };
    },
  },
];

type Measure = (program: PtyProgram, firstFrame: Program['firstFrame']) => Promise<Measurement>;

function pair(run: ShownRun, other: Program, name: string, measure: Measure) {
  return { ours: contender('ralph-tui', run, VIEWER, measure), other: contender(name, run, other, measure) };
}

function contender(name: string, run: ShownRun, { argv, firstFrame }: Program, measure: Measure): Contender {
  return {
    name,
    async measure() {
      const program = new PtyProgram(argv, { cwd: run.repository, env: run.environment, ...SIZE });
      try {
        return await measure(program, firstFrame);
      } finally {
        await program.end();
      }
    },
  };
}

/** What it takes of a core while nobody does anything with it. */
async function watched(program: PtyProgram, firstFrame: Program['firstFrame']): Promise<Measurement> {
  await program.hasWritten(firstFrame, program.startedMs);
  await sleep(WARM_UP_MS);
  const begun = { cpuMs: await program.cpuMs(), atMs: performance.now() };
  await sleep(WATCHED_MS);
  return { values: [(((await program.cpuMs()) - begun.cpuMs) / (performance.now() - begun.atMs)) * 100] };
}

async function keyTimes(program: PtyProgram, keys: readonly Key[]): Promise<Measurement> {
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
}

function whileStreaming(run: ShownRun, measure: Measure): Measure {
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

function lessOn({ log }: ShownRun): Program {
  return { argv: ['less', '-S', '+F', log], firstFrame: 'Waiting for data' };
}

/** Those that are not there, in words; null when all are. */
function lacking(...programs: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  return missing.length === 0 ? null : missing.join(', ');
}
