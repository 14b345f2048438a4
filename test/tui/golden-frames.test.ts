// Whole screens of a working day, as a terminal shows them: every view at every size that has a layout of its own, the
// text and how each cell looks. One viewer a view, which is dragged from size to size.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../harness/temporary.ts';
import { writeOutput } from '../viewer/run-folder.ts';
import { AgentOutput } from './agent-output.ts';
import { type OpenOptions, openViewer, type Viewer } from './harness.ts';
import { type Day, type DayFolder, layOutDay, layOutWorkingDay, workingDay } from './working-day.ts';

const SIZES = [
  [160, 45],
  [120, 40],
  [80, 24],
  [60, 20],
] as const;

/** So long without a change: longer than the viewer lets changes gather. */
const STILL_MS = 25;
const ENTER = '\r';
const DIFF = [
  'diff --git a/src/auth/rotate.ts b/src/auth/rotate.ts',
  'index 4b825dc..9f3c2ab 100644',
  '--- a/src/auth/rotate.ts',
  '+++ b/src/auth/rotate.ts',
  '@@ -12,7 +12,9 @@ export async function rotate(token: string): Promise<Tokens> {',
  '   const hash = await digest(token);',
  '-  await store.put(hash);',
  '-  if (await store.has(hash)) throw new ReusedToken();',
  '+  if (await store.has(hash)) {',
  '+    await store.revokeFamily(hash);',
  '+    throw new ReusedToken();',
  '+  }',
  '+  await store.put(hash);',
  '   return issueTokens(hash);',
  'diff --git a/test/auth/rotate.test.ts b/test/auth/rotate.test.ts',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/test/auth/rotate.test.ts',
  '@@ -0,0 +1,2 @@',
  "+import { rotate } from '../../src/auth/rotate.ts';",
  '+test("a reused token revokes its whole family, also the tokens that were issued after the theft", async () => {',
];

interface View {
  /** Default: a working day with an attempt that runs. */
  readonly day?: (root: string) => Promise<DayFolder>;
  readonly keys?: readonly string[];
  /** Pressed when the screen is still again. */
  readonly thenKeys?: readonly string[];
  /** What is on the screen at all sizes, when it is whole. */
  readonly shows: readonly string[];
  readonly options?: Partial<OpenOptions>;
}

/** The working day, gone on with instead of its running attempt. */
function after(act: (day: Day) => Day): NonNullable<View['day']> {
  return (root) => layOutDay(root, act(workingDay('idle')));
}

const paused = (day: Day) =>
  day.pass(61).tell({
    type: 'paused',
    reason: { kind: 'asked', message: 'paused by you', help: 'ralph-tui resume', headlessExit: null },
  });

