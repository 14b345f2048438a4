// What the pane says to `u`: its lines are cut where they end, so the way back stands elsewhere.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findPlace } from '../../../src/commands/place.ts';
import { undoPort } from '../../../src/commands/view/undo.ts';
import { stateOf } from '../../../src/viewer/find-run.ts';
import { Story } from '../../core/story.ts';
import { RUN } from '../../viewer/run-folder.ts';
import { openDesk } from '../typed.ts';

test('the answer fits a line of 80 cells, and the receipt it names has the command', async () => {
  const desk = await openDesk();
  const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' };
  const git = async (...argv: string[]) =>
    (await execa('git', argv, { cwd: desk.repository, env: { HOME: desk.home, ...who } })).stdout;
  const commits: string[] = [];
  for (const text of ['before', 'after']) {
    await writeFile(join(desk.repository, 'file'), text);
    await git('add', '--all');
    await git('commit', '--quiet', '--message', text);
    commits.push(await git('rev-parse', 'HEAD'));
  }
  const [baseCommit = null, headCommit = null] = commits;
  const { folders } = await desk.run(new Story().attempt('completed', { baseCommit, headCommit }));
  const context = desk.context();
  const port = undoPort(context, await findPlace(context));
  expect(await port.perform()).toMatchObject({ ok: false });
  expect(await port.plan(null)).toMatchObject({ lines: expect.arrayContaining(['takes 1 commit from main:']) });
  const { ok, message } = await port.perform();
  expect([ok, message]).toEqual([true, 'undone; its receipt says where it is kept (Enter on the iteration)']);
  expect(message.length).toBeLessThan(80);
  const [receipt] = (await stateOf(folders, RUN))?.receipts ?? [];
  expect(receipt?.undone?.fetchCommand).toContain(folders.shadowGit);
});
