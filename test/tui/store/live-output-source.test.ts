import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegular } from '../../../src/journal/regular-file.ts';
import { LiveOutputSource } from '../../../src/tui/store/live-output-source.ts';
import { temporaryFolder } from '../../harness/temporary.ts';
import { waitFor } from '../../harness/wait-for.ts';

const REF = { iteration: 1, attempt: 1 };

test('follows one command, then the next, and sanitizes what they print', async () => {
  const folder = await temporaryFolder();
  let name = 'one';
  let state: 'running' | 'ended' = 'running';
  const source = new LiveOutputSource({
    newest: async () => ({ name, startedAtMs: 1, state }),
    open: async (_ref, file) => openRegular(join(folder, file)),
  });
  const stop = new AbortController();
  await writeFile(join(folder, 'one'), `${'early\n'.repeat(30_000)}\x1b[2Jlast\n10%\r20%`);
  const following = source.follow(REF, stop.signal, () => undefined);
  const lines = () => source.output?.lines ?? [];
  await waitFor(() => lines().at(-1) === '20%', { what: 'the end of a long output', intervalMs: 5 });
  expect(lines().length).toBeLessThanOrEqual(201);
  expect(lines().at(-2)).toBe('last');
  await appendFile(join(folder, 'one'), '\r30%\ndone é');
  await waitFor(() => lines().at(-1) === 'done é', { what: 'what was appended', intervalMs: 5 });
  expect(lines().at(-2)).toBe('30%');
  state = 'ended';
  await waitFor(() => source.output?.ended, { what: 'the end of the command', intervalMs: 5 });
  await writeFile(join(folder, 'two'), 'fresh\n');
  name = 'two';
  state = 'running';
  await waitFor(() => lines().at(-1) === 'fresh', { what: 'the next command', intervalMs: 5 });
  expect(lines()).toEqual(['fresh']);
  stop.abort();
  await following;
});
