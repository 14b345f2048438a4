import { expect, test } from 'vitest';
import { familiesIn, limitedFamily } from '../../../src/agent/outcome/model-families.ts';

test.each([
  ['opus', ['opus']],
  ['claude-sonnet-5-5[1m]', ['sonnet']],
  ['OpusPlan', ['opus']],
  ['default', []],
])('%s is of %j', (model, families) => {
  expect(familiesIn(model)).toEqual(families);
});

test.each([
  ["You've hit your Opus limit · resets Nov 24, 7:48am (UTC)", 'opus'],
  ["You've reached your Fable 5 limit · resets 9am", 'fable'],
  ['Opus weekly limit reached ∙ resets 9am', 'opus'],
  ["usage limit until 2026-11-24 07:48:00 UTC: You've hit your Sonnet limit", 'sonnet'],
  ["You've hit your weekly limit · resets Nov 24, 7:48am (UTC)", null],
  ["You've hit your 5-hour limit · resets 9:48am (UTC)", null],
  ['Opus is experiencing high load', null],
])('%s: %s', (message, family) => {
  expect(limitedFamily(message)).toBe(family);
});
