import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commitsOf, makeRepository, planOf } from '../repository.ts';
import { temporaryFolder } from '../temporary.ts';
import { askText, runSession } from './client.ts';
import { COMPLETE, openTasks, planWorker } from './plan-worker.ts';
import { planWriter } from './plan-writer.ts';
import type { Scenario } from './scenario.ts';
import { startMessagesApi } from './server.ts';
import { memoryHogCommand, tickCommand } from './shell-commands.ts';

async function start(scenario: Scenario) {
  const api = await startMessagesApi({ scenario });
  onTestFinished(() => api.close());
  return api;
}

describe('planWorker', () => {
  it('does one open task a session, and says so when none is left', async () => {
    const repository = await makeRepository(await temporaryFolder(), { plan: ['Add a parser', 'Add tests'] });
    const api = await start(planWorker());
    const last = [];
    for (const session of ['a', 'b', 'c']) last.push((await runSession(api.url, repository.path, session)).at(-1));
    expect(last).toEqual(['Done: Add a parser', 'Done: Add tests', `Nothing is open.\n\n${COMPLETE}`]);
    expect(await planOf(repository.path)).toMatchObject({ open: [], done: ['Add a parser', 'Add tests'] });
    expect(await commitsOf(repository.path)).toMatchObject([
      { subject: 'Start' },
      { subject: 'Add a parser', files: ['IMPLEMENTATION_PLAN.md', 'work/add-a-parser.1.txt'] },
      { subject: 'Add tests', files: ['IMPLEMENTATION_PLAN.md', 'work/add-tests.2.txt'] },
    ]);
    expect(await repository.git('status', '--short')).toBe('');
  });

  it('claims to be done where there is no plan', async () => {
    const repository = await makeRepository(await temporaryFolder());
    const api = await start(planWorker({ claim: '/done' }));
    expect((await runSession(api.url, repository.path, 'a')).at(-1)).toBe('Nothing is open.\n\n/done');
  });

  it('plays other steps first, takes its time, and waits for a file', async () => {
    const repository = await makeRepository(await temporaryFolder(), { plan: ['One'] });
    const before = [{ text: 'Before.', tools: [{ name: 'Bash', input: { command: 'echo hello' } }] }];
    const api = await start(planWorker({ before, seconds: 1, untilFile: 'go' }));
    await writeFile(join(repository.path, 'go'), '');
    expect(await runSession(api.url, repository.path, 'a')).toEqual([
      'Before.',
      'I look at the plan.',
      'I work on: One',
      'This takes a while.',
      'This waits.',
      'The task is done.',
      'I commit.',
      'Done: One',
    ]);
    expect(await repository.git('status', '--short')).toBe('?? go');
  });

  it('says when its commit failed', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'plain'));
    await writeFile(join(folder, 'plain/IMPLEMENTATION_PLAN.md'), '- [ ] One\n');
    const api = await start(planWorker());
    const texts = await runSession(api.url, join(folder, 'plain'), 'a');
    expect(texts.at(-1)).toMatch(/^The commit failed: Exit code 128\nfatal: not a git repository/);
  });

  it('can be one of several runs', async () => {
    const api = await start({ runs: [[{ text: 'first' }], planWorker()] });
    expect(await askText(api.url, 'Go', 'a')).toBe('first');
    expect(await askText(api.url, 'Go', 'b')).toBe('I look at the plan.');
  });
});

describe('planWriter', () => {
  it('writes and commits the plan once, and leaves it unchanged after that', async () => {
    const repository = await makeRepository(await temporaryFolder());
    const api = await start(planWriter({ tasks: ['One', 'Two'] }));
    const last = [];
    for (const session of ['a', 'b']) last.push((await runSession(api.url, repository.path, session)).at(-1));
    expect(last).toEqual(['The plan is written.', 'The plan is complete as it is.']);
    expect((await planOf(repository.path)).open).toEqual(['One', 'Two']);
    expect((await commitsOf(repository.path)).map((commit) => commit.subject)).toEqual(['Start', 'Plan the work']);
  });
});

describe('openTasks', () => {
  it('reads boxes as they are written, but not those in fences', () => {
    const plan = '- [ ] a\n  * [ ] b \n1. [ ] c\n- [x] d\n```\n- [ ] e\n```\n- f\n+ [ ] g [h](i)\n';
    expect(openTasks(plan)).toEqual(['a', 'b', 'c', 'g [h](i)']);
  });
});

describe('tickCommand', () => {
  it.each([
    'Plain',
    'With a / slash, a & and a \\ backslash',
    'It\'s `code`, $HOME and "quotes"',
    'A [link](x) and *stars* ^$ . dots',
    'Grüße 🙂',
  ])('ticks only the first open box with the text %j', async (task) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'PLAN.md');
    await writeFile(path, `- [x] ${task}\n- [ ] ${task} and more\n  - [ ] ${task} \n- [ ] ${task}\n`);
    await execa('bash', ['-c', tickCommand('PLAN.md', task)], { cwd: folder });
    expect((await planOf(folder, 'PLAN.md')).text).toBe(
      `- [x] ${task}\n- [ ] ${task} and more\n  - [x] ${task}\n- [ ] ${task}\n`,
    );
  });
});

describe('memoryHogCommand', () => {
  it('really allocates, and ends by itself where nothing kills it', async () => {
    const command = memoryHogCommand({ victim: 'tool', bytes: 64 * 1024 * 1024 });
    // A limit of the shell's own stands in for the sandbox's.
    await execa('bash', ['-c', command]);
    await expect(execa('bash', ['-c', `set -o pipefail; ulimit -v 32768; ${command}`])).rejects.toThrow('memory');
  });
});
