// What a person is told before a start that stops nothing. What stops one stands in e2e/bad-input.slow.test.ts.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findPlace } from '../../../src/commands/place.ts';
import { preflight } from '../../../src/commands/start/preflight.ts';
import type { RunOptions } from '../../../src/core/options.ts';
import { OPTIONS } from '../../core/story.ts';
import { type Desk, openDesk } from '../typed.ts';

async function notes(desk: Desk, change: Partial<RunOptions> = {}): Promise<readonly string[]> {
  const place = await findPlace(desk.context());
  const environment = { ...desk.environment, ANTHROPIC_API_KEY: 'made-up' };
  const options: RunOptions = { ...OPTIONS, sandbox: 'host', ...change };
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

test('--push where there is nothing to push to', async () => {
  const desk = await openDesk();
  const note = '--push has no remote to push to; add one with: git remote add origin URL';
  const git = (...words: string[]) => execa('git', words, { cwd: desk.repository });
  await git('checkout', '--quiet', '-b', 'ralph/work');
  expect(await notes(desk)).not.toContain(note);
  expect(await notes(desk, { push: true })).toContain(note);
  await git('remote', 'add', 'origin', '/nowhere/shop.git');
  expect(await notes(desk, { push: true })).not.toContain(note);
});

test('a plan that somebody names is there; without any, an agent may work by its prompt alone', async () => {
  const desk = await openDesk();
  await expect(notes(desk, { planFile: 'TYPO.md' })).rejects.toThrow(
    'there is no TYPO.md; name the plan that there is, or make it with: ralph-tui plan',
  );
  expect(await notes(desk, { planFile: 'TYPO.md', mode: 'plan' })).not.toContain('TYPO.md');
  expect(await notes(desk)).toContain('there is no IMPLEMENTATION_PLAN.md; make one with: ralph-tui plan');
  await writeFile(join(desk.repository, 'TYPO.md'), '- [ ] A task\n');
  expect((await notes(desk, { planFile: 'TYPO.md' })).join()).not.toContain('there is no');
});

test('what is uncommitted may be committed by the agent', async () => {
  const desk = await openDesk();
  const about = (lines: readonly string[]) => lines.filter((line) => line.includes('uncommitted'));
  expect(about(await notes(desk))).toEqual([]);
  await writeFile(join(desk.repository, 'mine'), 'text\n');
  expect(about(await notes(desk))).toEqual(["1 file is uncommitted, and may become part of the agent's commits"]);
});
