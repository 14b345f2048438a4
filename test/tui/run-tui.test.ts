// The viewer as a person has it: real bytes, real files, a real control socket.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startControlServer } from '../../src/control/server.ts';
import type { Event } from '../../src/core/events.ts';
import { runFiles } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { openRegular } from '../../src/journal/regular-file.ts';
import { makeTemporaryFolder, temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';
import { RUN, writeOutput } from '../viewer/run-folder.ts';
import { AgentOutput } from './agent-output.ts';
import { openViewer } from './harness.ts';
import {
  appendOutput,
  Day,
  layOutEvents,
  layOutWorkingDay,
  runningOutput,
  supervise,
  workingDay,
} from './working-day.ts';

const REF = { iteration: 8, attempt: 1 };

test('takes the terminal, and gives it back as it was', async () => {
  const viewer = await openViewer(await layOutWorkingDay(await temporaryFolder()));
  await viewer.shows('running 2m14');
  expect(viewer.stdin.isRaw).toBe(true);
  // Only what differs is drawn: nothing is wiped while the viewer is open.
  expect(viewer.stdout.written).not.toMatch(/\x1b\[[0-3]?J/);
  await viewer.close();
  const { written } = viewer.stdout;
  expect(written.indexOf('\x1b[?7l')).toBeLessThan(written.indexOf('\x1b[?1049h'));
  expect(written.lastIndexOf('\x1b[?7h')).toBeGreaterThan(written.lastIndexOf('\x1b[?1049l'));
  expect(written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(written.lastIndexOf('\x1b[?25l'));
  expect(written).toContain('\x1b]2;ralph 8/30 > ~$6.06\x07');
  // The scrollback is nobody's to wipe.
  expect(written).not.toContain('\x1b[3J');
  expect(viewer.stdin.isRaw).toBe(false);
  // What is typed next is the shell's to read.
  expect(viewer.stdin.isPaused).toBe(true);
});

test('scrolling lets the end go and says what is new; f follows again', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('running 2m14', 'following');
  viewer.press('k', 'k');
  await viewer.shows('2 lines below', 'not: running 2m14');
  const more = new AgentOutput(new Date(day.now).toISOString()).text('one').text('two').text('three');
  await appendOutput(day.folder, 8, more.bytes);
  expect(await viewer.shows('5 lines below, 3 new')).not.toContain('three');
  viewer.press('f');
  await viewer.shows('following', 'three');
});

test('search, filter, wrap and times', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 80, rows: 26 });
  await viewer.shows('running 2m14');
  viewer.press('/', ...'hash is compared', '\r');
  await viewer.shows('/hash is compared', 'think  23 tokens');
  viewer.press('/', ...'nowhere', '\r');
  await viewer.shows('nothing in the folded log has nowhere');
  viewer.press('\x1b');
  await viewer.shows('not: /nowhere');
  viewer.press('&', ...'Edit', '\r');
  await viewer.shows('only Edit', 'rotate.ts +9 -3', 'not: PASS');
  viewer.press('t', 'w');
  await viewer.shows('\nEdit   src/auth/rotate.ts');
  viewer.press('&', '\x15', '\r');
  await viewer.shows('not: only Edit', '\n       is found too late.');
});

test('what is pasted presses no key, and is typed where a line is typed into', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('running 2m14');
  // The terminal is asked to tell it apart.
  expect(viewer.stdout.written).toContain('\x1b[?2004h');
  viewer.press('\x1b[200~zXq\ny\x1b[201~');
  await viewer.shows('what was pasted is no key', '1 plan', 'not: Kill');
  viewer.press('/', '\x1b[200~hash is\n compared\x1b[201~');
  await viewer.shows('hash is compared');
  await viewer.close();
  expect(viewer.stdout.written.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(
    viewer.stdout.written.lastIndexOf('\x1b[?2004h'),
  );
});

test('every panel has the whole screen with z, and gives it back', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('3.2 Rotate');
  viewer.press('1', 'z');
  await viewer.shows('2.3 Token model', '4.2 e2e: login', 'not: 2 iterations');
  viewer.press('2');
  await viewer.shows('iter', 'exit code 1 without', '21:28 → 22:03');
  // Panels without a place of their own on a small screen are there all the same.
  viewer.press('z', '4');
  await viewer.shows('4 vitals', 'limit 8G', 'not: 1 plan');
  viewer.press('3');
  await viewer.shows('3 commits', 'Do 3.1 PKCE verifier');
  viewer.press('5');
  await viewer.shows('1 plan', '2 iterations', 'agent log');
});

