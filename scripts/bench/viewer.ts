// The viewer at 120×40 beside programs that do a part of what it does: top, which shows figures of this machine, and
// less, which follows a log.
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { lacking } from './on-path.ts';
import {
  contender,
  type Key,
  keyTimes,
  LINES_PER_SECOND,
  type Measure,
  type Program,
  resident,
  timeToFirstFrame,
  watched,
  whileStreaming,
} from './viewer/measures.ts';
import { VIEWER, VIEWER_KEYS } from './viewer/our-viewer.ts';
import { makeShownRun, type ShownRun } from './viewer/shown-run.ts';

const TOP: Program = { argv: ['top'], firstFrame: 'COMMAND' };
const TOP_KEYS: readonly Key[] = [
  { key: '?', paints: 'Interactive Commands' },
  { key: 'q', paints: 'COMMAND' },
];

export const viewerBenches: readonly Bench[] = [
  {
    name: 'viewer-first-frame',
    about: 'from the start of the program to its first whole frame',
    unit: 'ms',
    lacks: () => lacking('script', 'top'),
    prepare: async (folder) => {
      const run = await makeShownRun(join(folder, 'run'), { paused: true });
      return pair(run, TOP, 'top', timeToFirstFrame);
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
      return pair(run, lessOn(run), 'less +F', whileStreaming(run, resident));
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
      return {
        ours: contender('ralph-tui', run, VIEWER, whileStreaming(run, keyTimes(VIEWER_KEYS))),
        other: contender('top', run, TOP, whileStreaming(run, keyTimes(TOP_KEYS))),
      };
    },
  },
];

function pair(run: ShownRun, other: Program, name: string, measure: Measure) {
  return { ours: contender('ralph-tui', run, VIEWER, measure), other: contender(name, run, other, measure) };
}

function lessOn({ log }: ShownRun): Program {
  return { argv: ['less', '-S', '+F', log], firstFrame: 'Waiting for data' };
}
