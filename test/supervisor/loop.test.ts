// The loop alone: a journal in memory, effects that the test settles itself.
import { describe, expect, test } from 'vitest';
import type { Effect, UndatedEvent } from '../../src/core/effects.ts';
import type { Event } from '../../src/core/events.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import { Loop } from '../../src/supervisor/loop.ts';
import { OPEN_PLAN, Story } from '../core/story.ts';
import { waitFor } from '../harness/wait-for.ts';
import { QUICK } from './world.ts';

const [RUN_STARTED, SUPERVISOR_STARTED] = new Story().events as [Event, Event];
const FINISHED: UndatedEvent = { type: 'finished', reason: 'stopped', message: 'enough', nextCommand: null };

interface Performed {
  readonly effect: Effect;
  readonly done: PromiseWithResolvers<void>;
}

function makeLoop({ failsAt = Number.POSITIVE_INFINITY, onEvent = (_: Event) => {} } = {}) {
  /** Everything that happened, in order. */
  const story: string[] = [];
  const performed: Performed[] = [];
  const disk = { isFull: false };
  let appends = 0;
  const loop = new Loop(
    {
      journal: {
        append: (event, durable) => {
          appends += 1;
          if (appends === failsAt) throw new Error('the disk is broken');
          if (disk.isFull) throw new JournalError('no_space', 'no space left for the journal');
          story.push(`${event.type}${durable ? '!' : ''}`);
        },
      },
      now: () => '2026-11-21T10:00:00.000Z',
      perform: async (effect) => {
        // Whom it tells is another story.
        if (effect.type === 'notify' || effect.type === 'remind') return;
        const done = Promise.withResolvers<void>();
        performed.push({ effect, done });
        story.push(`→${effect.type}`);
        return done.promise;
      },
      stalled: (message) => story.push(message),
      observe: (event, state) => {
        onEvent(event);
        story.push(`(${event.type} ${state.phase.name})`);
      },
      policy: QUICK,
    },
    null,
  );
  return { loop, story, performed, disk };
}

