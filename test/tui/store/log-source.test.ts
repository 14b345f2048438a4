import { expect, test } from 'vitest';
import type { LogRow } from '../../../src/tui/store/log-row.ts';
import { LogSource, type LogSourceOptions } from '../../../src/tui/store/log-source.ts';
import { temporaryFolder } from '../../harness/temporary.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { writeOutput } from '../../viewer/run-folder.ts';
import { AgentOutput, SESSION } from '../agent-output.ts';
import { appendOutput } from '../working-day.ts';

const REF = { iteration: 1, attempt: 1 };
const AT = '2026-11-21T10:00:00.000Z';

function open(runFolder: string, change: Partial<LogSourceOptions> = {}) {
  const source = new LogSource({
    runFolder,
    ref: REF,
    sessionId: SESSION,
    clock: () => Date.parse(AT),
    timeZone: 'UTC',
    ...change,
  });
  const stop = new AbortController();
  const finished = new AbortController();
  const following = source.follow(stop.signal, finished.signal, () => undefined);
  return { source, stop, finished, following };
}

const textsOf = (source: LogSource) => source.window.rows.map(({ text }) => text);
/** The numbers of the lines in memory that have one. */
const numbersOf = (source: LogSource) =>
  textsOf(source).flatMap((text) => (text.startsWith('number ') ? [Number(text.split(' ')[1])] : []));
const isRun = (numbers: readonly number[]) =>
  numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
const NEVER = new AbortController().signal;
const SCROLLED = { atEnd: false, filtered: false };

/** A log of some megabytes: `count` texts, each a line with its number. */
async function longLog(folder: string, count: number): Promise<void> {
  const output = new AgentOutput(AT).init();
  for (let index = 0; index < count; index += 1) output.text(`number ${index} ${'x'.repeat(300)}`);
  await writeOutput(folder, REF, output.bytes);
}

test('a long log opens at its end, and pages lead to its beginning without a hole', async () => {
  const folder = await temporaryFolder();
  await longLog(folder, 6_000);
  const { source, finished, following } = open(folder);
  finished.abort();
  await following;
  expect(source.window.hasOlder).toBe(true);
  expect(source.window.rows.length).toBeLessThan(1_000);
  expect(textsOf(source).at(-1)).toMatch(/^number 5999 /);
  while (source.window.hasOlder) await source.loadOlder();
  expect(numbersOf(source)).toEqual(Array.from({ length: 6_000 }, (_, index) => index));
  const ids = source.window.rows.map(({ id }) => id);
  expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0))).toBe(true);
});

test('what is appended comes in, and memory stays bounded while the end is followed', async () => {
  const folder = await temporaryFolder();
  const { source, stop, following } = open(folder);
  for (let batch = 0; batch < 4; batch += 1) {
    const output = new AgentOutput(AT);
    for (let index = 0; index < 2_000; index += 1) output.text(`batch ${batch} number ${index}`);
    await appendOutput(folder, 1, output.bytes);
  }
  await waitFor(() => textsOf(source).at(-1) === 'batch 3 number 1999', { what: 'the last line' });
  expect(source.window.rows.length).toBeLessThan(6_000);
  expect(source.window.hasOlder).toBe(true);
  await source.loadOlder();
  const texts = textsOf(source);
  const firstBatch = texts.indexOf('batch 3 number 0');
  expect(texts[firstBatch - 1]).toBe('batch 2 number 1999');
  expect(new Set(texts).size).toBe(texts.length);
  stop.abort();
  await following;
});

test('lines of another session, broken ones and an attempt without a log are no trouble', async () => {
  const folder = await temporaryFolder();
  const { source, stop, following } = open(folder);
  await waitFor(() => !source.window.isOpening, { what: 'the log to be opened' });
  expect(source.window.rows).toEqual([]);
  const forged = new AgentOutput(AT).text('forged').bytes.toString().replaceAll(SESSION, 'somebody-else');
  await appendOutput(folder, 1, Buffer.from(`${forged}{"type": broken\n`));
  await appendOutput(folder, 1, new AgentOutput(AT).text('ours').bytes);
  await waitFor(() => textsOf(source).includes('ours'), { what: 'our line' });
  expect(textsOf(source)).toEqual(['ours']);
  stop.abort();
  await following;
});

