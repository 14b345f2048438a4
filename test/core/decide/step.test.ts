import { describe, expect, test } from 'vitest';
import { refusal } from '../../../src/core/decide/refusal.ts';
import { OUTCOME_KINDS, OUTCOME_RULES, type OutcomeKind } from '../../../src/core/outcome.ts';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import { replay } from '../../../src/core/state/apply.ts';
import { CLEAN_EXIT, DONE_PLAN, OPEN_PLAN, replayed, Story } from '../story.ts';

const begin = (iteration: number, attempt: number) => ({ type: 'begin', ref: { iteration, attempt } });

describe('the way of a run', () => {
  test('starts with iteration 1, goes on with 2, and ends when no task is open', () => {
    const story = new Story();
    expect(story.effects).toEqual([begin(1, 1)]);
    story.starts();
    expect(story.effects).toEqual([{ type: 'follow', ref: { iteration: 1, attempt: 1 }, sandboxId: 'box-1-1' }]);
    story.exits();
    expect(story.effects).toEqual([{ type: 'seal', ref: { iteration: 1, attempt: 1 } }]);
    story.seals('completed');
    expect(story.effects).toEqual([
      { type: 'remove', ref: { iteration: 1, attempt: 1 }, sandboxId: 'box-1-1' },
      begin(2, 1),
    ]);
    story.attempt('completed', { survey: DONE_PLAN });
    expect(story.phase).toMatchObject({
      name: 'finished',
      reason: 'done',
      message: 'all 3 tasks of the plan are done',
    });
    expect(story.decided).toEqual(['finished', 'exit']);
  });

  test('a plan that is done already needs no iteration', () => {
    expect(new Story({ survey: DONE_PLAN }).phase).toMatchObject({ name: 'finished', reason: 'done' });
  });

  test('a plan that lost its tasks while the attempt was cut off is not a finished one', () => {
    const emptied = { ...OPEN_PLAN, plan: { done: 3, open: 0, removed: 2, current: null } };
    expect(new Story().attempt('interrupted', { survey: emptied }).effects).toContainEqual(begin(1, 2));
    expect(new Story().attempt('completed', { survey: emptied }).phase).toMatchObject({
      name: 'finished',
      reason: 'done',
    });
  });

  test('an empty plan is not a finished one', () => {
    const survey = { ...OPEN_PLAN, plan: { done: 0, open: 0, removed: 0, current: null } };
    expect(new Story({ survey }).effects).toEqual([begin(1, 1)]);
  });

  test('stops at the maximum', () => {
    const story = new Story({ options: { maxIterations: 2 } }).attempt('completed').attempt('completed');
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'max_reached' });
  });

  test('a maximum that is raised in time counts', () => {
    const story = new Story({ options: { maxIterations: 1 } }).starts();
    story.tell({ type: 'command_received', command: { name: 'set_max', max: 2 } });
    expect(story.exits().seals('completed').effects).toContainEqual(begin(2, 1));
  });

  test('the journal alone gives the same state', () => {
    const story = new Story({ options: { step: true } }).attempt('completed');
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    story
      .tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN })
      .attempt('usage_limit', { resetsAt: '2026-11-21T12:00:00.000Z' });
    expect(replayed(story)).toEqual(story.state);
  });
});

describe('claims', () => {
  test('count when no plan says otherwise', () => {
    const survey = { ...OPEN_PLAN, plan: null, planHash: null };
    const story = new Story({ survey }).attempt('completed', { claimedDone: true, survey });
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'done' });
  });

  test('are shown and do not stop while tasks are open', () => {
    const story = new Story().attempt('completed', { claimedDone: true });
    expect(story.effects).toContainEqual(begin(2, 1));
    expect(story.state.warnings).toEqual(['iteration 1 claims done, 2 open']);
  });

  test('of an attempt that went wrong are none', () => {
    const survey = { ...OPEN_PLAN, plan: null, planHash: null };
    const story = new Story({ survey }).attempt('crashed', { claimedDone: true, survey });
    expect(story.phase.name).not.toBe('finished');
  });
});

