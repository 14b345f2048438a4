import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { apply, replay } from '../../../src/core/state/apply.ts';
import { OPEN_PLAN, replayed, Story } from '../story.ts';

describe('a journal', () => {
  test('that is empty, or begins in its middle, is none', () => {
    expect(() => replay([])).toThrow('the journal is empty');
    expect(() => replay([{ type: 'warned', at: '2026-11-21T10:00:00.000Z', message: '' }])).toThrow(
      'the journal begins with warned instead of run_started',
    );
  });

  test('of a newer program may tell what this one does not know', () => {
    const { state } = new Story().starts();
    const unknown = { type: 'moon_rose', at: '2026-11-21T11:00:00.000Z' } as unknown as Event;
    expect(apply(state, unknown)).toEqual({ ...state, at: unknown.at });
  });
});

describe('what is known of the running attempt', () => {
  test('tasks and commits add up as they are seen', () => {
    const story = new Story().starts();
    const progress = { done: 2, open: 2, removed: 0, current: 'third' };
    story.tell({ type: 'plan_changed', progress, finished: ['second'], added: ['third'] });
    story.tell({ type: 'plan_changed', progress, finished: ['another'], added: [] });
    const commit = { sha: 'b'.repeat(40), subject: 'Do it', at: '2026-11-21T10:00:00.000Z' };
    story.tell({ type: 'commits_seen', head: commit.sha, commits: [commit, commit] });
    const { current, plan, seenCommits, head, lastTickAt, lastCommitAt } = story.state;
    expect(current).toMatchObject({ tasksFinished: ['second', 'another'], tasksAdded: 1 });
    expect({ plan, seenCommits, head }).toEqual({
      plan: progress,
      seenCommits: [{ iteration: 1, count: 2 }],
      head: commit.sha,
    });
    expect([lastTickAt, lastCommitAt]).toEqual([story.events.at(-2)?.at, story.events.at(-1)?.at]);
  });

  test('a head that moved without commits is no commit', () => {
    const story = new Story().tell({ type: 'commits_seen', head: 'c'.repeat(40), commits: [] });
    expect(story.state).toMatchObject({ head: 'c'.repeat(40), seenCommits: [], lastCommitAt: null });
  });

  test('facts of another attempt change nothing', () => {
    const story = new Story().attempt('completed').starts();
    const { current } = story.state;
    story.tell({ type: 'attempt_started', iteration: 1, attempt: 1, sandboxId: 'old' });
    expect(story.state.current).toEqual(current);
  });

  test('an engine that is away is known until it is back, or the attempt has ended', () => {
    const story = new Story().starts().tell({ type: 'engine_away', why: 'no answer' });
    const { at } = story.state;
    expect(story.tell({ type: 'engine_away', why: 'still none' }).state.engineAway).toEqual({
      since: at,
      why: 'no answer',
    });
    expect(story.tell({ type: 'engine_seen', answers: true }).state).toMatchObject({
      engineAway: null,
      phase: { name: 'running' },
    });
    story.tell({ type: 'engine_away', why: 'no answer' });
    story.exits();
    expect(story.state.engineAway).toBeNull();
  });

  test('begun again after a death, it keeps the stop that was asked for', () => {
    const story = new Story().starts();
    story.tell({ type: 'command_received', command: { name: 'stop', when: 'now', attempt: null } });
    expect(story.starts().state.current?.stopAsked).toEqual({ kind: 'stop', next: 'finish' });
  });
});

describe('what was asked of an attempt', () => {
  const words = {
    stop: { name: 'stop', when: 'now', attempt: null },
    'stop the attempt': { name: 'stop', when: 'attempt', attempt: null },
    kill: { name: 'kill', attempt: null },
    restart: { name: 'restart', attempt: null },
  } as const;

  test.each<[(keyof typeof words)[], { kind: string; next: string }]>([
    [['stop'], { kind: 'stop', next: 'finish' }],
    [['stop', 'kill'], { kind: 'kill', next: 'finish' }],
    [['stop the attempt'], { kind: 'stop', next: 'pause' }],
    [['kill'], { kind: 'kill', next: 'pause' }],
    [['kill', 'stop'], { kind: 'stop', next: 'finish' }],
    [['restart'], { kind: 'stop', next: 'restart' }],
  ])('%s', (said, expected) => {
    const story = new Story().starts();
    for (const word of said) story.tell({ type: 'command_received', command: words[word] });
    expect(story.state.current?.stopAsked).toEqual(expected);
  });

  test('a restart takes a pause back that has not come yet', () => {
    const story = new Story().starts().tell({ type: 'command_received', command: { name: 'pause' } });
    story.tell({ type: 'command_received', command: words.restart });
    expect(story.state.pauseAsked).toBe(false);
  });
});

describe('a supervisor', () => {
  test('the first is no restart, each that takes up is', () => {
    const story = new Story().starts();
    expect(story.state.supervisor?.restarts).toEqual([]);
    story.supervisor().supervisor();
    expect(story.state.supervisor?.restarts).toHaveLength(2);
  });

  test('a login that is there again is known from the next look', () => {
    const story = new Story().attempt('completed').supervisor({ hasSecrets: false });
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    expect(story.effects).toEqual([{ type: 'begin', ref: { iteration: 2, attempt: 1 } }]);
  });
});

test('of many warnings the newest are kept, and all of it is in the journal', () => {
  const story = new Story();
  for (let n = 1; n <= 60; n += 1) story.tell({ type: 'warned', message: `warning ${n}` });
  expect(story.state.warnings).toHaveLength(50);
  expect(story.state.warnings.at(-1)).toBe('warning 60');
  expect(replayed(story)).toEqual(story.state);
});