test('opens the log of an earlier attempt, and comes back', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const earlier = new AgentOutput('2026-11-21T21:00:00.000Z').init().text('This was iteration 7.').result('done');
  await writeOutput(day.folder, { iteration: 7, attempt: 1 }, earlier.bytes);
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('running 2m14');
  viewer.press('2', 'j', 'j', '\r');
  await viewer.shows('receipt of iteration 7', '✓ completed', 'Do 3.1 PKCE verifier');
  viewer.press('\r');
  await viewer.shows('iter 7  ended', 'This was iteration 7.');
  viewer.press(']');
  await viewer.shows('iter 8  following', 'running 2m14');
  viewer.press('[');
  await viewer.shows('This was iteration 7.');
  viewer.press('\x1b');
  await viewer.shows('iter 8  following');
});

test.each([
  ['scrolled up', ['k', 'k']],
  ['went to the beginning', ['g']],
  ['searches', ['/', ...'rotating', '\r']],
  ['filters', ['&', ...'plan', '\r']],
])('whoever %s stays in that log when the next iteration begins, until f', async (_, keys) => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const next = new AgentOutput('2026-11-21T23:00:00.000Z').init().text('This is iteration 9, with a plan.');
  await writeOutput(day.folder, { iteration: 9, attempt: 1 }, next.bytes);
  const viewer = await openViewer({ ...day, columns: 120, rows: 40 });
  await viewer.shows('running 2m14', 'iter 8  following');
  viewer.press(...keys);
  await viewer.shows('I read the plan first.');
  await appendEvents(runFiles(day.folders, RUN).journal, runningEnds().starts(9, 1, 6).events);
  await viewer.shows('iter 8  ', 'iter 9 runs: f follows', 'I read the plan first.', 'not: This is iteration 9');
  viewer.press('f');
  await viewer.shows('iter 9  following', 'This is iteration 9');
});

test('whoever is back at the end of the newest log goes along with what begins', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('running 2m14');
  viewer.press('k', 'k');
  await viewer.shows('2 lines below');
  viewer.press('j', 'j');
  await viewer.shows('iter 8  following');
  await appendEvents(runFiles(day.folders, RUN).journal, runningEnds().starts(9, 1, 6).events);
  await viewer.shows('iter 9  following');
});

test('commands go to the supervisor; what is lost is named, and agreed to with y only', async () => {
  await using folder = await makeTemporaryFolder();
  const day = await layOutEvents(folder.path, workingDay().events);
  await writeOutput(day.folder, REF, runningOutput('2026-11-21T22:44:13.000Z').bytes);
  const asked: unknown[] = [];
  const server = await startControlServer(join(folder.path, 's'), async ({ command, args }) => {
    asked.push({ command, ...args });
    return { ok: true, message: `took ${command}` };
  });
  onTestFinished(() => server.close());
  const lock = await acquireLock(day.folders.lock, { run: RUN, socketPath: server.path });
  if (lock.ok) onTestFinished(lock.release);

  const viewer = await openViewer({ ...day, now: Date.parse('2026-11-21T22:48:29.000Z') });
  await viewer.shows('3 files uncommitted');
  viewer.press('x');
  await viewer.shows('Stop iteration 8?', 'of work, ≈$0.24, 3 uncommitted files', '▸ n  no, let it run');
  viewer.press('x', '\r');
  await viewer.shows('not: Stop iteration 8?');
  viewer.press('X', 'y');
  await viewer.shows('took kill');
  viewer.press('p');
  await viewer.shows('took pause');
  viewer.press('+');
  await viewer.shows('took set_max');
  viewer.press('c');
  await viewer.shows('the run waits for nothing');
  viewer.press('q');
  await viewer.shows('Quit the viewer', '▸ l  leave it running');
  viewer.press('s');
  await viewer.ended;
  expect(asked).toEqual([
    { command: 'kill', attempt: REF },
    { command: 'pause' },
    { command: 'set_max', max: 31 },
    { command: 'stop', when: 'now', attempt: null },
  ]);
});

test('^C twice leaves, and the run goes on', async () => {
  const viewer = await openViewer(await layOutWorkingDay(await temporaryFolder()));
  viewer.press('\x03');
  await viewer.shows('Quit the viewer');
  viewer.press('\x03');
  await viewer.ended;
});

