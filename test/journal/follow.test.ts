import { appendFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { endOf, followJournal, type JournalPosition } from '../../src/journal/follow.ts';
import { readJournal } from '../../src/journal/read.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

const line = (seq: number, note = '') =>
  `${JSON.stringify({ v: 1, seq, type: `event_${seq}`, at: '2026-11-21T10:00:00.000Z', note })}\n`;

async function journalWith(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'events.ndjson');
  await writeFile(path, text);
  return path;
}

/** What has been seen, as it comes. */
function followed(path: string, from?: JournalPosition) {
  const stop = new AbortController();
  const seen: string[] = [];
  const done = (async () => {
    const options = { signal: stop.signal, ...(from === undefined ? {} : { from }) };
    for await (const { events } of followJournal(path, options)) seen.push(...events.map(({ type }) => type));
  })();
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  const until = (last: string) => waitFor(() => seen.at(-1) === last, { what: last });
  return { seen, until };
}

it('goes on behind what was read', async () => {
  const path = await journalWith(line(1) + line(2));
  const { seen, until } = followed(path, endOf(await readJournal(path)));
  await appendFile(path, line(3));
  await until('event_3');
  expect(seen).toEqual(['event_3']);
});

it('a part of a line that is cut off again, as on a full disk, ends nothing and repeats nothing', async () => {
  const path = await journalWith(line(1));
  const { seen, until } = followed(path);
  await until('event_1');
  const { size } = await stat(path);
  for (const seq of [2, 3]) {
    const before = size + (seq - 2) * line(2).length;
    // The reader sees the part, or does not: either way the whole line comes once.
    await appendFile(path, line(seq).slice(0, 30));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await truncate(path, before);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await appendFile(path, line(seq));
    await until(`event_${seq}`);
  }
  expect(seen).toEqual(['event_1', 'event_2', 'event_3']);
});

it('a part that another line took the place of between two looks is read again', async () => {
  const path = await journalWith(line(1));
  const { seen, until } = followed(path);
  await until('event_1');
  await appendFile(path, line(2, 'an event that is lost with its supervisor').slice(0, -20));
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Longer than what was there, in one go: nothing shows that the file was cut.
  await writeFile(path, line(1) + line(2, 'x'.repeat(200)) + line(3), { flag: 'r+' });
  await until('event_3');
  expect(seen).toEqual(['event_1', 'event_2', 'event_3']);
});

it('a line that makes no sense is passed over', async () => {
  const { seen, until } = followed(await journalWith(`${line(1)}no journal\n${line(2)}`));
  await until('event_2');
  expect(seen).toEqual(['event_1', 'event_2']);
});