describe('planning', () => {
  test('ends when an iteration leaves the plan as it was', () => {
    const story = new Story({ options: { mode: 'plan' } }).attempt('completed', {
      survey: { ...OPEN_PLAN, planHash: 'other' },
    });
    expect(story.effects).toContainEqual(begin(2, 1));
    story
      .starts({ ...OPEN_PLAN, planHash: 'other' })
      .exits()
      .seals('completed', { survey: { ...OPEN_PLAN, planHash: 'other' } });
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'done', nextCommand: 'ralph-tui build' });
  });

  test('gives up when no plan appears', () => {
    const survey = { ...OPEN_PLAN, plan: null, planHash: null };
    const story = new Story({ options: { mode: 'plan' }, survey });
    for (let n = 0; n < 3; n += 1) story.starts(survey).exits().seals('completed', { survey });
    expect(story.phase).toMatchObject({
      name: 'finished',
      reason: 'gave_up',
      message: '3 iterations wrote no IMPLEMENTATION_PLAN.md',
    });
  });
});

describe('every kind of end leads where the design says', () => {
  const expected: Record<OutcomeKind, { next: unknown; phase?: object }> = {
    completed: { next: begin(2, 1) },
    usage_limit: {
      next: expect.anything(),
      phase: { name: 'waiting', kind: 'usage_limit', until: '2026-11-21T12:01:00.000Z' },
    },
    transient: { next: expect.anything(), phase: { name: 'waiting', kind: 'back_off' } },
    auth: { next: expect.anything(), phase: { name: 'paused' } },
    billing: { next: expect.anything(), phase: { name: 'paused' } },
    config: { next: expect.anything(), phase: { name: 'paused' } },
    turn_limit: { next: begin(2, 1) },
    budget: { next: begin(2, 1) },
    context: { next: begin(2, 1) },
    refused: { next: begin(2, 1) },
    stopped: { next: begin(1, 2) },
    interrupted: { next: begin(1, 2) },
    oom: { next: expect.anything(), phase: { name: 'waiting', kind: 'after_oom' } },
    killed: { next: begin(1, 2) },
    infra: { next: expect.anything(), phase: { name: 'waiting', kind: 'engine' } },
    hung: { next: begin(2, 1) },
    timeout: { next: begin(2, 1) },
    flood: { next: begin(2, 1) },
    crashed: { next: begin(2, 1) },
  };

  test.each(OUTCOME_KINDS)('%s', (kind) => {
    const story = new Story().attempt(kind, { resetsAt: kind === 'usage_limit' ? '2026-11-21T12:00:00.000Z' : null });
    expect(story.effects).toContainEqual(expected[kind].next);
    if (expected[kind].phase !== undefined) expect(story.phase).toMatchObject(expected[kind].phase);
    expect([story.state.iteration, story.state.attempt]).toEqual(OUTCOME_RULES[kind].counted ? [2, 1] : [1, 2]);
  });

  const badKinds = OUTCOME_KINDS.filter((kind) => OUTCOME_RULES[kind].bad);
  test.each(badKinds)('three times %s in a row: gave up', (kind) => {
    const story = new Story();
    for (let n = 0; n < 3; n += 1) {
      story.attempt(kind);
      if (story.phase.name === 'waiting')
        story
          .tell({ type: 'woke', until: story.phase.until })
          .tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    }
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'gave_up' });
  });

  test('another end between starts the count again', () => {
    const story = new Story()
      .attempt('crashed')
      .attempt('crashed')
      .attempt('completed')
      .attempt('crashed')
      .attempt('crashed');
    expect(story.phase.name).not.toBe('finished');
  });

  test('killed twice in a row needs a person, and going on forgives the first', () => {
    const story = new Story().attempt('killed').attempt('killed');
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'outcome', headlessExit: 'needs_person' } });
    story
      .tell({ type: 'command_received', command: { name: 'resume', next: false } })
      .tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    expect(story.attempt('killed').effects).toContainEqual(begin(1, 4));
  });

  test('back-off grows and gives up in the end', () => {
    const story = new Story();
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      story.attempt('transient');
      if (story.phase.name !== 'waiting') break;
      waits.push((Date.parse(story.phase.until) - Date.parse(story.phase.since)) / 60_000);
      story
        .tell({ type: 'woke', until: story.phase.until })
        .tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    }
    expect(waits.map(Math.round)).toEqual([1, 2, 5, 10, 10]);
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'gave_up' });
  });

  test('an iteration has ten attempts at most', () => {
    const story = new Story();
    for (let n = 0; n < DEFAULT_POLICY.attemptLimit; n += 1) {
      story.attempt('usage_limit', { resetsAt: '2026-11-21T10:00:00.000Z' });
      if (story.phase.name === 'waiting')
        story
          .tell({ type: 'woke', until: story.phase.until })
          .tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    }
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'gave_up' });
  });
});