test('after a stop it asks how to go on, and rings', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer(day);
  await viewer.shows('RUNNING');
  const story = runningEnds().tell({
    type: 'paused',
    reason: { kind: 'after_stop', message: 'attempt 8.1: stopped by you', help: null, headlessExit: null },
  });
  await appendEvents(runFiles(day.folders, RUN).journal, story.events);
  await viewer.shows('was stopped', 'stay paused for now', 'the next iteration');
  viewer.press('\x1b');
  await viewer.shows('PAUSED', 'not: How does the run go on?', 'p asks how to go on');
  viewer.press('p');
  await viewer.shows('How does the run go on?');
});

test('the output of the running command is live below its call', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const live = join(day.folder, 'live.out');
  await writeFile(live, 'PASS one\nprogress 10%\rprogress 20%');
  const viewer = await openViewer({
    ...day,
    columns: 80,
    rows: 24,
    liveOutput: {
      newest: async () => ({ name: 'live.out', startedAtMs: day.now, state: 'running' }),
      open: async () => openRegular(live),
    },
  });
  await viewer.shows('running 2m14, live:', 'PASS one', 'progress 20%', 'not: progress 10%');
  await appendFile(live, '\rprogress 30%\n\x1b]0;title\x07\x1b[2JFAIL two\n');
  await viewer.shows('progress 30%', '       FAIL two', 'not: progress 20%');
});

test('a supervisor that died is started again', async () => {
  const day = await layOutEvents(await temporaryFolder(), workingDay().events);
  let recovered = 0;
  const viewer = await openViewer({
    ...day,
    now: Date.parse('2026-11-21T22:48:29.000Z'),
    recover: async () => {
      recovered += 1;
      await supervise(day.folders);
    },
  });
  await viewer.shows('▶ RUNNING');
  await waitFor(() => recovered, { what: 'the viewer to start the supervisor again' });
  // Before the lock goes, which would be another death.
  await viewer.close();
  expect(recovered).toBe(1);
});

test('hostile text leaves the frame whole', async () => {
  const events = new Day().begin();
  const nasty = `\x1b[2J\x1b]0;owned\x07\x1b[31mred\u202eevil 🧑🏽‍🚀👩‍👩‍👧 漢字 \t tab \x9b5m ${'e\u0301\u0301\u0301'.repeat(50)}`;
  events.attempt({ iteration: 1, seconds: 60, done: 0, tasks: 1 }, 'crashed', { message: nasty, warnings: [nasty] });
  events.tell({
    type: 'commits_seen',
    head: 'f'.repeat(40),
    commits: [{ sha: 'f'.repeat(40), subject: nasty, at: events.at }],
  });
  events.tell({ type: 'warned', message: nasty }).starts(2, 1, 1);
  const day = await layOutEvents(await temporaryFolder(), events.events);
  await supervise(day.folders);
  const output = new AgentOutput(events.at)
    .init()
    .text(nasty)
    .text('x'.repeat(1_000_000))
    .tool(nasty, { command: nasty }, { text: `${nasty}\n${nasty}` })
    .bash(`echo ${nasty}`, nasty)
    .text('the end');
  await writeOutput(day.folder, { iteration: 2, attempt: 1 }, output.bytes);
  const plan = {
    source: 'plan' as const,
    tasks: [nasty, 'plain'].map((text, line) => ({ text, done: false, depth: 0, line })),
  };
  for (const [columns, rows] of [
    [120, 40],
    [80, 24],
  ] as const) {
    const viewer = await openViewer({
      ...day,
      columns,
      rows,
      now: Date.parse(events.at),
      workspace: {
        readPlan: async () => plan,
        watchPlan: () => ({ close: async () => undefined }),
        uncommitted: async () => [{ path: nasty, added: 1, removed: 1 }],
      },
    });
    const rowsOf = (await viewer.shows('the end', 'plain')).split('\n');
    expect(rowsOf[0]).toMatch(/^▶ RUNNING/);
    expect(rowsOf.find((row) => row.includes('1 plan'))).toMatch(/2 iterations/);
    expect(rowsOf.find((row) => row.includes('5 agent log'))).toMatch(/^[━─] 5 agent log/);
    expect(rowsOf.at(-1)).toMatch(/^ p pause .* q quit$/);
    expect(rowsOf.join('')).not.toMatch(/owned|\u202e|\u200d/u);
    expect(viewer.stdout.written).not.toMatch(/owned|\x1b\[2J|\x9b/);
    await viewer.close();
  }
});

test('a storm of resizes ends in the frame of the last size', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const expected = await openViewer({ ...day, columns: 80, rows: 24 });
  const frame = await expected.shows('running 2m14', '3.2 Rotate');
  const viewer = await openViewer({ ...day, columns: 160, rows: 45 });
  await viewer.shows('running 2m14', '3.2 Rotate');
  for (const [columns, rows] of [
    [100, 30],
    [41, 11],
    [39, 9],
    [200, 60],
    [59, 20],
    [120, 12],
    [80, 24],
  ] as const) {
    viewer.resize(columns, rows);
  }
  await waitFor(async () => (await viewer.text()) === frame, {
    what: 'the frame of 80×24',
    detail: () => viewer.text(),
  });
});

