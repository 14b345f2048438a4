// A day in front of the viewer, in simulated time: a million lines in two hundred iterations, and a person who presses
// keys and drags borders all the time. Nothing may break, and nothing may pile up.
import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { openJournal } from '../../src/journal/append.ts';
import { attemptFiles, repositoryFolders } from '../../src/journal/folders.ts';
import { makeRunFolder } from '../../src/journal/make-folders.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';
import { RUN, sample, writeSamples } from '../viewer/run-folder.ts';
import { AgentOutput } from './agent-output.ts';
import { openViewer, type Viewer } from './harness.ts';
import { Day, supervise, TASKS } from './working-day.ts';

const ITERATIONS = 200;
const LINES_A_CYCLE = 10;
const CYCLES = 500;
const SECONDS_AN_ITERATION = 24 * 60 * 3;
/** An attempt's lines come in so many pieces, with keys and sizes between them. */
const PIECES = 5;
const SAMPLE_EVERY = 5;
const DEADLINE_MS = 60_000;

/** What a person may press at any time; what opens a dialog also closes it. */
const GESTURES: readonly (readonly string[])[] = [
  ...['j', 'k', 'g', 'G', 'f', 'z', 'w', 't', 'n', 'N', '[', ']', '\t', '\x1b[Z', '?', '\r', ' ', '\x15', '\x0c'],
  ...[
    '1',
    '2',
    '3',
    '4',
    '5',
    'c',
    '+',
    '-',
    '\x1b[A',
    '\x1b[B',
    '\x1b[5~',
    '\x1b[6~',
    'h',
    'y',
    'ü',
    '\x1b[200~x\x1b[201~',
  ],
].map((key) => [key]);
const LONG_GESTURES: readonly (readonly string[])[] = [
  ['/', 'test', '\r'],
  ['&', 'Bash', '\r'],
  ['/', 'x', '\x1b'],
  ['k', 'k', 'k', 'g'],
  ['q', 'n'],
  ['X', 'n'],
  ['x', 'n'],
  ['r', 'n'],
];

test('a day of a million lines, keys and sizes: no exception, and memory stays flat', {
  timeout: 900_000,
}, async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const folders = repositoryFolders(await temporaryFolder(), 'acme-api-1');
  const { folder, journal } = await makeRunFolder(folders, RUN);
  const writer = openJournal<Event>(journal);
  onTestFinished(() => writer.close());
  const day = new Day().begin();
  for (const event of day.events.splice(0)) writer.append(event);
  await supervise(folders);
  const viewer = await openViewer({ folders, now: () => Date.parse(day.at), liveOutput: null });
  const random = seeded(20_261_121);
  const heapBytes: number[] = [];
  let lines = 0;

  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    const output = new AgentOutput(day.at);
    const seconds = SECONDS_AN_ITERATION;
    day.attempt({ iteration, seconds, done: iteration % (TASKS.length - 1), tasks: 1 }, 'completed');
    const events = day.events.splice(0);
    // The last of them seals the attempt.
    for (const event of events.slice(0, 2)) writer.append(event);
    const raw = attemptFiles(folder, { iteration, attempt: 1 }).raw;
    const text = Buffer.from(sessionOf(output, iteration)).toString();
    const all = text.split('\n').slice(0, -1);
    lines += all.length;
    for (const piece of inPieces(all, PIECES)) {
      appendFileSync(raw, `${piece.join('\n')}\n`);
      await writeSamples(folder, { iteration, attempt: 1 }, [sample(output.at, text.length)]);
      await bustle(viewer, random);
    }
    await settle(viewer, `the end of iteration ${iteration}`);
    for (const event of events.slice(2)) writer.append(event);
    if (iteration % SAMPLE_EVERY === 0) {
      viewer.stdout.written = '';
      collectGarbage();
      heapBytes.push(process.memoryUsage().heapUsed);
    }
  }

  expect(lines).toBe(1_000_000);
  const screen = (await viewer.text()).split('\n');
  expect(screen[0]).toContain(`iter ${ITERATIONS}`);
  expect(screen.at(-1)).toMatch(/^ p pause .* q quit$/);
  // What every program gathers in its first hours is not looked at: the second half of the day has to be level.
  const half = heapBytes.slice(heapBytes.length / 2);
  const [early, late] = [half.slice(0, half.length / 2), half.slice(half.length / 2)].map(median);
  const story = heapBytes.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(' ');
  expect((late ?? 0) / (early ?? 0), `MiB: ${story}`).toBeLessThan(1.1);
});

/** Five thousand lines of work, and a last word that a person can see. */
function sessionOf(output: AgentOutput, iteration: number): Uint8Array {
  // The first and the last line, and the last word, take the place of three others.
  output.init();
  for (let cycle = 1; cycle < CYCLES; cycle++) workFor(output, cycle);
  for (let line = 0; line < LINES_A_CYCLE - 3; line++) output.text('Nearly done.', 0);
  return output.text(`the end of iteration ${iteration}`, 0).result('Done.', 0).bytes;
}

/** Ten lines. */
function workFor(output: AgentOutput, cycle: number): void {
  const quick = { seconds: 0.8 };
  const long = 'one line after the other '.repeat(cycle % 40);
  output.text(`Step ${cycle}: ${long}`, 0.8).think(`Is ${cycle} enough?`, 0.8);
  output.tool(
    'Read',
    { file_path: `src/part-${cycle}.ts` },
    { text: '1\tx', result: { file: { numLines: cycle } } },
    quick,
  );
  output.edit(`src/part-${cycle}.ts`, cycle % 30, cycle % 7);
  output.bash(`npm test -- part-${cycle}`, `PASS ${cycle}\n漢字 🧑🏽‍🚀 \x1b[31mred\x1b[0m\n${long}`, {
    ...quick,
    isError: cycle % 9 === 0,
  });
  output.tool('Grep', { pattern: `x${cycle}` }, { text: 'a.ts\nb.ts' }, quick);
}

/** Some keys and some sizes, and no wait for what comes of them. */
async function bustle(viewer: Viewer, random: Random): Promise<void> {
  for (let step = 0; step < 6; step++) {
    const gestures = random() < 0.3 ? LONG_GESTURES : GESTURES;
    const keys = gestures[Math.floor(random() * gestures.length)] ?? [];
    const { columns, rows } = viewer.stdout;
    // On too small a screen q asks nothing: it leaves.
    if (keys[0] !== 'q' || (columns >= 40 && rows >= 10)) viewer.press(...keys);
    if (random() < 0.3) viewer.resize(between(random, 30, 220), between(random, 6, 70));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Puts everything back to where it began, and waits until the screen has that text. */
async function settle(viewer: Viewer, text: string): Promise<void> {
  viewer.resize(120, 40);
  let turn = 0;
  // One thing at a time: a dialog, a prompt, a zoom, a filter, an opened attempt, a cursor; and back to the newest log.
  await waitFor(
    async () => {
      const seen = await viewer.text();
      const isSettled = seen.includes(text) && seen.includes('following') && seen.includes('1 plan');
      // Not both at once, which would be another key.
      turn += 1;
      if (!isSettled) viewer.press(turn % 3 === 0 ? 'f' : '\x1b');
      return isSettled;
    },
    { what: text, timeoutMs: DEADLINE_MS, intervalMs: 30, detail: () => viewer.text() },
  );
}

type Random = () => number;

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from));
}

function inPieces<Item>(items: readonly Item[], count: number): Item[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
