import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JournalSource } from '../../../src/tui/store/journal-source.ts';
import { Story } from '../../core/story.ts';
import { temporaryFolder } from '../../harness/temporary.ts';

it('goes on where it was when somebody who was told has failed', async () => {
  const story = new Story().starts().exits().seals('completed');
  const lines = story.events.map((event, index) => `${JSON.stringify({ v: 1, seq: index + 1, ...event })}\n`);
  const path = join(await temporaryFolder(), 'events.ndjson');
  await writeFile(path, lines.slice(0, 3).join(''));
  const source = await JournalSource.open(path);
  const stop = new AbortController();
  await appendFile(path, lines.slice(3, 5).join(''));
  const failing = source.follow(stop.signal, () => {
    throw new Error('it cannot be shown');
  });
  await expect(failing).rejects.toThrow('it cannot be shown');
  await appendFile(path, lines.slice(5).join(''));
  await source.follow(stop.signal, () => {
    if (source.state.at === story.state.at) stop.abort();
  });
  expect(source.state).toMatchObject(JSON.parse(JSON.stringify(story.state)));
});
