// Limits, silence, standstill, acceptance and notices: what the core decides about them.
import { describe, expect, test } from 'vitest';
import type { AccountLimit, Survey } from '../../../src/core/survey.ts';
import { DONE_PLAN, OPEN_PLAN, replayed, Story } from '../story.ts';

const begin = (iteration: number, attempt: number) => ({ type: 'begin', ref: { iteration, attempt } });
const PAUSE = { kind: 'no_progress', message: 'no progress', help: null, headlessExit: 'needs_person' } as const;
const RESUME = { type: 'command_received', command: { name: 'resume', next: false } } as const;

/** The story's clock starts at 10:00 and moves on by a second an event. */
const limitUntil = (until: string, place = 0): AccountLimit => ({
  until,
  noticedAt: '2026-11-21T09:59:00.000Z',
  message: 'the 5-hour limit is reached',
  place,
});

describe('a usage limit', () => {
  test('that would last longer than a person allows needs that person', () => {
    const story = new Story().attempt('usage_limit', { resetsAt: '2026-11-21T17:00:00.000Z' });
    expect(story.phase).toMatchObject({
      name: 'paused',
      reason: { kind: 'limit_too_long', headlessExit: 'needs_person' },
    });
  });

  test('may last as long as --max-wait says', () => {
    const story = new Story({ options: { maxWaitMs: 8 * 3_600_000 } }).attempt('usage_limit', {
      resetsAt: '2026-11-21T17:00:00.000Z',
    });
    expect(story.phase).toMatchObject({ name: 'waiting', until: '2026-11-21T17:01:00.000Z' });
  });

  test('of the account stops a run that has not met it yet', () => {
    const story = new Story({ survey: { ...OPEN_PLAN, accountLimit: limitUntil('2026-11-21T12:00:00.000Z') } });
    expect(story.phase).toMatchObject({ name: 'waiting', kind: 'usage_limit', until: '2026-11-21T12:01:00.000Z' });
  });

  test('is waited out one after the other', () => {
    const until = (place: number) => {
      const { phase } = new Story({
        survey: { ...OPEN_PLAN, accountLimit: limitUntil('2026-11-21T12:00:00.000Z', place) },
      });
      return phase.name === 'waiting' ? phase.until : null;
    };
    expect([0, 1, 2].map(until)).toEqual([
      '2026-11-21T12:01:00.000Z',
      '2026-11-21T12:01:15.000Z',
      '2026-11-21T12:01:30.000Z',
    ]);
  });

  test('that is over stops nobody', () => {
    const story = new Story({ survey: { ...OPEN_PLAN, accountLimit: limitUntil('2026-11-21T09:58:00.000Z') } });
    expect(story.effects).toEqual([begin(1, 1)]);
  });

  test('is tried at once when a person says so, although the account is known to be at it', () => {
    const limited: Survey = { ...OPEN_PLAN, accountLimit: limitUntil('2026-11-21T12:00:00.000Z') };
    const story = new Story({ survey: limited })
      .tell(RESUME)
      .tell({ type: 'surveyed', hasSecrets: true, survey: limited });
    expect(story.effects).toEqual([begin(1, 1)]);
  });
});

describe('an attempt that is overdue', () => {
  const overdue = (story: Story, why: 'idle' | 'flood') => {
    const { iteration, attempt } = story.state;
    return story.tell({ type: 'attempt_overdue', iteration, attempt, why, limit: '10m' });
  };

  test.each([
    ['idle', 'stop'],
    ['flood', 'kill'],
  ] as const)('%s: %s', (why, effect) => {
    expect(overdue(new Story().starts(), why).effects.map(({ type }) => type)).toEqual([effect]);
  });

  test('is ended once, and then goes the way of its outcome', () => {
    const story = overdue(overdue(new Story().starts(), 'idle'), 'idle');
    expect(story.effects).toEqual([]);
    expect(story.exits({ code: 143 }).seals('hung').effects).toContainEqual(begin(2, 1));
  });

  test('that a person has stopped already is left to that', () => {
    const story = new Story()
      .starts()
      .tell({ type: 'command_received', command: { name: 'stop', when: 'attempt', attempt: null } });
    expect(overdue(story, 'idle').effects).toEqual([]);
  });
});

