// What a person is told before a start that stops nothing. What stops one stands in e2e/bad-input.slow.test.ts.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findPlace } from '../../../src/commands/place.ts';
import { preflight } from '../../../src/commands/start/preflight.ts';
import { OPTIONS } from '../../core/story.ts';
import { type Desk, openDesk } from '../typed.ts';

async function notes(desk: Desk): Promise<readonly string[]> {
  const place = await findPlace(desk.context());
  const environment = { ...desk.environment, ANTHROPIC_API_KEY: 'made-up' };
  const options = { ...OPTIONS, sandbox: 'host' } as const;
  return (await preflight({ ...place, options, environment }, null)).warnings;
}

test('a detached HEAD is told, and what to do about it', async () => {
  const desk = await openDesk();
  const git = (...words: string[]) =>
    execa('git', ['-c', 'user.name=Me', '-c', 'user.email=me@localhost', ...words], { cwd: desk.repository });
  await writeFile(join(desk.repository, 'file'), 'text\n');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Start');
  const note =
    'HEAD is detached, so commits will be on no branch; make one first with: git checkout -b ralph/your-work';
  expect(await notes(desk)).not.toContain(note);
  await git('checkout', '--quiet', '--detach');
  expect(await notes(desk)).toContain(note);
});
