// The pane beside subsy's ralph-tui, the program that does most of what ours does. The rival's supervisor and its screen
// are one process; ours are two, of which the viewer alone is measured: the panes are compared.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, Contender, Match } from './bench.ts';
import { lacking } from './on-path.ts';
import { type Brought, bringRival, RIVAL_VERSION } from './rival/bring.ts';
import { makeRivalRun, type RivalRun } from './rival/rival-run.ts';
import {
  contender,
  type Key,
  keyTimes,
  LINES_PER_SECOND,
  type Measure,
  resident,
  timeToFirstFrame,
  watched,
  whileStreaming,
} from './viewer/measures.ts';
import { VIEWER, VIEWER_KEYS } from './viewer/our-viewer.ts';
import { makeShownRun } from './viewer/shown-run.ts';

/** It looks up models on the web when a run starts: it is to reach nothing outside of this machine. */
const WITHOUT_NETWORK = ['unshare', '--map-current-user', '--net'] as const;
const OPTIONS = ['run', '--prd', 'prd.json', '--agent', 'claude', '--no-setup', '--no-notify', '--serial'];
/** The last words of its last line. */
const FIRST_FRAME = 'o:Cycle';
const START_AGAIN_MS = 300;
const AGENT_SAYS = 'that an agent writes';
/** Help and back, as ours: it dims and lights the screen around its help. */
const RIVAL_KEYS: readonly Key[] = [
  { key: '?', paints: 'Shortcuts' },
  { key: '?', paints: 'iters' },
];

export const rivalBenches: readonly Bench[] = [
  bench('rival-first-frame', {
    about: 'from the start of the program to its first whole frame (rival: ready to start a run)',
    unit: 'ms',
    streaming: false,
    measures: { ours: timeToFirstFrame, other: timeToFirstFrame },
  }),
  bench('rival-idle', {
    about: 'a paused run (rival: ready to start one), our viewer and the whole rival, of one core',
    unit: '%',
    streaming: false,
    measures: { ours: watched, other: watched },
  }),
  bench('rival-memory', {
    about: `resident with an agent that writes ${LINES_PER_SECOND} lines a second, our viewer and the whole rival`,
    unit: 'MB',
    streaming: true,
    measures: { ours: resident, other: resident },
  }),
  bench('rival-stream', {
    about: `an agent that writes ${LINES_PER_SECOND} lines a second, our viewer and the whole rival, of one core`,
    unit: '%',
    streaming: true,
    measures: { ours: watched, other: watched },
  }),
  bench('rival-keys', {
    about: `from a key to what it changes on the screen, help and back, ${LINES_PER_SECOND} lines a second`,
    unit: 'ms',
    streaming: true,
    measures: { ours: keyTimes(VIEWER_KEYS), other: keyTimes(RIVAL_KEYS) },
  }),
];

interface Compared {
  readonly about: string;
  readonly unit: string;
  /** Whether an agent writes meanwhile. */
  readonly streaming: boolean;
  readonly measures: { readonly ours: Measure; readonly other: Measure };
}

function bench(name: string, { about, unit, streaming, measures }: Compared): Bench {
  return {
    name,
    about,
    unit,
    lacks,
    async prepare(folder): Promise<Match> {
      const brought = await rival();
      if ('lacking' in brought) throw new Error(`without ${brought.lacking}`);
      const run = await makeShownRun(join(folder, 'run'), { paused: !streaming });
      const rivalRun = await makeRivalRun(join(folder, 'rival'), run.log);
      const { ours, other } = streaming
        ? { ours: whileStreaming(run, measures.ours), other: whileStreaming(run, onceStarted(measures.other)) }
        : measures;
      return {
        ours: contender('ralph-tui', run, VIEWER, ours),
        other: rivalContender(rivalRun, brought.argv, other),
      };
    },
  };
}

function rivalContender(run: RivalRun, command: readonly string[], measure: Measure): Contender {
  const name = `subsy's ralph-tui ${RIVAL_VERSION}`;
  const program = { argv: [...WITHOUT_NETWORK, ...command, ...OPTIONS], firstFrame: FIRST_FRAME };
  return {
    name,
    async measure() {
      const repository = await run.newRepository();
      try {
        return await contender(name, { repository, environment: run.environment }, program, measure).measure();
      } finally {
        await run.end();
      }
    },
  };
}

/** The measure, from when it shows what its agent says. */
function onceStarted(measure: Measure): Measure {
  return async (program, firstFrame) => {
    // It hears no key for some moments after its first frame, and heeds this one only once.
    const pressing = setInterval(() => program.press('s'), START_AGAIN_MS);
    await program.hasWritten(AGENT_SAYS, program.startedMs).finally(() => clearInterval(pressing));
    return measure(program, firstFrame);
  };
}

async function lacks(): Promise<string | null> {
  const programs = lacking('script', 'tail', 'unshare', 'npm');
  if (programs !== null) return programs;
  const [program, ...options] = WITHOUT_NETWORK;
  if (spawnSync(program, [...options, 'true']).status !== 0) return `the right to ${WITHOUT_NETWORK.join(' ')}`;
  const brought = await rival();
  return 'lacking' in brought ? brought.lacking : null;
}

let brought: Promise<Brought> | null = null;

/** Asked for by every bench, brought once. */
function rival(): Promise<Brought> {
  brought ??= bringRival();
  return brought;
}