describe('what a person asks for', () => {
  const command = (story: Story, value: Parameters<typeof refusal>[1]) => {
    expect(refusal(story.state, value)).toBeNull();
    return story.tell({ type: 'command_received', command: value });
  };

  test('pause comes after the iteration, resume goes on with the same numbers', () => {
    const story = new Story().starts();
    command(story, { name: 'pause' });
    expect(story.effects).toEqual([]);
    story.exits().seals('completed');
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'asked' } });
    command(story, { name: 'resume', next: false });
    expect(story.effects).toEqual([{ type: 'survey' }]);
    expect(story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN }).effects).toEqual([begin(2, 1)]);
  });

  test('a pause can be taken back before it comes', () => {
    const story = new Story().starts();
    command(story, { name: 'pause' });
    command(story, { name: 'resume', next: false });
    expect(story.exits().seals('completed').effects).toContainEqual(begin(2, 1));
  });

  test('kill pauses the run; restart gives the next attempt of the same iteration', () => {
    const story = new Story().starts();
    command(story, { name: 'kill', attempt: { iteration: 1, attempt: 1 } });
    expect(story.effects).toEqual([{ type: 'kill', sandboxId: 'box-1-1' }]);
    story.exits({ code: 137 }).seals('stopped');
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'after_stop' } });
    command(story, { name: 'restart', attempt: null });
    expect(story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN }).effects).toEqual([begin(1, 2)]);
  });

  test('after a kill, next skips the iteration', () => {
    const story = new Story().starts();
    command(story, { name: 'kill', attempt: null });
    story.exits({ code: 137 }).seals('stopped');
    command(story, { name: 'resume', next: true });
    expect(story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN }).effects).toEqual([begin(2, 1)]);
  });

  test('restart of a running attempt stops it first', () => {
    const story = new Story().starts();
    command(story, { name: 'restart', attempt: null });
    expect(story.effects).toEqual([{ type: 'stop', sandboxId: 'box-1-1', graceMs: DEFAULT_POLICY.stopGraceMs }]);
    expect(story.exits({ code: 143 }).seals('stopped').effects).toContainEqual(begin(1, 2));
  });

  test('stop ends the run with the attempt, and exit reason stopped', () => {
    const story = new Story().starts();
    command(story, { name: 'stop', when: 'now', attempt: null });
    story.exits({ code: 143 }).seals('stopped');
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'stopped' });
  });

  test('stop after the iteration lets it end', () => {
    const story = new Story().starts();
    command(story, { name: 'stop', when: 'after_iteration', attempt: null });
    expect(story.effects).toEqual([]);
    expect(story.exits().seals('completed').phase).toMatchObject({ name: 'finished', reason: 'stopped' });
  });

  test.each(['usage_limit', 'transient', 'oom'] as const)(
    'a stop that was asked for does not wait first (%s)',
    (kind) => {
      const story = new Story().starts();
      command(story, { name: 'stop', when: 'after_iteration', attempt: null });
      expect(story.exits().seals(kind).phase).toMatchObject({ name: 'finished', reason: 'stopped' });
    },
  );

  test('a stop that was asked for needs no login first', () => {
    const story = new Story().starts();
    command(story, { name: 'stop', when: 'after_iteration', attempt: null });
    expect(story.exits().seals('auth').phase).toMatchObject({ name: 'finished', reason: 'stopped' });
  });

  test('a stop while the next attempt is prepared ends the run before it', () => {
    const story = new Story();
    command(story, { name: 'stop', when: 'now', attempt: null });
    expect(story.effects).toEqual([]);
    story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'stopped' });
  });

  test('a stop before the sandbox has an id takes effect when it has one', () => {
    const story = new Story();
    const { iteration, attempt } = story.state;
    story.tell({
      type: 'attempt_starting',
      iteration,
      attempt,
      sandboxName: 'n',
      sessionId: 's',
      promptHash: 'p',
      argv: [],
      survey: OPEN_PLAN,
      memoryLimitBytes: null,
    });
    command(story, { name: 'stop', when: 'now', attempt: null });
    story.tell({ type: 'attempt_started', iteration, attempt, sandboxId: 'box' });
    expect(story.decided).toEqual(['follow', 'stop']);
  });

  test('a late answer never kills the next attempt', () => {
    const story = new Story().attempt('completed').starts();
    expect(refusal(story.state, { name: 'kill', attempt: { iteration: 1, attempt: 1 } })).toBe(
      'attempt 1.1 is not running any more',
    );
  });

  test('resume ends a wait', () => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T13:00:00.000Z' });
    command(story, { name: 'resume', next: false });
    expect(story.effects).toEqual([{ type: 'survey' }]);
  });

  test.each([
    ['stop', { name: 'stop', when: 'now', attempt: null }],
    ['resume', { name: 'resume', next: false }],
  ] as const)('%s of a finished run is refused with what to do', (_, value) => {
    const story = new Story({ survey: DONE_PLAN });
    expect(refusal(story.state, value)).toMatch(/finished/);
  });
});