test('the beginning is there at once, and pages lead back to the end without a hole', async () => {
  const folder = await temporaryFolder();
  await longLog(folder, 60_000);
  const { source, stop, following } = open(folder);
  await waitFor(() => !source.window.isOpening, { what: 'the log to be opened' });
  source.look(SCROLLED);
  await source.toBeginning();
  expect(numbersOf(source)[0]).toBe(0);
  expect(source.window).toMatchObject({ hasOlder: false, hasNewer: true });
  while (source.window.hasNewer) {
    await source.loadNewer();
    expect(isRun(numbersOf(source))).toBe(true);
    expect(source.window.rows.length).toBeLessThan(30_000);
  }
  expect(numbersOf(source).at(-1)).toBe(59_999);
  source.look({ atEnd: true, filtered: false });
  await appendOutput(folder, 1, new AgentOutput(AT).text('number 60000 is new').bytes);
  await waitFor(() => numbersOf(source).at(-1) === 60_000, { what: 'what is appended' });
  expect(isRun(numbersOf(source))).toBe(true);
  stop.abort();
  await following;
});

test('somebody who looks far back is not flooded, and finds the end where it is', async () => {
  const folder = await temporaryFolder();
  await longLog(folder, 60_000);
  const { source, stop, following } = open(folder);
  await waitFor(() => !source.window.isOpening, { what: 'the log to be opened' });
  source.look(SCROLLED);
  for (let page = 0; page < 100; page += 1) await source.loadOlder();
  expect(source.window.rows.length).toBeLessThan(25_000);
  expect(source.window).toMatchObject({ hasOlder: true, hasNewer: true });
  expect(isRun(numbersOf(source))).toBe(true);
  await appendOutput(folder, 1, new AgentOutput(AT).text('number 60000 is new').bytes);
  source.look({ atEnd: true, filtered: false });
  await source.toEnd();
  await waitFor(() => numbersOf(source).at(-1) === 60_000, { what: 'the end' });
  expect(source.window.hasNewer).toBe(false);
  expect(isRun(numbersOf(source))).toBe(true);
  stop.abort();
  await following;
});

test('a search finds lines that are not in memory, up and down, and the window goes there', async () => {
  const folder = await temporaryFolder();
  await longLog(folder, 20_000);
  const { source, finished, following } = open(folder);
  finished.abort();
  await following;
  const number = (wanted: number) => (row: LogRow) => row.text.startsWith(`number ${wanted} `);
  const textAt = (id: number | null) => source.window.rows.find((row) => row.id === id)?.text;
  const far = await source.search(number(123), -1, NEVER);
  expect(textAt(far)).toMatch(/^number 123 /);
  expect(isRun(numbersOf(source))).toBe(true);
  const back = await source.search(number(15_000), 1, NEVER);
  expect(textAt(back)).toMatch(/^number 15000 /);
  expect(await source.search(number(99_999), 1, NEVER)).toBeNull();
  expect(await source.search(number(99_999), -1, NEVER)).toBeNull();
  // A search that finds nothing leaves the window where it is.
  expect(textAt(back)).toMatch(/^number 15000 /);
  expect(await source.search(number(123), -1, AbortSignal.abort())).toBeNull();
  await source.toEnd();
  expect(numbersOf(source).at(-1)).toBe(19_999);
});

test('unfolded, an answer is there to its last line, a thought and a long command, too', async () => {
  const folder = await temporaryFolder();
  const answer = Array.from({ length: 100 }, (_, index) => `answer ${index}`).join('\n');
  const output = new AgentOutput(AT).init().think('first\nsecond').bash('cat <<EOF\none\nEOF', answer);
  await writeOutput(folder, REF, output.bytes);
  const texts = async (unfolded: boolean) => {
    const { source, finished, following } = open(folder, { unfolded });
    finished.abort();
    await following;
    return textsOf(source);
  };
  const folded = await texts(false);
  expect(folded.filter((text) => text.startsWith('answer'))).toHaveLength(10);
  expect(folded).toContain('~ 90 more lines');
  const unfolded = await texts(true);
  expect(unfolded.filter((text) => text.startsWith('answer'))).toHaveLength(100);
  for (const line of ['first', 'second', 'cat <<EOF', 'one', 'EOF']) expect(unfolded).toContain(line);
});

test('a last line that was cut is looked at when the attempt is over, wherever somebody was meanwhile', async () => {
  const folder = await temporaryFolder();
  await longLog(folder, 6_000);
  await appendOutput(folder, 1, Buffer.from(new AgentOutput(AT).text('the very last').bytes.toString().trimEnd()));
  const { source, finished, following } = open(folder);
  finished.abort();
  await following;
  expect(textsOf(source).at(-1)).toBe('the very last');
  await source.toBeginning();
  await source.toEnd();
  expect(textsOf(source).at(-1)).toBe('the very last');
});
