import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Mode } from '../../../src/core/options.ts';
import { findPrompt, preparedPrompt, promptHash } from '../../../src/supervisor/attempt/prompt.ts';
import { packageFile } from '../../../src/system/package-files.ts';
import { OPTIONS } from '../../core/story.ts';
import { temporaryFolder } from '../../harness/temporary.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: what the loop puts the work in place of
const SCOPE = '${WORK_SCOPE}';

async function repository(files: Record<string, string>): Promise<string> {
  const top = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(top, name), text);
  return top;
}

const options = (mode: Mode, work: string | null = null, promptPath: string | null = null) => ({
  mode,
  work,
  promptPath,
});

describe('the prompt', () => {
  const ALL = {
    'PROMPT.md': 'any',
    'PROMPT_build.md': 'build',
    'PROMPT_plan.md': 'plan',
    'PROMPT_plan_work.md': 'work',
  };

  test.each<[Mode, Record<string, string>, string]>([
    ['build', ALL, 'PROMPT_build.md'],
    ['plan', ALL, 'PROMPT_plan.md'],
    ['plan-work', ALL, 'PROMPT_plan_work.md'],
    ['build', { 'PROMPT.md': 'any' }, 'PROMPT.md'],
    ['plan', { 'PROMPT.md': 'any' }, 'embedded'],
    ['plan-work', { 'PROMPT_plan.md': 'plan' }, 'embedded'],
    ['build', {}, 'embedded'],
  ])('of %s, with %j, is from %s', async (mode, files, source) => {
    const found = await findPrompt(await repository(files), options(mode, mode === 'plan-work' ? 'it' : null));
    expect(found.source).toBe(source);
    if (source !== 'embedded') expect(found.text).toBe(files[source]);
  });

  test.each<[Mode, string]>([
    ['build', 'build.md'],
    ['plan', 'plan.md'],
  ])('of ours for %s is the one that ships', async (mode, name) => {
    const { text } = await findPrompt(await repository({}), options(mode));
    expect(text).toBe(await readFile(packageFile('prompts', name), 'utf8'));
  });

  test('of ours for plan-work names the work wherever it is due', async () => {
    const { text } = await findPrompt(await repository({}), options('plan-work', 'the $& login $1'));
    expect(text).toContain('the $& login $1');
    expect(text).not.toContain(SCOPE);
  });

  test('that the person names wins over everything, wherever it lies', async () => {
    const path = join(await temporaryFolder(), 'mine.md');
    await writeFile(path, `mine: ${SCOPE}, ${SCOPE}`);
    const found = await findPrompt(await repository(ALL), options('plan-work', 'x', path));
    expect(found).toEqual({ text: 'mine: x, x', source: path });
  });

  test('without work keeps its words', async () => {
    const top = await repository({ 'PROMPT.md': `about ${SCOPE}` });
    expect((await findPrompt(top, options('build'))).text).toBe(`about ${SCOPE}`);
  });
});

describe('a prompt that cannot be used', () => {
  test('is refused when it is empty', async () => {
    const top = await repository({ 'PROMPT.md': ' \n\t\n' });
    await expect(findPrompt(top, options('build'))).rejects.toMatchObject({
      code: 'no_prompt',
      exitCode: 2,
      message: 'PROMPT.md is empty; write the prompt of an iteration into it',
    });
  });

  test('is refused when the person’s own is missing', async () => {
    const missing = options('build', null, '/nowhere/prompt.md');
    await expect(findPrompt(await repository({}), missing)).rejects.toThrow(
      'the prompt /nowhere/prompt.md cannot be read; give another with --prompt FILE',
    );
  });

  test.each([
    ['a link out of the repository', (top: string) => symlink('/etc/passwd', join(top, 'PROMPT.md')), /symbolic link/],
    ['a folder', (top: string) => mkdir(join(top, 'PROMPT.md')), /no regular file/],
  ])('%s is not read, nor passed over', async (_, plant, why) => {
    const top = await repository({});
    await plant(top);
    await expect(findPrompt(top, options('build'))).rejects.toThrow(why);
  });
});

describe('the prompt as it is sent', () => {
  const prepared = (top: string, claude?: string) =>
    preparedPrompt(top, { options: OPTIONS, check: null, versions: claude === undefined ? {} : { claude } });

  test('reads AGENTS.md in where this agent would not', async () => {
    const top = await repository({ 'PROMPT.md': 'Work.\n', 'AGENTS.md': 'Run make.\n' });
    expect((await prepared(top)).prompt).toBe('Work.\n\n@AGENTS.md\n');
    expect((await prepared(top, '2.1.197')).prompt).toBe('Work.\n\n@AGENTS.md\n');
    expect((await prepared(top, '2.1.329')).prompt).toBe('Work.\n');
    await writeFile(join(top, 'CLAUDE.md'), 'Something else.\n');
    expect((await prepared(top, '2.1.329')).prompt).toBe('Work.\n\n@AGENTS.md\n');
  });

  test('warns about what nobody filled in', async () => {
    const top = await repository({ 'PROMPT.md': 'Goal: [project-specific goal]\n' });
    expect((await prepared(top)).warnings).toHaveLength(1);
  });
});

test('a hash tells prompts apart', () => {
  expect(promptHash('a')).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  expect(promptHash('b')).not.toBe(promptHash('a'));
});
