import { expect, test } from 'vitest';
import { readPositionals } from '../../src/config/positionals.ts';
import type { Mode } from '../../src/core/options.ts';

test.each<[Mode | null, string[], object]>([
  [null, [], { mode: 'build', bare: true, work: null, max: null }],
  [null, ['20'], { mode: 'build', bare: false, work: null, max: '20' }],
  ['build', [], { mode: 'build', bare: false, work: null, max: null }],
  ['build', ['20'], { mode: 'build', bare: false, work: null, max: '20' }],
  ['plan', ['5'], { mode: 'plan', bare: false, work: null, max: '5' }],
  ['plan-work', ['user login'], { mode: 'plan-work', bare: false, work: 'user login', max: null }],
  ['plan-work', ['user login', '3'], { mode: 'plan-work', bare: false, work: 'user login', max: '3' }],
])('%s %j', (mode, words, expected) => {
  expect(readPositionals(mode, words)).toEqual(expected);
});

test.each<[Mode | null, string[], string]>([
  [null, ['biuld'], '"biuld" is no command and no number of iterations'],
  ['plan', ['many'], '"many" is no number of iterations'],
  ['build', ['-1'], '"-1" is no number of iterations'],
  ['build', ['3', '4'], '1 word too many: "4"'],
  ['plan-work', [], 'plan-work needs a description of the work'],
  ['plan-work', ['  '], 'plan-work needs a description of the work'],
  ['plan-work', ['7'], 'plan-work needs a description of the work'],
  ['plan-work', ['user', 'login'], 'put it in quotes: ralph-tui plan-work "user login"'],
])('%s %j is refused', (mode, words, expected) => {
  expect(() => readPositionals(mode, words)).toThrow(expected);
});