const VIEWS: Readonly<Record<string, View>> = {
  dashboard: { shows: ['running 2m'] },
  'greeting on reopening': {
    shows: ['While you were away'],
    options: { greeting: 'While you were away: 9 attempts, 7 ok, 2h10 waited, 8 tasks, 5 commits, ≈$5.90' },
  },
  'plan zoomed': { keys: ['1', 'z', 'j', 'j'], shows: ['6/12', '4.2 e2e'] },
  'iterations zoomed': { keys: ['2', 'z', 'j', 'j'], shows: ['7 ✓ completed'] },
  'commits zoomed': { keys: ['3', 'z', 'j'], shows: ['Do 3.1 PKCE', 'uncommitted'] },
  'vitals zoomed': { keys: ['4', 'z'], shows: ['limit'] },
  'log zoomed': { keys: ['5', 'z'], shows: ['running 2m'] },
  'log in full': { keys: [ENTER], shows: ['in full'] },
  'log scrolled back': { keys: ['['], thenKeys: ['k', 'k', 'k'], shows: ['iter 8 runs: f follows, 3 line'] },
  'log filtered': { keys: ['&', ...'Bash', ENTER], shows: ['only Bash'] },
  'log searched': { keys: ['/', ...'hash', ENTER], shows: ['/hash'] },
  'log of an earlier attempt': { keys: ['['], shows: ['iter 7  ended', 'That was iteration 7.'] },
  'typing a search': { keys: ['/', ...'has'], shows: ['search the log: has'] },
  help: { keys: ['?'], shows: ['pause after this iteration'] },
  receipt: { keys: ['2', 'j', 'j', ENTER], shows: ['receipt of iteration 7'] },
  'receipt of a memory kill': {
    keys: ['2', 'j', 'j', 'j', 'j', ENTER],
    shows: ['receipt of iteration 5', 'jest took'],
  },
  diff: { keys: ['d'], shows: ['diff of iteration 8, so far, as of 22:4', '+  if (await'] },
  'diff searched': { keys: ['d'], thenKeys: ['/', ...'family', ENTER], shows: ['/family'] },
  'asking to quit': { keys: ['q'], shows: ['leave it running'] },
  'asking to kill': { keys: ['X'], shows: ['Kill iteration 8?'] },
  'asking to stop': { keys: ['x'], shows: ['Stop iteration 8?'] },
  'asking to restart': { keys: ['r'], shows: ['Restart iteration 8?'] },
  'asking what to edit': { keys: ['e'], shows: ['AGENTS.md'] },
  'asking to undo': { day: after(paused), keys: ['u'], shows: ['takes 1 commit'] },
  'asking how to go on': {
    day: after((day) =>
      day.attempt({ iteration: 8, seconds: 90, done: 6 }, 'stopped', { message: 'stopped by you' }).tell({
        type: 'paused',
        reason: { kind: 'after_stop', message: 'attempt 8.1: stopped by you', help: null, headlessExit: null },
      }),
    ),
    shows: ['How does the run go on?'],
  },
  'a key that can do nothing': { keys: ['c'], shows: ['the run waits for nothing'] },
  'waiting for a limit': {
    day: after((day) =>
      day
        .attempt({ iteration: 8, seconds: 90, done: 6 }, 'usage_limit', { message: '5-hour limit reached' })
        .tell({ type: 'waiting', kind: 'usage_limit', until: '2026-11-22T01:05:00.000Z', why: '5-hour limit reached' }),
    ),
    shows: ['WAITING'],
  },
  'the engine is away': {
    day: (root) => layOutWorkingDay(root, [{ type: 'engine_away', why: 'no answer from unix:///run/docker.sock' }]),
    shows: ['ENGINE AWAY'],
  },
  paused: { day: after(paused), shows: ['PAUSED'] },
  'needs you': {
    day: after((day) =>
      day.attempt({ iteration: 8, seconds: 3, done: 6 }, 'auth', { message: 'login expired' }).tell({
        type: 'paused',
        reason: {
          kind: 'outcome',
          message: 'login expired · iteration 8 kept',
          help: 'ralph-tui login, then: ralph-tui resume',
          headlessExit: 'needs_person',
        },
      }),
    ),
    shows: ['NEEDS YOU'],
  },
  'planning again': {
    day: after((day) =>
      day
        .tell({ type: 'instructions_changed', file: 'prompt', by: 'agent' })
        .tell({ type: 'mode_changed', mode: 'plan', why: 'asked' }),
    ),
    shows: ['plan'],
  },
  done: {
    day: after((day) =>
      day.attempt({ iteration: 8, seconds: 700, done: 6, tasks: 6 }, 'completed').tell({
        type: 'finished',
        reason: 'done',
        message: 'all 12 tasks of the plan are done',
        nextCommand: 'gh pr create --fill --head ralph/oauth',
      }),
    ),
    shows: ['DONE'],
  },
  'gave up': {
    day: after((day) =>
      day.attempt({ iteration: 8, seconds: 60, done: 6 }, 'crashed', { message: 'exit code 1 without a result' }).tell({
        type: 'finished',
        reason: 'gave_up',
        message: '3 attempts in a row ended as crashed; the last: exit code 1 without a result',
        nextCommand: 'ralph-tui logs',
      }),
    ),
    shows: ['GAVE UP'],
  },
  'no supervisor': {
    day: async (root) => {
      const day = await layOutWorkingDay(root);
      await rm(day.folders.lock, { force: true });
      return day;
    },
    shows: ['NO SUPERVISOR', 'cannot be started'],
    options: { recover: async () => Promise.reject(new Error('no engine')) },
  },
};

