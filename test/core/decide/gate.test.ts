import { describe, expect, test } from 'vitest';
import { gate } from '../../../src/core/decide/gate.ts';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import type { RunState } from '../../../src/core/state/run-state.ts';
import type { Survey } from '../../../src/core/survey.ts';
import { DONE_PLAN, OPEN_PLAN, Story } from '../story.ts';

const state = (change: Partial<RunState> = {}): RunState => ({ ...new Story().state, ...change });
const options = (change: Partial<RunState['options']>) => ({ options: { ...new Story().state.options, ...change } });

function decision(of: RunState, survey: Survey = OPEN_PLAN): string {
  const [effect, ...more] = gate(of, survey, DEFAULT_POLICY);
  expect(more).toEqual([]);
  if (effect?.type === 'begin') return `begin ${effect.ref.iteration}.${effect.ref.attempt}`;
  if (effect?.type !== 'record') throw new Error(`unexpected ${effect?.type}`);
  if (effect.event.type === 'finished') return `finished ${effect.event.reason}`;
  return effect.event.type === 'paused' ? `paused ${effect.event.reason.kind}` : effect.event.type;
}

test.each<[string, RunState, Survey, string]>([
  ['nothing stands in its way', state(), OPEN_PLAN, 'begin 1.1'],
  ['all is done', state(), DONE_PLAN, 'finished done'],
  ['a stop was asked for', state({ stopAfterAsked: true }), OPEN_PLAN, 'finished stopped'],
  ['the workspace is broken', state(), { ...OPEN_PLAN, problem: 'HEAD is missing' }, 'paused workspace'],
  ['the branch is another', state(), { ...OPEN_PLAN, branch: 'other' }, 'paused branch_changed'],
  ['HEAD is detached now', state(), { ...OPEN_PLAN, branch: null }, 'paused branch_changed'],
  ['any branch is accepted', state({ branch: null }), { ...OPEN_PLAN, branch: 'other' }, 'begin 1.1'],
  [
    'the maximum is reached',
    state({ ...options({ maxIterations: 2 }), iteration: 3 }),
    OPEN_PLAN,
    'finished max_reached',
  ],
  ['the last iteration is left', state({ ...options({ maxIterations: 2 }), iteration: 2 }), OPEN_PLAN, 'begin 2.1'],
  ['ten attempts were in vain', state({ attempt: 11 }), OPEN_PLAN, 'finished gave_up'],
  ['the tenth attempt is left', state({ attempt: 10 }), OPEN_PLAN, 'begin 1.10'],
  ['a pause was asked for', state({ pauseAsked: true }), OPEN_PLAN, 'paused asked'],
  ['it goes step by step', state({ ...options({ step: true }), stepped: true }), OPEN_PLAN, 'paused step'],
  ['it goes step by step, before the first', state(options({ step: true })), OPEN_PLAN, 'begin 1.1'],
])('%s', (_, of, survey, expected) => {
  expect(decision(of, survey)).toBe(expected);
});

test('without the login it pauses, and a headless run needs a person', () => {
  const { phase } = new Story({ headless: true }).supervisor({ hasSecrets: false });
  expect(phase).toMatchObject({ name: 'finished', reason: 'needs_person' });
});

describe('what counts first', () => {
  test.each<[string, RunState, Survey, string]>([
    ['done before stopped', state({ stopAfterAsked: true }), DONE_PLAN, 'finished done'],
    ['done before the maximum', state({ ...options({ maxIterations: 1 }), iteration: 2 }), DONE_PLAN, 'finished done'],
    ['stopped before a branch', state({ stopAfterAsked: true }), { ...OPEN_PLAN, branch: 'x' }, 'finished stopped'],
    [
      'the maximum before a pause',
      state({ ...options({ maxIterations: 1 }), iteration: 2, pauseAsked: true }),
      OPEN_PLAN,
      'finished max_reached',
    ],
  ])('%s', (_, of, survey, expected) => {
    expect(decision(of, survey)).toBe(expected);
  });
});
