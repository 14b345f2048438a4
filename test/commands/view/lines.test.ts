// `--plain`: a run as lines, followed while it goes on.
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findRunPlace } from '../../../src/commands/place.ts';
import { viewCommand } from '../../../src/commands/view/view.ts';
import type { Event } from '../../../src/core/events.ts';
import { openJournal } from '../../../src/journal/append.ts';
import { attemptFiles, runFiles } from '../../../src/journal/folders.ts';
import { acquireLock } from '../../../src/journal/lock.ts';
import { Story } from '../../core/story.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { AgentOutput } from '../../tui/agent-output.ts';
import { RUN, writeOutput } from '../../viewer/run-folder.ts';
import { openDesk, type TypeOptions } from '../typed.ts';

const SECOND = { iteration: 2, attempt: 1 };
const AT = '2026-11-21T10:10:00.000Z';

/** A run in its second iteration, watched; what happens next is told by the test. */
async function watchedRun(options: TypeOptions = {}, hasSupervisor = true) {
  const desk = await openDesk();
  const story = new Story().attempt('completed').starts();
  const { folders, folder } = await desk.run(story);
  await writeOutput(folder, SECOND, new AgentOutput(AT).init().text('This was there before.').bytes);
  const lock = hasSupervisor ? await acquireLock(folders.lock, { run: RUN }) : null;
  let printed = '';
  const context = desk.context({ ...options, onOutput: (text) => (printed += text) });
  const ended = viewCommand(context, { run: null, plain: true });
  const journal = openJournal<Event>(runFiles(folders, RUN).journal);
  let told = story.events.length;
  return {
    ended,
    context,
    folders,
    shows: (text: string) => waitFor(() => printed.includes(text), { what: text, detail: () => printed }),
    printed: () => printed,
    append: (output: AgentOutput) => appendFile(attemptFiles(folder, SECOND).raw, output.bytes),
    /** The story goes on in the journal. */
    tell: (act: (story: Story) => Story) => {
      act(story);
      for (const event of story.events.slice(told)) journal.append(event);
      told = story.events.length;
    },
    close: async () => {
      journal.close();
      if (lock?.ok) await lock.release();
    },
  };
}

test('first how it stands, then facts and the agent’s words and calls as they come, to the end of the run', async () => {
  const run = await watchedRun();
  await run.shows('▶ RUNNING');
  await run.append(new AgentOutput(AT).bash('npm test', 'PASS\nall\nof\nit').text('Done with it.'));
  await run.shows('Bash   npm test');
  await run.shows('text   Done with it.');
  run.tell((story) =>
    story
      .tell({
        type: 'commits_seen',
        head: 'f'.repeat(40),
        commits: [{ sha: 'f'.repeat(40), subject: 'A \x1b[31mred', at: AT }],
      })
      .exits()
      .seals('completed')
      .tell({ type: 'finished', reason: 'done', message: 'all done', nextCommand: null }),
  );
  expect(await run.ended).toBe(0);
  expect(run.printed()).toMatch(/run {4}commit fffffff A red\n/);
  expect(run.printed()).toMatch(/run {4}iteration 2 completed \(.*\)\n/);
  expect(run.printed()).toMatch(/run {4}finished \(done\): all done\n/);
  // What was there before is in the log, what tools answer, too.
  expect(run.printed()).not.toContain('This was there before.');
  expect(run.printed()).not.toContain('PASS');
  expect(run.printed()).not.toContain('\x1b');
  await run.close();
});

test('a lock that cannot be read any more is told in one line', async () => {
  const run = await watchedRun();
  await run.shows('▶ RUNNING');
  const { lock } = run.folders;
  await rm(lock);
  await mkdir(lock);
  await expect(run.ended).rejects.toMatchObject({ name: 'FolderError', code: 'cannot_read' });
  await rm(lock, { recursive: true });
  await run.close();
});

test('whoever stops reading leaves the run alone', async () => {
  const reader = new AbortController();
  const run = await watchedRun({ signal: reader.signal });
  await run.shows('▶ RUNNING');
  reader.abort();
  expect(await run.ended).toBe(0);
  expect(run.printed()).toContain(`run ${RUN} goes on`);
  await run.close();
});

test('a supervisor that died is started again', async () => {
  let recovered = '';
  const reader = new AbortController();
  const run = await watchedRun(
    {
      signal: reader.signal,
      recoverRun: async (_, place) => {
        recovered = place.run;
      },
    },
    false,
  );
  await waitFor(() => recovered === RUN, { what: 'the supervisor to be started again' });
  reader.abort();
  await run.ended;
  await run.close();
});

test('a finished run is told, and that is all', async () => {
  const desk = await openDesk();
  await desk.run(
    new Story().attempt('completed').tell({ type: 'finished', reason: 'done', message: 'all done', nextCommand: null }),
  );
  let printed = '';
  const context = desk.context({ onOutput: (text) => (printed += text) });
  expect((await findRunPlace(context)).run).toBe(RUN);
  expect(await viewCommand(context, { run: null, plain: true })).toBe(0);
  expect(printed).toMatch(/^✓ DONE/);
});