async function open({ day = layOutWorkingDay, options = {} }: View): Promise<Viewer> {
  const folder = await day(await temporaryFolder());
  const earlier = new AgentOutput('2026-11-21T22:35:00.000Z').init();
  for (let step = 1; step <= 60; step += 1) earlier.text(`Step ${step} of 60.`).read(`src/part-${step}.ts`, step);
  earlier.text('That was iteration 7.').result('done');
  await writeOutput(folder.folder, { iteration: 7, attempt: 1 }, earlier.bytes);
  return openViewer({
    ...folder,
    columns: 160,
    rows: 45,
    diffs: { read: async () => ({ title: 'diff of iteration 8, so far', lines: DIFF, ofFiles: true }) },
    undo: {
      plan: async () => ({
        lines: [
          'sets ralph/oauth back to before iteration 7: 69f3c2a Do 2.7 Store',
          'takes 1 commit from ralph/oauth:',
          '  79f3c2a Do 3.1 PKCE verifier',
        ],
      }),
      perform: async () => ({ ok: true, message: 'undone' }),
    },
    ...options,
  });
}

/** The screen when it has stopped changing. */
async function still(viewer: Viewer, texts: readonly string[]): Promise<string> {
  let before = '';
  for (;;) {
    const now = await viewer.shows(...texts);
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, STILL_MS));
  }
}

describe.each(Object.entries(VIEWS))('%s', (name, view) => {
  test('at every size', async () => {
    const viewer = await open(view);
    // A search in a log that is not read yet finds nothing, on a machine that is busy.
    await still(viewer, view.day === undefined ? ['1 plan', 'running 2m'] : ['1 plan']);
    viewer.press(...(view.keys ?? []));
    await still(viewer, []);
    viewer.press(...(view.thenKeys ?? []));
    const frames: string[] = [];
    for (const [columns, rows] of SIZES) {
      viewer.resize(columns, rows);
      const screen = await still(viewer, view.shows);
      const lines = screen.split('\n');
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
      frames.push(`${columns}×${rows}`, screen, `${columns}×${rows} looks`, await viewer.styles());
    }
    await expect(`${frames.join('\n')}\n`).toMatchFileSnapshot(join('golden', `${name.replaceAll(' ', '-')}.txt`));
  });
});

test.each([
  ['NO_COLOR', { NO_COLOR: '1' }, /^[.dbi \n]*$/],
  ['a terminal that knows nothing', { TERM: 'dumb' }, /^[. \n]*$/],
])('%s: the same words, without colours', async (_, environment, looks) => {
  const coloured = await open({ shows: [] });
  const plain = await open({ shows: [], options: { environment } });
  for (const [columns, rows] of SIZES) {
    for (const viewer of [coloured, plain]) viewer.resize(columns, rows);
    expect(await still(plain, ['running 2m'])).toBe(await still(coloured, ['running 2m']));
    expect(await plain.styles()).toMatch(looks);
  }
});

test('the dashboard without Unicode', async () => {
  const viewer = await open({ shows: [], options: { environment: { LANG: 'C' } } });
  viewer.resize(120, 40);
  const screen = await still(viewer, ['running 2m', '3 files uncommitted', '5.2G', '3.2 Rotate refresh']);
  expect(screen).toMatch(/^[\x20-\x7e\n]*$/);
  await expect(`${screen}\n`).toMatchFileSnapshot('golden/dashboard-ascii.txt');
});

test('too small a terminal is told so, with the way out', async () => {
  const viewer = await open({ shows: [] });
  viewer.resize(39, 12);
  expect(await viewer.shows('39×12')).toContain('needs 40×10');
  await viewer.shows('q quits: the run goes on');
  viewer.resize(12, 2);
  await viewer.shows('needs 40×10\nq quits');
  viewer.resize(60, 1);
  await viewer.shows('this is 60×1 · q quits');
});
