import { expect, test } from 'vitest';
import { nearestWord } from '../../src/text/nearest-word.ts';

const KNOWN = ['build', 'plan', 'plan-work', 'status', 'logs', 'receipts', 'resume', 'restart'];

test.each([
  ['bild', 'build'],
  ['biuld', 'build'],
  ['statsu', 'status'],
  ['pln', 'plan'],
  ['planwork', 'plan-work'],
  ['receipt', 'receipts'],
  ['log', 'logs'],
  ['Status', 'status'],
  ['ls', null],
  ['deploy', null],
  ['', null],
  ['s'.repeat(5_000), null],
])('%s: %s', (typed, expected) => {
  expect(nearestWord(typed, KNOWN)).toBe(expected);
});