/** Whether it is settled when everything that can happen now has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('an event', () => {
  test('goes to the journal first, then to who watches, then effects start, then decisions follow', () => {
    const { loop, story } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch({ ...SUPERVISOR_STARTED, survey: { ...OPEN_PLAN, problem: 'HEAD is missing' } } as UndatedEvent);
    loop.dispatch({ type: 'command_received', command: { name: 'resume', next: false } });
    expect(story).toEqual([
      'run_started!',
      '(run_started starting)',
      'supervisor_started',
      '(supervisor_started starting)',
      'paused!',
      '(paused paused)',
      'command_received!',
      '(command_received between)',
      '→survey',
    ]);
  });

  test('that comes while another is taken waits for its turn', () => {
    const { loop, story } = makeLoop({
      onEvent: ({ type }) => {
        if (type === 'run_started') loop.dispatch({ type: 'warned', message: 'from within' });
      },
    });
    loop.dispatch(RUN_STARTED);
    expect(story).toEqual(['run_started!', '(run_started starting)', 'warned', '(warned starting)']);
  });

  test('before the first there is no state', () => {
    expect(() => makeLoop().loop.state).toThrow('the run has not started');
  });
});

describe('the end', () => {
  test('waits for every effect that is under way, and for those that come of it', async () => {
    const { loop, performed } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch(SUPERVISOR_STARTED);
    loop.dispatch(FINISHED);
    expect(await isSettled(loop.ended)).toBe(false);
    // The attempt whose beginning was under way comes to be: it is followed and ended.
    const ref = { iteration: 1, attempt: 1 };
    loop.dispatch({ ...(new Story().starts().events[2] as Event) } as UndatedEvent);
    loop.dispatch({ type: 'attempt_started', ...ref, sandboxId: 'box' });
    performed[0]?.done.resolve();
    expect(await isSettled(loop.ended)).toBe(false);
    expect(performed.map(({ effect }) => effect.type)).toEqual(['begin', 'follow', 'kill']);
    for (const { done } of performed) done.resolve();
    expect(await isSettled(loop.ended)).toBe(true);
  });

  test('is the end: what comes later is not taken any more', async () => {
    const { loop, story } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch(FINISHED);
    await loop.ended;
    const length = story.length;
    loop.dispatch({ type: 'warned', message: 'late' });
    expect(story).toHaveLength(length);
  });
});

describe('an effect that fails', () => {
  test('ends the run as an internal error, with the place in the journal', async () => {
    const { loop, performed } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch(SUPERVISOR_STARTED);
    performed[0]?.done.reject(new TypeError('a bug'));
    await loop.ended;
    expect(loop.state.phase).toMatchObject({ reason: 'internal_error', message: 'begin: TypeError: a bug' });
    expect(loop.state.warnings[0]).toContain('loop.test.ts');
  });

  test('behind the end is a warning', async () => {
    const { loop, performed } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch(SUPERVISOR_STARTED);
    loop.dispatch(FINISHED);
    performed[0]?.done.reject('no error at all');
    await loop.ended;
    expect(loop.state.phase).toMatchObject({ reason: 'stopped' });
    expect(loop.state.warnings).toEqual(['begin: no error at all']);
  });
});

describe('a journal that cannot be written', () => {
  test('stops everything: nothing is done about the event, and whoever told it knows', async () => {
    const { loop, story } = makeLoop({ failsAt: 2 });
    loop.dispatch(RUN_STARTED);
    expect(() => loop.dispatch(SUPERVISOR_STARTED)).toThrow('the disk is broken');
    expect(story).toEqual(['run_started!', '(run_started starting)']);
    expect(loop.state.supervisor).toBeNull();
    await expect(loop.ended).rejects.toThrow('the disk is broken');
    // Also when there is room again: there is a hole now.
    expect(() => loop.dispatch({ type: 'warned', message: 'later' })).toThrow('the disk is broken');
  });

  test('leaves no rejection to nobody when an effect fails on it', async () => {
    const { loop, performed } = makeLoop({ failsAt: 3 });
    loop.dispatch(RUN_STARTED);
    loop.dispatch(SUPERVISOR_STARTED);
    performed[0]?.done.reject(new Error('because of the disk'));
    await expect(loop.ended).rejects.toThrow('the disk is broken');
    // vitest fails on an unhandled rejection.
    expect(await isSettled(loop.ended)).toBe(true);
  });
});

describe('a disk that is full', () => {
  test('what happens waits for its turn, and is told in its order when there is space', async () => {
    const { loop, story, disk } = makeLoop();
    loop.dispatch(RUN_STARTED);
    disk.isFull = true;
    loop.dispatch(SUPERVISOR_STARTED);
    loop.dispatch({ type: 'warned', message: 'later' });
    expect(loop.stalled).toBe('free some space: the run goes on by itself · no space left for the journal');
    expect(story.filter((line) => line.startsWith('free some space'))).toHaveLength(1);
    disk.isFull = false;
    await waitFor(() => loop.stalled === null, { what: 'the journal', intervalMs: 1 });
    expect(story.filter((line) => /^\w+!?$/.test(line))).toEqual(['run_started!', 'supervisor_started', 'warned']);
  });

  test('a run that has not begun does not', () => {
    const { loop, disk } = makeLoop();
    disk.isFull = true;
    expect(() => loop.dispatch(RUN_STARTED)).toThrow('no space left for the journal');
  });

  test('the run ends when the last of it is written down', async () => {
    const { loop, disk } = makeLoop();
    loop.dispatch(RUN_STARTED);
    disk.isFull = true;
    loop.dispatch(FINISHED);
    expect(await isSettled(loop.ended)).toBe(false);
    disk.isFull = false;
    await loop.ended;
    expect(loop.state.phase.name).toBe('finished');
  });

  test('a headless run gives up when it stays full', async () => {
    const { loop, disk } = makeLoop();
    loop.dispatch({ ...RUN_STARTED, headless: true } as Event);
    disk.isFull = true;
    loop.dispatch(SUPERVISOR_STARTED);
    await expect(loop.ended).rejects.toThrow('no space left for the journal');
  });

  test('an effect that finds no space ends the run with what follows', () => {
    const { loop, performed } = makeLoop();
    loop.dispatch(RUN_STARTED);
    loop.dispatch(SUPERVISOR_STARTED);
    performed[0]?.done.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    return waitFor(() => loop.state.phase.name === 'finished', { what: 'the end', intervalMs: 1 }).then(() =>
      expect(loop.state.phase).toMatchObject({
        reason: 'environment',
        message: expect.stringMatching(/^the disk is full: begin: /),
        nextCommand: expect.stringMatching(/^ralph-tui build/),
      }),
    );
  });
});
