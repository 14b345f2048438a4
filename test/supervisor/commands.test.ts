// What a person is answered has to be what happens then.
import { describe, expect, test } from 'vitest';
import { requestFor } from '../../src/control/protocol.ts';
import type { Event } from '../../src/core/events.ts';
import type { RunCommand } from '../../src/core/run-command.ts';
import type { RunState } from '../../src/core/state/run-state.ts';
import { answerCommand } from '../../src/supervisor/commands.ts';
import { Loop } from '../../src/supervisor/loop.ts';
import { DONE_PLAN, OPEN_PLAN, Story } from '../core/story.ts';
import { QUICK } from './world.ts';

/** A loop in the middle of that story, and what it journals from there. */
function loopIn(story: Story) {
  const events: Event[] = [];
  const loop = new Loop(
    {
      journal: { append: (event) => events.push(event) },
      now: () => '2026-11-21T11:00:00.000Z',
      perform: () => new Promise(() => undefined),
      stalled: () => undefined,
      observe: () => undefined,
      policy: QUICK,
    },
    story.state,
  );
  return { loop, events };
}

const FULL_DISK = { ...OPEN_PLAN, fullDisk: '/disk' };
const stopAfter: RunCommand = { name: 'stop', when: 'after_iteration', attempt: null };
const kill: RunCommand = { name: 'kill', attempt: null };
const said = (story: Story, ...commands: RunCommand[]) =>
  commands.reduce((told, command) => told.tell({ type: 'command_received', command }), story);

test.each<[RunCommand, string, () => Story, string]>([
  [{ name: 'pause' }, 'while an attempt runs', () => new Story().starts(), 'pauses after iteration 1'],
  [{ name: 'pause' }, 'while it waits', () => new Story().attempt('transient'), 'paused'],
  [
    { name: 'resume', next: false },
    'while it waits',
    () => new Story().attempt('transient'),
    'goes on with iteration 1',
  ],
  [
    { name: 'resume', next: true },
    'after a kill',
    () => said(new Story().starts(), kill).exits().seals('stopped'),
    'goes on with iteration 2',
  ],
  [
    { name: 'resume', next: true },
    'after a whole iteration',
    () => new Story({ options: { step: true } }).attempt('completed'),
    'goes on with iteration 2',
  ],
  [
    { name: 'resume', next: false },
    'with a pause asked for',
    () => said(new Story().starts(), { name: 'pause' }),
    'goes on; the pause is taken back',
  ],
  [
    { name: 'resume', next: false },
    'with a stop asked for',
    () => said(new Story().starts(), stopAfter),
    'goes on; the stop is taken back',
  ],
  [
    { name: 'stop', when: 'now', attempt: null },
    'while an attempt runs',
    () => new Story().starts(),
    'stopping iteration 1; the run ends',
  ],
  [{ name: 'stop', when: 'now', attempt: null }, 'while it waits', () => new Story().attempt('oom'), 'the run ends'],
  [
    { name: 'stop', when: 'attempt', attempt: null },
    'while an attempt runs',
    () => new Story().starts(),
    'stopping attempt 1.1; the run pauses',
  ],
  [stopAfter, 'while an attempt runs', () => new Story().starts(), 'the run ends after iteration 1'],
  [kill, 'while an attempt runs', () => new Story().starts(), 'killing attempt 1.1; the run pauses'],
  [
    kill,
    'of a run that is being stopped',
    () => said(new Story().starts(), { name: 'stop', when: 'now', attempt: null }),
    'killing attempt 1.1; the run ends',
  ],
  [
    { name: 'restart', attempt: null },
    'while an attempt runs',
    () => new Story().starts(),
    'stopping attempt 1.1; the next attempt follows',
  ],
  [
    { name: 'restart', attempt: null },
    'after a kill',
    () => said(new Story().starts(), kill).exits().seals('stopped'),
    'starting attempt 1.2',
  ],
  [{ name: 'set_max', max: 3 }, 'at any time', () => new Story(), 'the run ends after 3 iterations'],
  [
    { name: 'set_mode', mode: 'plan' },
    'while an attempt runs',
    () => new Story().starts(),
    'plans again from iteration 2 on, until the plan stays as it is; then builds',
  ],
  [
    { name: 'set_mode', mode: 'build' },
    'after that',
    () => said(new Story().starts(), { name: 'set_mode', mode: 'plan' }),
    'goes on building',
  ],
  [
    { name: 'set_mode', mode: 'build' },
    'while it plans',
    () => new Story({ options: { mode: 'plan' } }).starts(),
    'builds from iteration 2 on',
  ],
  [{ name: 'set_max', max: null }, 'at any time', () => new Story(), 'the run has no maximum any more'],
])('$name %s', (command, _, tell, message) => {
  const { loop, events } = loopIn(tell());
  expect(answerCommand(loop, requestFor('1', command), null)).toEqual({ ok: true, message });
  expect(events[0]).toMatchObject({ type: 'command_received', command });
});

