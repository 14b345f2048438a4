import { utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { digestOf, StreamReader } from '../../src/agent/stream/stream-reader.ts';
import { writeDigest } from '../../src/journal/digest-cache.ts';
import { attemptFiles } from '../../src/journal/folders.ts';
import { acquireLock } from '../../src/journal/lock.ts';
import { arrivalSlices, arrivedAt } from '../../src/viewer/arrival-times.ts';
import { readAttempt } from '../../src/viewer/attempt-reading.ts';
import { openRun } from '../../src/viewer/live-run.ts';
import { OPEN_PLAN, Story } from '../core/story.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { firstLines, layOutRun, RUN, sample, transcript, writeOutput, writeSamples } from './run-folder.ts';

const FIRST = { iteration: 1, attempt: 1 };
const T0 = '2026-11-21T10:00:00.000Z';
const T1 = '2026-11-21T10:00:01.000Z';
const T2 = '2026-11-21T10:00:02.000Z';
const LATE = '2026-11-21T11:00:00.000Z';

test('arrival times', () => {
  const samples = [sample(T0, 0), sample(T1, 10), sample(T2, 10), sample(LATE, 25)];
  expect(arrivedAt(samples, 0)).toBe(T1);
  expect(arrivedAt(samples, 9)).toBe(T1);
  expect(arrivedAt(samples, 10)).toBe(LATE);
  expect(arrivedAt(samples, 25)).toBeNull();
  expect(arrivalSlices(samples, 0, 30, 'last')).toEqual([
    { end: 10, at: T1 },
    { end: 25, at: LATE },
    { end: 30, at: 'last' },
  ]);
  expect(arrivalSlices(samples, 12, 20, 'last')).toEqual([{ end: 20, at: LATE }]);
  expect(arrivalSlices([], 5, 5, 'last')).toEqual([]);
});

test("a running tool's start is known from arrival times where the stream has none", async () => {
  const { folder } = await layOutRun(await temporaryFolder(), 'acme', new Story().starts());
  // The first Bash call of the old CLI's recording is on a line without a time.
  const whole = await transcript('tools.v2.1.197');
  const lines = whole.toString().split('\n');
  const call = lines.findIndex((line) => line.includes('"tool_use"') && line.includes('"Bash"'));
  const before = firstLines(whole, call);
  const upToCall = firstLines(whole, call + 1);
  await writeOutput(folder, FIRST, upToCall);
  await writeSamples(folder, FIRST, [
    sample(T1, before.length),
    sample(T2, upToCall.length),
    sample(LATE, upToCall.length),
  ]);
  const { digest } = await readAttempt(folder, FIRST, null);
  expect(digest.runningTools.map(({ name, startedAt }) => [name, startedAt])).toContainEqual(['Bash', T2]);
});

test('a cache beside the log changes nothing but the work, a foreign one is left alone', async () => {
  const { folder } = await layOutRun(await temporaryFolder(), 'acme', new Story().starts());
  const whole = await transcript('tools');
  const { digest: path } = attemptFiles(folder, FIRST);
  await writeOutput(folder, FIRST, whole);
  const expected = digestOf(whole);

  const reader = new StreamReader({ wantEntries: false });
  reader.feed(firstLines(whole, 9));
  await writeDigest(path, reader.snapshot());
  expect((await readAttempt(folder, FIRST, null)).digest).toEqual({
    ...expected,
    lastAt: expect.anything(),
    result: { ...expected.result, at: expect.anything() },
  });

  await writeDigest(path, { offset: whole.length + 1, digest: { ...expected, toolCalls: 4711 } });
  expect((await readAttempt(folder, FIRST, null)).digest.toolCalls).toBe(expected.toolCalls);

  await writeFile(path, '{"offset": 3, "digest": {"schema": 0}}');
  expect((await readAttempt(folder, FIRST, null)).digest.toolCalls).toBe(expected.toolCalls);
});

test('a running attempt: what it does, its memory, its output', async () => {
  const story = new Story().attempt('completed', { contextWindowTokens: 200_000 }).tell({
    type: 'attempt_starting',
    iteration: 2,
    attempt: 1,
    sandboxName: 'x',
    sessionId: '4cd8d0ee-6ccd-46d6-b7e4-fdd24e0ad9f5',
    promptHash: 'p',
    argv: [],
    survey: OPEN_PLAN,
    memoryLimitBytes: 8000,
  });
  const { folders, folder } = await layOutRun(await temporaryFolder(), 'acme', story);
  const ref = { iteration: 2, attempt: 1 };
  const output = firstLines(await transcript('tools'), 8);
  await writeOutput(folder, ref, output);
  await utimes(attemptFiles(folder, ref).raw, new Date(T2), new Date(T2));
  await writeSamples(folder, ref, [sample(T0, 0, 5000), sample(T1, output.length, 3000)]);

  const run = await openRun(folders, RUN);
  expect(run.state.iteration).toBe(2);
  expect(run.supervisorAlive).toBe(false);
  expect(run.live).toMatchObject({
    lastOutputAt: T2,
    vitals: { memoryBytes: 3000, at: T1 },
    peakMemoryBytes: 5000,
    contextWindowTokens: 200_000,
    costBasis: 'estimated',
  });
  expect(run.live?.runningTools).toEqual([
    { name: 'Bash', summary: expect.any(String), startedAt: expect.any(String) },
  ]);
});

test('an attempt without any file yet is no error, a cut sample is left out', async () => {
  const { folders, folder } = await layOutRun(await temporaryFolder(), 'acme', new Story().starts());
  expect((await openRun(folders, RUN)).live).toMatchObject({ lastOutputAt: null, vitals: null, runningTools: [] });
  await writeSamples(folder, FIRST, [sample(T0, 0)]);
  await writeFile(attemptFiles(folder, FIRST).vitals, '{"at": "2026-', { flag: 'a' });
  expect((await openRun(folders, RUN)).live?.vitals?.at).toBe(T0);
});

test('the supervisor is alive while somebody holds the lock for this run', async () => {
  const { folders } = await layOutRun(await temporaryFolder(), 'acme', new Story().starts());
  const lock = await acquireLock(folders.lock, { run: RUN });
  expect((await openRun(folders, RUN)).supervisorAlive).toBe(true);
  if (lock.ok) await lock.release();
  await acquireLock(folders.lock, { run: 'another' });
  expect((await openRun(folders, RUN)).supervisorAlive).toBe(false);
});
