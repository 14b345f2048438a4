// A supervisor may die between any two things that it does. The next one takes the run up from the journal and from
// what really exists, and the run comes to the same end, with every attempt started once.
import { describe, expect, test } from 'vitest';
import type { RunState } from '../../../src/core/state/run-state.ts';
import { type Plot, SmallWorld, threeTasks } from '../small-world.ts';

const runs = (iteration: number, attempt: number) => (state: RunState) =>
  state.current?.iteration === iteration && state.current.attempt === attempt && state.current.sandboxId !== null;
const isPaused = (state: RunState) => state.phase.name === 'paused';
const completes: Plot = { outcome: () => 'completed', survey: threeTasks };

const plots: Readonly<Record<string, Plot>> = {
  'three iterations to done': completes,
  'with pushes': { ...completes, push: true },
  'up to the maximum': { ...completes, options: { maxIterations: 2 } },
  'a memory kill in between': {
    ...completes,
    outcome: ({ iteration }) => (iteration === 2 ? 'oom' : 'completed'),
  },
  'a usage limit that is waited out': {
    ...completes,
    outcome: ({ attempt }) => (attempt === 1 ? 'usage_limit' : 'completed'),
  },
  'an engine that goes away while an attempt starts': {
    ...completes,
    outcome: ({ attempt }) => (attempt === 1 ? 'start_failed' : 'completed'),
  },
  'a disk that is full in between': { ...completes, diskFullAfter: 1 },
  'a disk that is full, headless': { ...completes, diskFullAfter: 1, headless: true },
  'three crashes in a row': { ...completes, outcome: () => 'crashed' },
  'a login that is missing, headless': { ...completes, headless: true, outcome: () => 'auth' },
  'steps, each gone on with': {
    ...completes,
    options: { step: true },
    commands: [
      { when: isPaused, command: { name: 'resume', next: false } },
      { when: isPaused, command: { name: 'resume', next: false } },
    ],
  },
  'planned again in between': {
    ...completes,
    options: { step: true },
    // The second iteration plans, and leaves the plan as it is.
    survey: (counted) => threeTasks(counted < 2 ? counted : counted - 1),
    commands: [
      { when: isPaused, command: { name: 'set_mode', mode: 'plan' } },
      ...Array.from({ length: 3 }, () => ({ when: isPaused, command: { name: 'resume', next: false } as const })),
    ],
  },
  'stopped at once in the second iteration': {
    ...completes,
    outcome: ({ iteration }) => (iteration === 2 ? null : 'completed'),
    commands: [{ when: runs(2, 1), command: { name: 'stop', when: 'now', attempt: null } }],
  },
  'killed, looked at, and restarted': {
    ...completes,
    outcome: ({ iteration, attempt }) => (iteration === 1 && attempt === 1 ? null : 'completed'),
    commands: [
      { when: runs(1, 1), command: { name: 'kill', attempt: { iteration: 1, attempt: 1 } } },
      { when: isPaused, command: { name: 'restart', attempt: null } },
    ],
  },
  'restarted while it runs': {
    ...completes,
    outcome: ({ iteration, attempt }) => (iteration === 1 && attempt === 1 ? null : 'completed'),
    commands: [{ when: runs(1, 1), command: { name: 'restart', attempt: null } }],
  },
  'paused, then stopped': {
    ...completes,
    outcome: ({ attempt }) => (attempt === 1 ? null : 'completed'),
    commands: [
      { when: runs(1, 1), command: { name: 'stop', when: 'attempt', attempt: null } },
      { when: isPaused, command: { name: 'stop', when: 'now', attempt: null } },
    ],
  },
};

describe.each(Object.entries(plots))('%s', (_, plot) => {
  const whole = new SmallWorld(plot);
  whole.live();

  test('ends', () => {
    expect(whole.state.phase.name).toBe('finished');
  });

  test('comes to the same end wherever the supervisor dies', () => {
    for (let steps = 1; steps < whole.steps; steps += 1) {
      const world = new SmallWorld(plot);
      expect(world.live(steps)).toBe('dead');
      expect(world.live(), `died behind step ${steps}`).toBe('quiet');
      expect({ ...outcomeOf(world), steps }).toEqual({ ...outcomeOf(whole), steps });
    }
  });

  test('comes to the same end when every supervisor dies soon', () => {
    const world = new SmallWorld(plot);
    // Four steps: one goes into the supervisor's own beginning, and each has to bring the run forward.
    for (let lives = 0; world.live(4 + (lives % 3)) === 'dead'; lives += 1) expect(lives).toBeLessThan(200);
    expect(outcomeOf(world)).toEqual(outcomeOf(whole));
  });
});

function outcomeOf(world: SmallWorld) {
  const { phase, receipts, lastPush } = world.state;
  return {
    end: phase.name === 'finished' ? [phase.reason, phase.message] : phase,
    starts: world.starts,
    receipts: receipts.map(({ iteration, attempt, outcome }) => `${iteration}.${attempt} ${outcome.kind}`),
    pushed: lastPush?.head ?? null,
    left: [...world.boxes.values()].filter(({ state }) => state !== 'removed'),
  };
}