describe('guards of the gate', () => {
  test('a branch that changes under the run pauses it, and going on accepts the new one', () => {
    const other = { ...OPEN_PLAN, branch: 'other' };
    const story = new Story().attempt('completed', { survey: other });
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'branch_changed' } });
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    expect(story.tell({ type: 'surveyed', hasSecrets: true, survey: other }).effects).toEqual([begin(2, 1)]);
    expect(story.state.branch).toBe('other');
  });

  test('a workspace that cannot be trusted pauses the run', () => {
    const story = new Story({ survey: { ...OPEN_PLAN, problem: 'HEAD is missing' } });
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'workspace', message: 'HEAD is missing' } });
  });

  test('--step pauses after each iteration', () => {
    const story = new Story({ options: { step: true } }).attempt('completed');
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'step' } });
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    expect(story.tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN }).effects).toEqual([begin(2, 1)]);
  });

  test.each([
    ['needs a person', 'auth', 'needs_person'],
    ['engine', 'config', 'needs_person'],
  ] as const)('headless, a pause that %s ends the run', (_, kind, reason) => {
    const story = new Story({ headless: true }).attempt(kind);
    expect(story.phase).toMatchObject({ name: 'finished', reason });
  });

  test('headless, a pause that a person asked for stays', () => {
    const story = new Story({ headless: true }).starts();
    story
      .tell({ type: 'command_received', command: { name: 'pause' } })
      .exits()
      .seals('completed');
    expect(story.phase.name).toBe('paused');
  });
});

describe('pushing', () => {
  const pushing = { options: { push: true }, pushTarget: { remote: 'origin', url: '/remote.git' } };
  const moved = { ...OPEN_PLAN, head: 'b'.repeat(40) };

  test('comes after a sealed attempt that moved the head, before what follows', () => {
    const story = new Story(pushing).attempt('completed', { survey: moved });
    expect(story.decided).toEqual(['push']);
    story.tell({ type: 'pushed', ok: true, branch: 'main', head: moved.head, message: '' });
    expect(story.effects).toEqual([begin(2, 1)]);
  });

  test('is left out when there is nothing new', () => {
    expect(new Story(pushing).attempt('completed').decided).toEqual(['begin']);
  });

  test('leaves alone what was committed on another branch', () => {
    const story = new Story(pushing).attempt('completed', { survey: { ...moved, branch: 'elsewhere' } });
    expect(story.decided).toEqual(['paused']);
  });

  test('that fails is a warning, not an end', () => {
    const story = new Story(pushing).attempt('completed', { survey: moved });
    story.tell({ type: 'pushed', ok: false, branch: 'main', head: moved.head, message: 'no route' });
    expect(story.state.warnings).toEqual(['push failed: no route']);
    expect(story.effects).toContainEqual(begin(2, 1));
  });
});

