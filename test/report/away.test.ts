import { expect, test } from 'vitest';
import { whileAway } from '../../src/report/away.ts';
import { OPEN_PLAN, Story } from '../core/story.ts';

const LONG_AGO = '2026-11-21T00:00:00.000Z';

test('counts what ended since', () => {
  const story = new Story();
  for (const kind of ['completed', 'crashed', 'completed'] as const) {
    story.attempt(kind, { costUsd: 0.5, tasksFinished: kind === 'completed' ? ['a task'] : [] });
  }
  expect(whileAway(story.events, LONG_AGO)).toBe('While you were away: 3 attempts, 2 ok, 2 tasks, 0 commits, $1.50');
});

test('only what ended since', () => {
  const story = new Story().attempt('completed');
  const since = story.state.at;
  expect(whileAway(story.events, since)).toBeNull();
  story.attempt('completed', { costUsd: 0.25 });
  expect(whileAway(story.events, since)).toBe('While you were away: 1 attempt, 1 ok, 0 tasks, 0 commits, $0.25');
});

test('tells how long it waited', () => {
  const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T10:30:00.000Z', costUsd: 0 });
  const waiting = story.events.at(-1);
  if (waiting?.type !== 'waiting') throw new Error('the story does not wait');
  const woke = { type: 'woke', at: '2026-11-21T12:10:00.000Z', until: waiting.until } as const;
  const begun = Date.parse(waiting.at);
  const line = whileAway(
    [...story.events, woke, { type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN, at: '2026-11-21T12:11:00.000Z' }],
    LONG_AGO,
  );
  expect(Date.parse(woke.at) - begun).toBeGreaterThan(2 * 3_600_000);
  expect(line).toBe('While you were away: 1 attempt, 0 ok, 2h09 waited, 0 tasks, 0 commits, $0.00');
});

test('what was undone is told, and not counted as done', () => {
  const story = new Story();
  for (const task of ['first', 'second']) story.attempt('completed', { costUsd: 0.5, tasksFinished: [task] });
  const command = {
    name: 'note_undo',
    iteration: 2,
    head: 'a'.repeat(40),
    plan: null,
    fetchCommand: 'git fetch kept',
  } as const;
  story.tell({ type: 'command_received', command });
  expect(whileAway(story.events, LONG_AGO)).toBe(
    'While you were away: 2 attempts, 2 ok, 1 undone, 1 task, 0 commits, $1.00',
  );
});
