import { describe, expect, test } from 'vitest';
import { nextCommand } from '../../../src/core/decide/next-command.ts';
import { EXIT_CODES, exitCodeOf, type FinishReason } from '../../../src/core/exit-code.ts';
import type { Mode } from '../../../src/core/options.ts';
import { OPEN_PLAN, Story } from '../story.ts';

test.each<[Mode, string | null, FinishReason, string | null]>([
  ['plan', 'main', 'done', 'ralph-tui build'],
  ['plan', 'main', 'max_reached', 'ralph-tui build'],
  ['plan-work', 'work', 'done', 'ralph-tui build 20'],
  ['build', 'work', 'done', 'gh pr create --fill --head work'],
  ['build', "it's", 'done', "gh pr create --fill --head 'it'\\''s'"],
  ['build', 'main', 'done', null],
  ['build', 'master', 'done', null],
  ['build', null, 'done', null],
  ['build', 'work', 'max_reached', 'ralph-tui build 3'],
  ['build', 'work', 'stopped', 'ralph-tui build 3'],
  ['plan', 'work', 'needs_person', 'ralph-tui plan 3'],
  ['plan-work', 'work', 'stopped', "ralph-tui plan-work 'user login' 3"],
  ['build', 'work', 'environment', 'ralph-tui build 3'],
  ['build', 'work', 'budget', 'ralph-tui build 3'],
  ['build', 'work', 'gave_up', 'ralph-tui receipts'],
  ['build', 'work', 'internal_error', null],
])('%s on %s that ended as %s is followed by %s', (mode, branch, reason, expected) => {
  const work = mode === 'plan-work' ? 'user login' : null;
  const { state } = new Story({ options: { mode, work, maxIterations: 3 }, survey: { ...OPEN_PLAN, branch } });
  expect(nextCommand(state, reason)).toBe(expected);
});

test('what is left of the maximum follows a stop', () => {
  const { state } = new Story({ options: { maxIterations: 3 } }).attempt('completed');
  expect(nextCommand(state, 'stopped')).toBe('ralph-tui build 2');
});

test('a repository without a remote is not told to make a pull request', () => {
  const survey = { ...OPEN_PLAN, branch: 'work' };
  expect(nextCommand(new Story({ survey, hasRemote: false }).state, 'done')).toBeNull();
  expect(nextCommand(new Story({ survey, hasRemote: true }).state, 'done')).toBe('gh pr create --fill --head work');
});

test('no maximum stays none', () => {
  const { state } = new Story({ options: { maxIterations: null } });
  expect(nextCommand(state, 'stopped')).toBe('ralph-tui build');
});

describe('the options that were typed are typed again', () => {
  const typed = ['--memory 2g', "--prompt 'my prompt.md'", '-- --add-dir ../shared'];

  test('all of them for the same mode', () => {
    const { state } = new Story({ options: { maxIterations: null }, typed });
    expect(nextCommand(state, 'stopped')).toBe(
      "ralph-tui build --memory 2g --prompt 'my prompt.md' -- --add-dir ../shared",
    );
  });

  test('no prompt that was meant for another', () => {
    const { state } = new Story({ options: { mode: 'plan' }, typed });
    expect(nextCommand(state, 'done')).toBe('ralph-tui build --memory 2g -- --add-dir ../shared');
  });
});

// The table of the design, section 4.
test.each<[FinishReason, number]>([
  ['done', 0],
  ['max_reached', 0],
  ['internal_error', 1],
  ['stopped', 3],
  ['budget', 4],
  ['needs_person', 5],
  ['gave_up', 6],
  ['environment', 7],
])('%s ends with exit code %i', (reason, code) => {
  expect(exitCodeOf(reason)).toBe(code);
});

test('2 is for the command line and the repository, and no run ends with it', () => {
  expect(EXIT_CODES.usage).toBe(2);
});