describe('a standstill', () => {
  const still = {
    progress: { commits: false, plan: false, workTree: false, workTreeHash: 'clean' },
    traits: { error: null, lastTool: 'Bash npm test', filesRead: ['src/a.ts'], filesChanged: [] },
  };

  test('of three counted iterations needs a person, with what they had in common', () => {
    const story = new Story().attempt('completed', still).attempt('completed', still);
    expect(story.effects).toContainEqual(begin(3, 1));
    story.attempt('completed', still);
    expect(story.phase).toMatchObject({
      name: 'paused',
      reason: {
        kind: 'no_progress',
        message: expect.stringMatching(
          /^3 iterations without progress.*same last command \(Bash npm test\), the same files read \(src\/a.ts\)$/,
        ),
      },
    });
  });

  test('says so where it is the command of --until that keeps the run from its end', () => {
    const done = { type: 'surveyed', hasSecrets: true, survey: DONE_PLAN } as const;
    const story = new Story({ options: { until: 'false' }, survey: DONE_PLAN });
    const fails = () =>
      story
        .tell({ type: 'check_started', command: 'false' })
        .tell({ type: 'check_ended', ok: false, exitCode: 1, tail: '', head: DONE_PLAN.head, planHash: 'h2' })
        .tell(done);
    fails();
    for (let n = 0; n < 3; n += 1) {
      story
        .starts(DONE_PLAN)
        .exits()
        .seals('completed', { ...still, toolCalls: 1, survey: DONE_PLAN });
      fails();
    }
    expect(story.phase).toMatchObject({
      name: 'paused',
      reason: {
        kind: 'no_progress',
        message: expect.stringMatching(/^3 iterations without progress while `false` fails \(exit 1\): no commit/),
        remedy: 'see ralph-tui logs, mend the prompt, the command of --until or the plan',
      },
    });
  });

  test.each([
    ['a commit', { commits: true }],
    ['the plan', { plan: true }],
    ['a file', { workTree: true }],
    ['what git could not tell', { workTree: null }],
  ])('is none when %s moved', (_, moved) => {
    const moving = { ...still, progress: { ...still.progress, ...moved } };
    const story = new Story().attempt('completed', still).attempt('completed', still).attempt('completed', moving);
    expect(story.effects).toContainEqual(begin(4, 1));
  });

  test('is counted anew when a person goes on', () => {
    const story = new Story();
    for (let n = 0; n < 3; n += 1) story.attempt('completed', still);
    story.tell(RESUME).tell({ type: 'surveyed', hasSecrets: true, survey: OPEN_PLAN });
    expect(story.effects).toEqual([begin(4, 1)]);
    expect(story.attempt('completed', still).effects).toContainEqual(begin(5, 1));
  });

  test('of a planning run is its end, not its trouble', () => {
    const story = new Story({ options: { mode: 'plan' } });
    const moving = { ...still, survey: { ...OPEN_PLAN, planHash: 'other' } };
    for (const survey of [OPEN_PLAN, moving.survey, OPEN_PLAN]) story.starts(survey).exits().seals('turn_limit', still);
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'gave_up' });
  });
});

