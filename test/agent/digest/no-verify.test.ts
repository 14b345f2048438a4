import { expect, test } from 'vitest';
import { skipsHooks } from '../../../src/agent/digest/no-verify.ts';

test.each([
  'git commit --no-verify -m "x"',
  'git add -A && git commit -m "it works" --no-verify',
  'git -C sub commit -n -m x',
  'git commit -anm x',
  'git push --no-verify',
  'cd x; /usr/bin/git commit --no-verify',
  '(git commit --no-verify)',
])('%s', (command) => {
  expect(skipsHooks(command)).toBe(true);
});

test.each([
  'git commit -m "do not use --no-verify"',
  "git commit -m 'why -n is bad'",
  'git commit -m "$(cat <<\'EOF\'\nNever --no-verify\nEOF\n)"',
  'grep -rn -- --no-verify .',
  'git log -n 5',
  'git commit -m x; head -n 3 file',
  'echo --no-verify',
  '',
])('not: %s', (command) => {
  expect(skipsHooks(command)).toBe(false);
});

test('a command of a megabyte takes no time', () => {
  expect(skipsHooks('"\\'.repeat(500_000))).toBe(false);
  expect(skipsHooks('git '.repeat(250_000))).toBe(false);
});
