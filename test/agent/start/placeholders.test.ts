// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell and template syntax is what is looked for
import { expect, test } from 'vitest';
import { findPlaceholders } from '../../../src/agent/start/placeholders.ts';

test.each([
  ['We want [project-specific goal].', '[project-specific goal]'],
  ['- Tests: `[test command]`', '[test command]'],
  ['Build with [build command]', '[build command]'],
  ['[Your name here]', '[Your name here]'],
  ['<your-project-name> is a', '<your-project-name>'],
  ['Goal: <insert goal here>', '<insert goal here>'],
  ['# {{PROJECT_NAME}}', '{{PROJECT_NAME}}'],
  ['TODO: fill in the commands', 'TODO: fill in the commands'],
  ['You plan "${WORK_SCOPE}".', '${WORK_SCOPE}'],
  ['- Goal: TBD', ': TBD'],
])('%s', (text, found) => {
  expect(findPlaceholders(text)).toEqual([found]);
});

test.each([
  '- [ ] open\n- [x] done',
  '[your guide](docs/guide.md) and [add a test]: http://example.org and [insert x][1]',
  'Map<string, number>, Vec<Project>, <details><summary>x</summary></details>',
  'git log [options] [path]',
  '<promise>COMPLETE</promise>',
  "docker ps --format '{{.Names}}' and ${{ secrets.TOKEN }} and {{ user }}",
  'Search for TODO, minimal implementations, placeholders and stubs.',
  'TODO comments are listed in PLAN.md',
  'usage: tool [your file] <your option>',
  'const [first, second] = add[0]; items[index]',
  'The CI status is TBD until Monday.',
  '`$HOME` and ${CARGO_HOME}',
  'echo "[insert]" && x=[add]',
])('%j has none', (text) => {
  expect(findPlaceholders(text)).toEqual([]);
});

test('each once, at most five', () => {
  const text = Array.from({ length: 9 }, (_, index) => `[your name ${index % 7}]`).join('\n');
  expect(findPlaceholders(text)).toHaveLength(5);
});