describe('the answer comes true', () => {
  const next = (state: RunState) => [state.iteration, state.attempt];

  test('going on behind a whole iteration skips none', () => {
    const { loop } = loopIn(new Story({ options: { step: true } }).attempt('completed'));
    answerCommand(loop, requestFor('1', { name: 'resume', next: true }), null);
    expect(next(loop.state)).toEqual([2, 1]);
  });

  test('going on behind a kill skips the iteration', () => {
    const { loop } = loopIn(said(new Story().starts(), kill).exits().seals('stopped'));
    answerCommand(loop, requestFor('1', { name: 'resume', next: true }), null);
    expect(next(loop.state)).toEqual([2, 1]);
  });
});

test('what is refused is not journaled', () => {
  const { loop, events } = loopIn(new Story({ survey: DONE_PLAN }));
  expect(answerCommand(loop, requestFor('1', kill), null)).toMatchObject({ ok: false, message: /the run is finished/ });
  expect(events).toEqual([]);
});

test('a ping changes nothing', () => {
  const { loop, events } = loopIn(new Story().starts());
  expect(answerCommand(loop, requestFor('1', { name: 'ping' }), null)).toEqual({
    ok: true,
    message: 'run run is running',
  });
  expect(events).toEqual([]);
});

describe('on a full disk', () => {
  const resume: RunCommand = { name: 'resume', next: false };
  const restart: RunCommand = { name: 'restart', attempt: null };
  const onFullDisk = () => new Story().starts().exits().seals('completed', { survey: FULL_DISK });
  const paused = () => new Story({ options: { step: true } }).attempt('completed');
  const byItself = 'free some space: the run goes on by itself · the disk is full: /disk';
  const thenResume = 'free some space, then: ralph-tui resume · the disk is full: /disk';

  test.each<[string, () => Story, RunCommand, string | null]>([
    ['going on, paused for it', onFullDisk, resume, byItself],
    ['a next attempt, paused for it', onFullDisk, restart, byItself],
    ['going on, paused otherwise', paused, resume, thenResume],
    ['going on, while it waits', () => new Story().attempt('transient'), resume, thenResume],
    ['taking a pause back', () => said(new Story().starts(), { name: 'pause' }), resume, null],
    ['a next attempt of what runs', () => new Story().starts(), restart, null],
    ['a pause', onFullDisk, { name: 'pause' }, null],
    ['a stop', onFullDisk, { name: 'stop', when: 'now', attempt: null }, null],
  ])('%s', (_, tell, command, refused) => {
    const { loop, events } = loopIn(tell());
    const answer = answerCommand(loop, requestFor('1', command), '/disk');
    if (refused === null) expect(answer.ok).toBe(true);
    else {
      expect(answer).toEqual({ ok: false, message: refused });
      expect(events).toEqual([]);
    }
  });

  test('when there is space again, a person can go on at once', () => {
    const { loop } = loopIn(onFullDisk());
    expect(answerCommand(loop, requestFor('1', resume), null)).toEqual({
      ok: true,
      message: 'goes on with iteration 2',
    });
  });
});
