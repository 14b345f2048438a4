import { expect, test } from 'vitest';
import { shortPath, summarizeTool } from '../../../src/agent/log/tool-summary.ts';

test.each<[string, Record<string, unknown>, string]>([
  ['Bash', { command: 'npm test -- auth', description: 'Run tests' }, 'npm test -- auth'],
  ['Bash', { command: 'a\n  b\tc', run_in_background: true }, 'a b c (in the background)'],
  ['Read', { file_path: '/repo/src/a.ts' }, 'src/a.ts'],
  ['Read', { file_path: '/etc/hosts' }, '/etc/hosts'],
  ['Write', { file_path: '/repo/a', content: 'x'.repeat(1e6) }, 'a'],
  ['NotebookEdit', { notebook_path: '/repo/a.ipynb' }, 'a.ipynb'],
  ['Grep', { pattern: 'issueToken', path: '/repo/src' }, 'issueToken in src'],
  ['Glob', { pattern: '**/*.ts' }, '**/*.ts'],
  ['Agent', { description: 'Look around', subagent_type: 'Explore', model: 'sonnet' }, 'Look around (Explore, sonnet)'],
  ['Task', { description: 'Look around' }, 'Look around'],
  [
    'TodoWrite',
    { todos: [{ status: 'completed' }, { status: 'in_progress', content: 'Test it' }] },
    '1 of 2 done, now: Test it',
  ],
  ['WebSearch', { query: 'node 24' }, 'node 24'],
  ['mcp__db__query', { sql: 'select 1' }, ''],
  ['Bash', { command: 7 }, ''],
  ['TodoWrite', { todos: 'x' }, '0 of 0 done'],
])('%s %j', (name, input, summary) => {
  expect(summarizeTool(name, input, '/repo')).toBe(summary);
});

test('is never longer than 200 characters', () => {
  expect(summarizeTool('Bash', { command: 'x'.repeat(1e6) }, null)).toHaveLength(200);
});

test.each([
  ['/repo/a', '/repo', 'a'],
  ['/repospace/a', '/repo', '/repospace/a'],
  ['/a', '/', '/a'],
  ['/repo', '/repo', '/repo'],
])('%s seen from %s is %s', (path, workdir, short) => {
  expect(shortPath(path, workdir)).toBe(short);
});