describe('--until', () => {
  const check = { type: 'check', command: 'npm test' };
  const started = { type: 'check_started', command: 'npm test' } as const;
  const ended = (exitCode: number | null, survey: Survey = DONE_PLAN) =>
    ({
      type: 'check_ended',
      ok: exitCode === 0,
      exitCode,
      tail: 'one failed',
      head: survey.head,
      planHash: survey.planHash,
    }) as const;
  const untilStory = () => new Story({ options: { until: 'npm test' } }).attempt('completed', { survey: DONE_PLAN });

  test('has the last word before the run is done', () => {
    const story = untilStory();
    expect(story.decided).toEqual(['check']);
    expect(story.effects).toContainEqual(check);
    story.tell(started).tell(ended(0)).tell({ type: 'surveyed', hasSecrets: true, survey: DONE_PLAN });
    expect(story.phase).toMatchObject({
      name: 'finished',
      reason: 'done',
      message: 'all 3 tasks of the plan are done, and `npm test` succeeds',
    });
  });

  test('that fails lets the loop go on, and is asked again when something has changed', () => {
    const story = untilStory()
      .tell(started)
      .tell(ended(1))
      .tell({ type: 'surveyed', hasSecrets: true, survey: DONE_PLAN });
    expect(story.effects).toEqual([begin(2, 1)]);
    const mended = { ...DONE_PLAN, head: 'b'.repeat(40) };
    story.starts(DONE_PLAN).exits().seals('completed', { survey: mended });
    expect(story.decided).toEqual(['check']);
  });

  const DONE = { type: 'surveyed', hasSecrets: true, survey: DONE_PLAN } as const;

  test.each([
    [
      'an attempt that called tools, and committed nothing',
      (story: Story) => story.attempt('completed', { survey: DONE_PLAN, toolCalls: 3 }),
    ],
    [
      'a person who says to go on',
      (story: Story) => story.tell({ type: 'paused', reason: PAUSE }).tell(RESUME).tell(DONE),
    ],
  ])('is asked again after %s', (_, happens) => {
    expect(happens(untilStory().tell(started).tell(ended(1)).tell(DONE)).decided).toEqual(['check']);
  });

  test('is not asked again after an attempt that called no tool', () => {
    const story = untilStory().tell(started).tell(ended(1)).tell(DONE);
    expect(story.attempt('completed', { survey: DONE_PLAN, toolCalls: 0 }).effects).toContainEqual(begin(3, 1));
  });

  test('that could not run has said nothing: it is asked again when the engine is back', () => {
    const story = untilStory().tell(started).tell(ended(null));
    expect(story.phase).toMatchObject({ name: 'waiting', kind: 'engine', why: 'the check could not run: one failed' });
    expect(story.tell({ type: 'engine_seen', answers: true }).tell(DONE).decided).toEqual(['check']);
  });

  test('that begins when a stop has come already is ended', () => {
    const story = untilStory().tell({
      type: 'command_received',
      command: { name: 'stop', when: 'now', attempt: null },
    });
    expect(story.tell(started).effects).toEqual([{ type: 'end_check' }]);
  });

  test('is not asked before the run seems done', () => {
    expect(new Story({ options: { until: 'npm test' } }).attempt('completed').decided).toEqual(['begin']);
  });

  test('is run again by a supervisor that finds it under way', () => {
    expect(untilStory().tell(started).supervisor({ survey: DONE_PLAN }).decided).toEqual(['check']);
  });

  test('is cut off by a stop, and its word does not count then', () => {
    const story = untilStory()
      .tell(started)
      .tell({ type: 'command_received', command: { name: 'stop', when: 'now', attempt: null } });
    expect(story.effects).toEqual([{ type: 'end_check' }]);
    story.tell(ended(null)).tell({ type: 'surveyed', hasSecrets: true, survey: DONE_PLAN });
    expect(story.phase).toMatchObject({ name: 'finished', reason: 'stopped' });
  });

  test('stands on the receipt of the attempt that it judges', () => {
    const story = untilStory().tell(started).tell(ended(1)).tell(DONE);
    story.attempt('completed', { survey: DONE_PLAN, toolCalls: 1 }).tell(started).tell(ended(null));
    expect(story.state.receipts.map(({ check }) => check)).toEqual([{ ok: false, exitCode: 1 }, null]);
  });

  test('is in the journal', () => {
    const story = untilStory().tell(started).tell(ended(1));
    expect(replayed(story)).toEqual(story.state);
  });
});

describe('a headless run that needs a person', () => {
  test.each([
    ['auth', 'it was auth · iteration 1 kept · ralph-tui login'],
    ['billing', 'it was billing · iteration 1 kept · add credit or ask your admin'],
    ['config', 'it was config · iteration 1 kept · mend what the message names'],
  ] as const)('ends at %s with what helps; resume finds nothing to go on with', (kind, message) => {
    const { phase } = new Story({ headless: true }).attempt(kind);
    expect(phase).toMatchObject({ name: 'finished', message, nextCommand: 'ralph-tui build' });
  });

  test('ends at a limit that is too long', () => {
    const { phase } = new Story({ headless: true }).attempt('usage_limit', { resetsAt: '2026-11-21T17:00:00.000Z' });
    expect(phase).toMatchObject({
      name: 'finished',
      message: expect.stringMatching(/longer than --max-wait allows · wait until then, or allow a longer --max-wait$/),
    });
  });

  test('ends at a pause of an older program without words that do not hold', () => {
    const reason = { ...PAUSE, help: 'mend it, then: ralph-tui resume' };
    const { phase } = new Story({ headless: true }).tell({ type: 'paused', reason });
    expect(phase).toMatchObject({ name: 'finished', message: 'no progress' });
  });
});

describe('notices', () => {
  test('go out when a person is needed, and again while nobody comes', () => {
    const story = new Story().attempt('auth');
    expect(story.notices.map(({ type }) => type)).toEqual(['notify', 'remind']);
    const since = story.phase.name === 'paused' ? story.phase.since : '';
    expect(story.tell({ type: 'reminder_due', since }).notices.map(({ type }) => type)).toEqual(['notify', 'remind']);
  });

  test('are not repeated for a pause that is over', () => {
    const story = new Story().attempt('auth');
    const since = story.phase.name === 'paused' ? story.phase.since : '';
    story.tell(RESUME);
    expect(story.tell({ type: 'reminder_due', since }).notices).toEqual([]);
  });

  test('do not follow what a person asked for', () => {
    const story = new Story()
      .starts()
      .tell({ type: 'command_received', command: { name: 'pause' } })
      .exits()
      .seals('completed');
    expect(story.notices).toEqual([]);
  });

  test('tell of the end', () => {
    expect(new Story({ survey: DONE_PLAN }).notices).toEqual([
      { type: 'notify', what: 'finished', message: 'all 3 tasks of the plan are done', help: null },
    ]);
  });
});