describe('taking up a run whose supervisor died', () => {
  test.each([
    ['before the first attempt', (story: Story) => story, null, ['begin']],
    ['while it started, nothing there', starting, null, ['begin']],
    ['while it started, created', starting, { id: 'box', state: 'created' }, ['begin']],
    ['while it started, running', starting, { id: 'box', state: 'running' }, ['attempt_started', 'follow']],
    ['while it started, ended already', starting, { id: 'box', state: 'exited' }, ['attempt_started', 'follow']],
    ['while it ran', (story: Story) => story.starts(), { id: 'box-1-1', state: 'running' }, ['follow']],
    ['while it ran, and the sandbox is gone', (story: Story) => story.starts(), null, ['follow']],
    ['before the seal', (story: Story) => story.starts().exits(), { id: 'box-1-1', state: 'exited' }, ['seal']],
  ] as const)('%s', (_, until, found, expected) => {
    const story = until(new Story());
    story.supervisor({ found });
    expect(story.effects.map((effect) => (effect.type === 'record' ? effect.event.type : effect.type))).toEqual(
      expected,
    );
  });

  test('a wait goes on until the same time', () => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T13:00:00.000Z' }).supervisor();
    expect(story.effects).toContainEqual({ type: 'wake', until: '2026-11-21T13:01:00.000Z' });
    expect(story.decided).toEqual(['wake']);
  });

  test('between the seal and its decision, the decision is made again', () => {
    const story = new Story().starts().exits();
    story.seals('usage_limit', { resetsAt: '2026-11-21T13:00:00.000Z' });
    // The journal ends with the seal: the wait was never written.
    const cut = Object.assign(new Story(), { events: [] }) as Story;
    cut.starts().exits();
    const state = {
      ...cut.state,
      phase: { name: 'between' },
      undecided: true,
      lastSealed: story.state.lastSealed,
      current: null,
      streak: { kind: 'usage_limit', count: 1 },
    } as const;
    cut.state = state as unknown as Story['state'];
    cut.supervisor();
    expect(cut.phase).toMatchObject({ name: 'waiting', kind: 'usage_limit', until: '2026-11-21T13:01:00.000Z' });
  });

  test('without the login it pauses and says so', () => {
    const story = new Story().attempt('completed').supervisor({ hasSecrets: false });
    expect(story.phase).toMatchObject({ name: 'paused', reason: { kind: 'no_secrets' } });
  });

  test('a paused run stays paused', () => {
    const story = new Story({ options: { step: true } }).attempt('completed').supervisor();
    expect(story.decided).toEqual([]);
  });
});

function starting(story: Story): Story {
  const { iteration, attempt } = story.state;
  return story.tell({
    type: 'attempt_starting',
    iteration,
    attempt,
    sandboxName: 'n',
    sessionId: 's',
    promptHash: 'p',
    argv: [],
    survey: OPEN_PLAN,
    memoryLimitBytes: null,
  });
}

