import { describe, expect, test } from 'vitest';
import { type AgentsMdRequest, preparePrompt } from '../../../src/agent/start/agents-md.ts';

const OLD = '2.1.197';
const NEW = '2.1.329';
const base: AgentsMdRequest = {
  prompt: 'Do one task.\n',
  agentsMd: '- Tests: `npm test`\n',
  claudeMd: null,
  agentVersion: null,
};

describe('AGENTS.md is read in where it would be missing', () => {
  test.each<[string, Partial<AgentsMdRequest>, boolean]>([
    ['no AGENTS.md', { agentsMd: null, agentVersion: OLD }, false],
    ['no CLAUDE.md, old', { agentVersion: OLD }, true],
    ['no CLAUDE.md, new', { agentVersion: NEW }, false],
    ['no CLAUDE.md, newer', { agentVersion: '2.2.0' }, false],
    ['no CLAUDE.md, newer, with a word behind it', { agentVersion: '3.0.1-beta' }, false],
    ['no CLAUDE.md, between the two', { agentVersion: '2.1.328' }, true],
    ['no CLAUDE.md, nobody knows the version', {}, true],
    ['no CLAUDE.md, no version at all', { agentVersion: 'Claude Code' }, true],
    ['CLAUDE.md without it, old', { claudeMd: 'Be brief.', agentVersion: OLD }, true],
    ['CLAUDE.md without it, new', { claudeMd: 'Be brief.', agentVersion: NEW }, true],
    ['CLAUDE.md reads it in', { claudeMd: '# Rules\n@AGENTS.md\n', agentVersion: NEW }, false],
    ['CLAUDE.md reads it in, spelled with ./', { claudeMd: 'See @./AGENTS.md.', agentVersion: OLD }, false],
    ['CLAUDE.md only shows how one would', { claudeMd: 'Write `@AGENTS.md`', agentVersion: NEW }, true],
    ['CLAUDE.md shows it in a block', { claudeMd: '```\n@AGENTS.md\n```\n', agentVersion: NEW }, true],
    ['CLAUDE.md reads it in behind a block', { claudeMd: '```\nx\n```\n@AGENTS.md\n', agentVersion: NEW }, false],
    ['CLAUDE.md names another file', { claudeMd: '@AGENTS.md5', agentVersion: NEW }, true],
    ['CLAUDE.md is a link to it', { claudeMd: base.agentsMd, agentVersion: NEW }, false],
    ['the prompt reads it in', { prompt: 'Study @AGENTS.md, then work.', agentVersion: OLD }, false],
    ['the prompt only talks of it', { prompt: 'Keep AGENTS.md short; me@AGENTS.md is none.', agentVersion: OLD }, true],
  ])('%s', (_name, given, appended) => {
    const prepared = preparePrompt({ ...base, ...given });
    expect(prepared.appended).toBe(appended);
    const prompt = given.prompt ?? base.prompt;
    expect(prepared.prompt).toBe(appended ? `${prompt.trimEnd()}\n\n@AGENTS.md\n` : prompt);
  });
});

test.each([
  [60, []],
  [61, ['AGENTS.md has 61 lines: above 60 it eats context in every iteration']],
])('%i lines', (count, warnings) => {
  expect(preparePrompt({ ...base, agentsMd: 'line\n'.repeat(count) }).warnings).toEqual(warnings);
});

test('placeholders are named with the file that has them', () => {
  const { warnings } = preparePrompt({
    ...base,
    prompt: 'ULTIMATE GOAL: We want to achieve [project-specific goal].',
    agentsMd: '- Tests: `[test command]`\n- Lint: `[lint command]`\n',
  });
  expect(warnings).toEqual([
    'the prompt has placeholders that nobody filled in: [project-specific goal]',
    'AGENTS.md has placeholders that nobody filled in: [test command], [lint command]',
  ]);
});
