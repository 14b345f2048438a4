import { expect, test } from 'vitest';
import type { RunCommand } from '../../src/core/run-command.ts';
import { partingLines } from '../../src/report/parting-lines.ts';
import { DONE_PLAN, Story } from '../core/story.ts';

const said = (story: Story, command: RunCommand) => story.tell({ type: 'command_received', command });

test.each<[string, Story, string[]]>([
  ['goes on', new Story().starts(), ['run run goes on: ralph-tui opens it, ralph-tui stop ends it']],
  ['waits', new Story().attempt('transient'), ['run run goes on: ralph-tui opens it, ralph-tui stop ends it']],
  [
    'is paused',
    new Story({ options: { step: true } }).attempt('completed'),
    ['run run is paused: paused after the iteration (--step) · ralph-tui resume'],
  ],
  [
    'needs somebody',
    new Story().attempt('auth'),
    ['run run needs you: it was auth · iteration 1 kept · ralph-tui login, then: ralph-tui resume'],
  ],
  [
    'is being stopped',
    said(new Story().starts(), { name: 'stop', when: 'now', attempt: null }),
    ['run run ends as soon as iteration 1 has stopped: ralph-tui status tells'],
  ],
  [
    'ends after the iteration',
    said(new Story().starts(), { name: 'stop', when: 'after_iteration', attempt: null }),
    ['run run ends after iteration 1: ralph-tui resume takes that back'],
  ],
  ['is done', new Story({ survey: DONE_PLAN }), ['run run has ended: all 3 tasks of the plan are done (exit 0)']],
  [
    'gave up',
    new Story().attempt('crashed').attempt('crashed').attempt('crashed'),
    ['run run has ended: 3 attempts in a row: crashed; the last: it was crashed (exit 6)', 'next: ralph-tui receipts'],
  ],
])('a run that %s', (_, story, expected) => {
  expect(partingLines(story.state, true)).toEqual(expected);
});

test('a run whose supervisor died', () => {
  expect(partingLines(new Story().starts().state, false)).toEqual([
    'run run has no supervisor: ralph-tui starts it again',
  ]);
});
