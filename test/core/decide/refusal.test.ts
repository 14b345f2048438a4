import { describe, expect, test } from 'vitest';
import { refusal } from '../../../src/core/decide/refusal.ts';
import type { RunCommand } from '../../../src/core/run-command.ts';
import { DONE_PLAN, OPEN_PLAN, Story } from '../story.ts';

const pause: RunCommand = { name: 'pause' };
const resume: RunCommand = { name: 'resume', next: false };
const next: RunCommand = { name: 'resume', next: true };
const stopNow: RunCommand = { name: 'stop', when: 'now', attempt: null };
const stopAfter: RunCommand = { name: 'stop', when: 'after_iteration', attempt: null };
const stopAttempt: RunCommand = { name: 'stop', when: 'attempt', attempt: null };
const kill: RunCommand = { name: 'kill', attempt: null };
const restart: RunCommand = { name: 'restart', attempt: null };
const FULL_DISK = { ...OPEN_PLAN, fullDisk: '/disk' };
const ALL = { pause, resume, next, stopNow, stopAfter, stopAttempt, kill, restart };

const situations = {
  'while it starts': () => new Story(),
  'while an attempt runs': () => new Story().starts(),
  'after its exit': () => new Story().starts().exits(),
  'while it runs, a pause asked for': () => say(new Story().starts(), pause),
  'while it runs, a stop asked for': () => say(new Story().starts(), stopAfter),
  'while it waits': () => new Story().attempt('transient'),
  'while it is paused': () => new Story({ options: { step: true } }).attempt('completed'),
  'while it is paused for a full disk': () => new Story().attempt('completed', { survey: FULL_DISK }),
  'when it is finished': () => new Story({ survey: DONE_PLAN }),
};

function say(story: Story, command: RunCommand): Story {
  return story.tell({ type: 'command_received', command });
}

// Everything that is not named here is possible.
test.each<[keyof typeof situations, Partial<Record<keyof typeof ALL, RegExp>>]>([
  [
    'while it starts',
    { resume: /going on already/, next: /paused run/, stopAttempt: /no attempt/, kill: /no attempt/ },
  ],
  ['while an attempt runs', { resume: /going on already/, next: /paused run/ }],
  [
    'after its exit',
    { resume: /going on/, next: /paused run/, stopAttempt: /just ended/, kill: /just ended/, restart: /just ended/ },
  ],
  ['while it runs, a pause asked for', { pause: /pauses after this iteration already/, next: /paused run/ }],
  ['while it runs, a stop asked for', { next: /paused run/ }],
  ['while it waits', { next: /paused run/, stopAttempt: /no attempt/, kill: /no attempt/ }],
  ['while it is paused', { pause: /paused already/, stopAttempt: /no attempt/, kill: /no attempt/ }],
  ['while it is paused for a full disk', { stopAttempt: /no attempt/, kill: /no attempt/ }],
  [
    'when it is finished',
    Object.fromEntries(Object.keys(ALL).map((name) => [name, /the run is finished; start a new one/])),
  ],
])('%s', (situation, refused) => {
  const { state } = situations[situation]();
  for (const [name, command] of Object.entries(ALL)) {
    const expected = refused[name as keyof typeof ALL];
    const answer = refusal(state, command);
    if (expected === undefined) expect(answer, name).toBeNull();
    else expect(answer, name).toMatch(expected);
  }
});

describe('a command that names its attempt', () => {
  const first = { iteration: 1, attempt: 1 };

  test('holds for that one only', () => {
    const story = new Story().starts();
    for (const command of [kill, restart, stopAttempt]) {
      expect(refusal(story.state, { ...command, attempt: first } as RunCommand)).toBeNull();
    }
    story.exits().seals('interrupted').starts();
    for (const command of [kill, restart, stopAttempt]) {
      expect(refusal(story.state, { ...command, attempt: first } as RunCommand)).toBe(
        'attempt 1.1 is not running any more',
      );
    }
  });
});

test.each([
  [1, 'iteration 2 has been reached already; the maximum cannot be 1'],
  [2, null],
  [null, null],
])('the maximum becomes %s in iteration 2', (max, expected) => {
  const { state } = new Story().attempt('completed');
  expect(refusal(state, { name: 'set_max', max })).toBe(expected);
});