describe('an internal error', () => {
  const failed = { type: 'finished', reason: 'internal_error', message: 'a bug', nextCommand: null } as const;

  test('ends the attempt that runs, seals it, removes its sandbox, and starts nothing more', () => {
    const story = new Story().starts().tell(failed);
    expect(story.effects).toEqual([{ type: 'kill', sandboxId: 'box-1-1' }, { type: 'exit' }]);
    expect(story.exits({ code: 137 }).decided).toEqual(['seal']);
    story.seals('killed');
    expect(story.effects).toEqual([{ type: 'remove', ref: { iteration: 1, attempt: 1 }, sandboxId: 'box-1-1' }]);
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'internal_error' });
    expect(story.state.receipts).toHaveLength(1);
  });

  test('while a sandbox starts: it is ended as soon as it is there', () => {
    const story = starting(new Story()).tell(failed);
    expect(story.decided).toEqual(['exit']);
    story.tell({ type: 'attempt_started', iteration: 1, attempt: 1, sandboxId: 'box' });
    expect(story.decided).toEqual(['follow', 'kill']);
  });

  test('and a death behind it: the next supervisor ends what still runs', () => {
    const story = new Story()
      .starts()
      .tell(failed)
      .supervisor({ found: { id: 'box-1-1', state: 'running' } });
    expect(story.decided).toEqual(['follow', 'kill', 'exit']);
  });

  test.each([
    { type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN },
    { type: 'woke', until: '2026-11-21T10:00:00.000Z' },
    { type: 'engine_seen', answers: true },
    { type: 'command_received', command: { name: 'resume', next: false } },
  ] as const)('$type brings no run back to life', (event) => {
    const story = new Story().tell(failed).tell(event);
    expect(story.effects).toEqual([]);
    expect(story.phase.name).toBe('finished');
  });
});

describe('what comes too late', () => {
  test.each([
    { type: 'woke', until: '2026-11-21T13:01:00.000Z' },
    { type: 'engine_seen', answers: true },
  ] as const)('$type behind a resume makes no second survey, and so no second attempt', (event) => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T13:00:00.000Z' });
    story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
    expect(story.tell(event).effects).toEqual([]);
  });

  test('the end of an attempt that is not the current one', () => {
    const story = new Story().attempt('completed').starts();
    const exit = { ...CLEAN_EXIT, code: 137 };
    expect(story.tell({ type: 'attempt_exited', iteration: 1, attempt: 1, exit }).effects).toEqual([]);
    expect(story.state.current?.exit).toBeNull();
  });
});

describe('taking up what was decided and not done', () => {
  const events = (story: Story, upTo: number) => Object.assign(story, { state: replay(story.events.slice(0, upTo)) });

  test.each([
    ['stop of a paused run', { name: 'stop', when: 'now', attempt: null }, 'finished'],
    ['resume of a paused run', { name: 'resume', next: false }, 'begin'],
  ] as const)('%s', (_, asked, next) => {
    const story = new Story({ options: { step: true } }).attempt('completed');
    const paused = story.events.length;
    story.tell({ type: 'command_received', command: asked });
    expect(events(story, paused + 1).supervisor().decided).toContain(next);
  });

  test('pause of a wait', () => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T13:00:00.000Z' });
    const waiting = story.events.length;
    story.tell({ type: 'command_received', command: { name: 'pause' } });
    expect(events(story, waiting + 1).supervisor().phase).toMatchObject({ name: 'paused', reason: { kind: 'asked' } });
  });

  test('the end of a headless run that needs a person', () => {
    const story = new Story({ headless: true }).attempt('auth');
    const paused = story.events.findIndex(({ type }) => type === 'paused');
    expect(events(story, paused + 1).supervisor().phase).toMatchObject({ name: 'finished', reason: 'needs_person' });
  });

  test('the removal of the last sandbox', () => {
    const story = new Story().attempt('completed', { survey: DONE_PLAN }).supervisor({ survey: DONE_PLAN });
    expect(story.effects[0]).toEqual({ type: 'remove', ref: { iteration: 1, attempt: 1 }, sandboxId: 'box-1-1' });
    story.tell({ type: 'sandbox_removed', iteration: 1, attempt: 1 });
    expect(story.supervisor({ survey: DONE_PLAN }).effects).toEqual([{ type: 'exit' }]);
  });

  test('a stop of an attempt that never got its sandbox: it is not started for that', () => {
    const story = starting(new Story());
    story.tell({ type: 'command_received', command: { name: 'stop', when: 'now', attempt: null } });
    expect(story.supervisor().decided).toEqual(['attempt_start_failed', 'seal']);
  });
});
