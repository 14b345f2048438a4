import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parsePlan, TASK_LIMIT } from '../../src/workspace/plan.ts';

/** Tasks as `x` or `o` for done and open, depth, text. */
function tasks(markdown: string): string[] {
  return parsePlan(markdown).tasks.map((task) => `${task.done ? 'x' : 'o'}${task.depth} ${task.text}`);
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['boxes of all kinds', '- [ ] a\n* [x] b\n+ [X] c\n1. [ ] d\n2) [x] e\n', ['o0 a', 'x0 b', 'x0 c', 'o0 d', 'x0 e']],
  ['text around them', '# Plan\n\nWords.\n- [ ] a\n- plain\n\nMore [ ] words\n', ['o0 a']],
  [
    'nested boxes, parents too',
    '- [ ] a\n  - [x] b\n    - [ ] c\n  - [ ] d\n- [x] e\n',
    ['o0 a', 'x1 b', 'o2 c', 'o1 d', 'x0 e'],
  ],
  ['under plain bullets', '- Phase 1\n  - [ ] a\n- Phase 2\n  - [x] b\n', ['o1 a', 'x1 b']],
  ['under numbers, with two blanks', '1. [ ] a\n  - [ ] b\n10. [ ] c\n', ['o0 a', 'o1 b', 'o0 c']],
  ['one blank more is a sibling', '- [ ] a\n - [ ] b\n', ['o0 a', 'o0 b']],
  ['tabs', '- [ ] a\n\t- [ ] b\n\t\t- [ ] c\n  \t- [ ] d\n', ['o0 a', 'o1 b', 'o2 c', 'o1 d']],
  ['CRLF and BOM', '\uFEFF- [ ] a\r\n- [x] b\r\n', ['o0 a', 'x0 b']],
  ['old line ends', '- [ ] a\r- [x] b', ['o0 a', 'x0 b']],
  ['a heading ends the nesting', '- [ ] a\n## Next\n  - [ ] b\n', ['o0 a', 'o0 b']],
  ['without blanks, as the guide’s grep allows', '-[ ] a\n- [x]b\n', ['o0 a', 'x0 b']],
  ['a box without text is a task', '- [ ]\n- [ ] \n', ['o0 ', 'o0 ']],
  ['a link is no box', '- [x](https://example.org) a\n- [ ] b\n', ['o0 b']],
  ['other marks are no boxes', '- [-] a\n- [] b\n- [ x ] c\n- [ ] d\n', ['o0 d']],
  ['markdown stays as it is', '- [ ] **a** `b` <!-- c -->\n', ['o0 **a** `b` <!-- c -->']],
  ['a long text goes on below', '- [ ] a\n  goes on\n\n  - [ ] b\n', ['o0 a', 'o1 b']],
  ['a code fence', '```\n- [ ] no\n```\n- [ ] a\n', ['o0 a']],
  ['with words behind it, and tildes', '~~~md title\n- [ ] no\n```\n- [ ] no\n~~~\n- [ ] a\n', ['o0 a']],
  ['a longer fence around a shorter one', '````\n```\n- [ ] no\n```\n- [ ] no\n````\n- [ ] a\n', ['o0 a']],
  ['a fence in a list', '- [ ] a\n  ```sh\n  - [ ] no\n  ```\n- [ ] b\n', ['o0 a', 'o0 b']],
  [
    'a deeper one',
    '1. [ ] a\n\n    - [ ] b\n\n      ~~~\n      - [ ] no\n      ~~~\n\n    - [x] c\n',
    ['o0 a', 'o1 b', 'x1 c'],
  ],
  ['a fence behind a bullet', '- ```\n  - [ ] no\n  ```\n- [ ] a\n', ['o0 a']],
  ['an item’s open fence ends with the item', '- [ ] a\n  ```\n  code\n- [ ] b\n', ['o0 a', 'o0 b']],
  ['a fence without an end hides nothing', '- [ ] a\n\n```\n- [ ] b\n- [x] c\n', ['o0 a', 'o0 b', 'x0 c']],
  ['code in the line is no fence', '``` not a fence ``` here\n- [ ] a\n', ['o0 a']],
  ['a comment', '<!-- - [ ] no -->\n- [ ] a\n<!--\n- [ ] no\n\n- [ ] no\n-->\n- [ ] b\n', ['o0 a', 'o0 b']],
  ['a comment without an end hides nothing', '<!--\n- [ ] a\n', ['o0 a']],
  ['a comment in a fence is code', '```\n<!--\n```\n- [ ] a\n-->\n', ['o0 a']],
  ['a fence in a comment is comment', '<!--\n```\n-->\n- [ ] a\n```\n- [ ] b\n', ['o0 a', 'o0 b']],
  ['no box: top-level bullets are open tasks', '# Plan\n- a\n  - detail\n* b\n1. c\n', ['o0 a', 'o0 b', 'o0 c']],
  ['no box: rules and empty bullets are none', '* * *\n- - -\n---\n-\n- a\n**bold**\n', ['o0 a']],
  ['no box: code and comments neither', '```\n- no\n```\n<!--\n- no\n-->\n- a\n', ['o0 a']],
  ['nothing', '', []],
  ['words only', '# Plan\n\nNothing to do.\n', []],
];
test.each(cases)('%s', (_name, markdown, expected) => {
  expect(tasks(markdown)).toEqual(expected);
});

test('lines are those of the file', () => {
  expect(parsePlan('# Plan\r\n\r\n- [ ] a\r\n  more\r\n- [x] b').tasks.map((task) => task.line)).toEqual([3, 5]);
});

test('the guide’s grep counts the same', () => {
  const plan = '# P\n- [ ] a\n  - [x] b\n\t- [ ] c\n-   [x] d\n- e\n   - [ ] f\ntext - [ ] g\n';
  const grep = (pattern: string) => Number(execFileSync('grep', ['-cE', pattern], { input: plan, encoding: 'utf8' }));
  const done = parsePlan(plan).tasks.filter((task) => task.done).length;
  expect(done).toBe(grep('^\\s*-\\s*\\[x\\]'));
  expect(parsePlan(plan).tasks.length - done).toBe(grep('^\\s*-\\s*\\[ \\]'));
});

const long = 4 * 1024 * 1024;
const fill = (piece: string) => piece.repeat(Math.floor(long / piece.length));
const decreasing = Array.from({ length: 2_800 }, (_, at) => '`'.repeat(2_803 - at)).join('\n');
test.each([
  ['boxes', fill('- [ ] a\n')],
  ['comments without an end', fill('<!--\n')],
  ['fences', fill('```\n')],
  ['fences without an end', decreasing],
  ['fences in items', fill('- ~~~\n')],
  ['items, ever deeper', Array.from({ length: 2_800 }, (_, at) => `${' '.repeat(at * 2)}- [ ] a`).join('\n')],
  ['one line of dashes', fill('- ')],
  ['one line of boxes', fill('- [ ] ')],
  ['blanks', fill(' ')],
])('four megabytes of %s are read in passing', (_name, markdown) => {
  expect(parsePlan(markdown).tasks.length).toBeLessThanOrEqual(TASK_LIMIT);
});