test('NO_COLOR leaves no colour, and every state has a word', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, environment: { NO_COLOR: '1' } });
  await viewer.shows('✓ completed', '! oom', '▸ running');
  expect(viewer.stdout.written).not.toMatch(/\x1b\[[0-9;]*3[0-9]m/);
});

test('the help says why a key does nothing, and closes', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 120, rows: 40 });
  viewer.press('?');
  await viewer.shows('The run', 'try now: end a wait (the run waits for nothing)', 'Moving');
  viewer.press('q');
  await viewer.shows('not: Moving', '1 plan');
});

test('a run that does not exist is an error, and the terminal is left alone', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'acme-api-1', 'runs'), { recursive: true });
  const { folders } = await layOutEvents(await temporaryFolder(), []);
  await expect(openViewer({ folders, now: 0 })).rejects.toThrow();
});

type SealedEvent = Extract<Event, { type: 'attempt_sealed' }>;

/** The running attempt of the working day is over; what follows can be told. */
function runningEnds(): Day {
  const { receipt } = workingDay().events.findLast((event) => event.type === 'attempt_sealed') as SealedEvent;
  const story = new Day().pass(7_000);
  const survey = story.survey(6);
  return story.tell({ type: 'attempt_sealed', ...REF, receipt: { ...receipt, ...REF }, before: survey, survey });
}

async function appendEvents(journal: string, events: readonly Event[]): Promise<void> {
  const lines = events.map((event, index) => `${JSON.stringify({ v: 1, seq: 1_000 + index, ...event })}\n`);
  await appendFile(journal, lines.join(''));
}

test('a search goes through all of a long log, and g and G to its ends', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const output = new AgentOutput('2026-11-21T21:00:00.000Z').init().text('This was the first word.');
  for (let index = 0; index < 6_000; index += 1) output.text(`number ${index} ${'x'.repeat(400)}`, 0);
  await writeOutput(day.folder, { iteration: 7, attempt: 1 }, output.text('This was the last word.').bytes);
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('running 2m14');
  viewer.press('[', '5');
  await viewer.shows('This was the last word.', 'iter 7  ended');
  viewer.press('/', ...'first word', '\r');
  await viewer.shows('This was the first word.', 'below', 'not: last word');
  viewer.press('n');
  await viewer.shows('no further first word above');
  viewer.press('G');
  await viewer.shows('This was the last word.', 'iter 7  ended');
  viewer.press('g');
  await viewer.shows('This was the first word.', 'number 3 ', 'more than');
  viewer.press('/', ...'number 4321 ', '\r');
  await viewer.shows('number 4321 ', 'number 4318 ', 'not: first word');
  viewer.press('f');
  await viewer.shows('running 2m14', 'iter 8  following');
});

test('on too small a terminal no key does what nobody sees, and q leaves', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 30, rows: 8 });
  await viewer.shows('needs 40×10');
  viewer.press('X', 'y', '?');
  viewer.resize(80, 24);
  await viewer.shows('running 2m14', 'not: Kill', 'not: pause after this iteration');
  viewer.resize(30, 8);
  await viewer.shows('q quits');
  viewer.press('q');
  await viewer.ended;
});

test('a search from the plan says that it is the log that is searched, and finds what is folded once it is unfolded', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const lines = Array.from({ length: 30 }, (_, index) => (index === 20 ? 'a star' : `line ${index}`));
  const more = new AgentOutput(new Date(day.now).toISOString()).bash('npm run list', lines.join('\n'));
  await appendOutput(day.folder, 8, more.bytes);
  const viewer = await openViewer({ ...day, columns: 80, rows: 24 });
  await viewer.shows('~ 2', 'more lines');
  viewer.press('1', '/');
  await viewer.shows('search the log:');
  viewer.press(...'star', '\r');
  await viewer.shows('nothing in the folded log has star: Enter unfolds, n searches again');
  viewer.press('\r');
  await viewer.shows('in full', 'line 29');
  viewer.press('n');
  await viewer.shows('a star', '/star');
});
