// What follows a sealed attempt where the tables of step.test.ts do not reach: times, rows, and what people asked for.
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import { OPEN_PLAN, Story } from '../story.ts';

/** Seconds that the run waits for. */
function waitS(story: Story): number {
  const { phase } = story;
  if (phase.name !== 'waiting') throw new Error(`it is ${phase.name}`);
  return Math.round((Date.parse(phase.until) - Date.parse(phase.since)) / 1_000);
}

function goOn(story: Story): Story {
  if (story.phase.name === 'waiting') story.tell({ type: 'woke', until: story.phase.until });
  return story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
}

describe('waits', () => {
  test('a usage limit whose reset is over is tried again at once', () => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T09:00:00.000Z' });
    expect(waitS(story)).toBeLessThanOrEqual(0);
  });

  test('a usage limit without a reset time waits longer each time', () => {
    const story = new Story();
    const waits = [1, 2, 3, 4].map(() => {
      const s = waitS(story.attempt('usage_limit'));
      goOn(story);
      return s;
    });
    expect(waits.map((s) => Math.ceil(s / 60))).toEqual([15, 30, 60, 60]);
  });

  test('a memory kill waits five seconds, the engine half an hour at most', () => {
    expect(waitS(new Story().attempt('oom'))).toBe(DEFAULT_POLICY.afterOomMs / 1_000 - 1);
    expect(waitS(new Story().attempt('infra'))).toBe(DEFAULT_POLICY.engineAwayMs / 1_000 - 1);
  });

  test('an engine that comes back goes on with the next attempt', () => {
    const story = new Story().attempt('infra').tell({ type: 'engine_seen', answers: true });
    expect(story.effects).toEqual([{ type: 'survey' }]);
    expect(goOn(story).effects).toEqual([{ type: 'begin', ref: { iteration: 1, attempt: 2 } }]);
  });

  test('an engine that stays away needs a person, and a headless run ends', () => {
    const away = { type: 'engine_seen', answers: false } as const;
    expect(new Story().attempt('infra').tell(away).phase).toMatchObject({
      name: 'paused',
      reason: { kind: 'outcome' },
    });
    const headless = new Story({ headless: true }).attempt('infra').tell(away);
    expect(headless.phase).toMatchObject({ name: 'finished', reason: 'environment' });
  });
});

describe('rows', () => {
  test('trouble of another kind begins a row of its own', () => {
    const story = new Story().attempt('crashed').attempt('hung').attempt('crashed').attempt('hung');
    expect(story.phase.name).toBe('between');
    expect(story.state.streak).toEqual({ kind: 'hung', count: 1 });
  });

  test('a message names what the row has in common, and the last of it', () => {
    const story = new Story().attempt('crashed').attempt('crashed').attempt('crashed');
    expect(story.phase).toMatchObject({
      message: '3 attempts in a row: crashed; the last: it was crashed',
      nextCommand: 'ralph-tui receipts',
    });
  });

  test.each([
    ['docker', 'give it more memory (--memory, now 1G) or make the steps of the plan smaller'],
    ['host', 'make the steps of the plan smaller'],
  ] as const)('of memory kills says what helps (%s)', (sandbox, help) => {
    const story = new Story({ options: { sandbox } });
    goOn(goOn(story.attempt('oom')).attempt('oom')).attempt('oom');
    expect(story.phase).toMatchObject({
      reason: 'gave_up',
      message: `3 attempts in a row: out of memory; the last: it was oom · ${help}`,
    });
  });

  test('gone on by a person, the row begins again', () => {
    const story = new Story({ options: { step: true } }).attempt('crashed');
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    expect(goOn(story).attempt('crashed').state.streak).toEqual({ kind: 'crashed', count: 1 });
  });
});

describe('what a person asked for', () => {
  test('a pause comes instead of a wait', () => {
    const story = new Story().starts().tell({ type: 'command_received', command: { name: 'pause' } });
    expect(story.exits().seals('transient').phase).toMatchObject({ name: 'paused', reason: { kind: 'asked' } });
  });

  test('a pause after trouble that needs a person names the trouble', () => {
    const story = new Story().starts().tell({ type: 'command_received', command: { name: 'pause' } });
    story.exits().seals('auth');
    expect(story.phase).toMatchObject({
      reason: { message: 'it was auth · iteration 1 kept', help: 'ralph-tui login, then: ralph-tui resume' },
    });
  });

  test('a stop between the exit and the seal ends the run with the receipt that the attempt earned', () => {
    const story = new Story().starts().exits();
    story.tell({ type: 'command_received', command: { name: 'stop', when: 'now', attempt: null } });
    expect(story.seals('completed').phase).toMatchObject({ name: 'finished', reason: 'stopped' });
    expect(story.state.receipts[0]?.outcome.kind).toBe('completed');
  });

  test('the end of a stop that hit the last task says stopped', () => {
    const story = new Story().starts();
    story.tell({ type: 'command_received', command: { name: 'stop', when: 'now', attempt: null } });
    expect(story.exits({ code: 143 }).seals('stopped').phase).toMatchObject({
      reason: 'stopped',
      message: 'stopped by you in iteration 1',
    });
  });
});

test('a sandbox that never started needs its environment mended, headless with 7', () => {
  const story = new Story({ headless: true });
  const ref = { iteration: 1, attempt: 1 };
  story.tell({
    type: 'attempt_starting',
    ...ref,
    sandboxName: 'n',
    sessionId: null,
    promptHash: '',
    argv: [],
    survey: OPEN_PLAN,
    memoryLimitBytes: null,
  });
  story.tell({ type: 'attempt_start_failed', ...ref, code: 'start_failed', message: 'no image' });
  expect(story.seals('config', { exitCode: null }).phase).toMatchObject({ name: 'finished', reason: 'environment' });
});
