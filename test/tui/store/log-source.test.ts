import { expect, test } from 'vitest';
import { LogSource } from '../../../src/tui/store/log-source.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { temporaryFolder } from '../../journal/temporary-folder.ts';
import { writeOutput } from '../../viewer/run-folder.ts';
import { AgentOutput, SESSION } from '../agent-output.ts';
import { appendOutput } from '../working-day.ts';

const REF = { iteration: 1, attempt: 1 };
const AT = '2026-11-21T10:00:00.000Z';

function open(runFolder: string) {
  const source = new LogSource({
    runFolder,
    ref: REF,
    sessionId: SESSION,
    clock: () => Date.parse(AT),
    timeZone: 'UTC',
  });
  const stop = new AbortController();
  const finished = new AbortController();
  const following = source.follow(stop.signal, finished.signal, () => undefined);
  return { source, stop, finished, following };
}

const textsOf = (source: LogSource) => source.window.rows.map(({ text }) => text);

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
  while (source.window.hasOlder) await source.loadOlder(() => undefined);
  const numbers = textsOf(source)
    .filter((text) => text.startsWith('number'))
    .map((text) => Number(text.split(' ')[1]));
  expect(numbers).toEqual(Array.from({ length: 6_000 }, (_, index) => index));
  const ids = source.window.rows.map(({ id }) => id);
  expect(ids.every((id, index) => index === 0 || id === (ids[index - 1] ?? 0) + 1)).toBe(true);
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
  await source.loadOlder(() => undefined);
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
