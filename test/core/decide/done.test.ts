import { describe, expect, test } from 'vitest';
import { contradictedClaim, doneBecause } from '../../../src/core/decide/done.ts';
import type { AttemptSealed } from '../../../src/core/events.ts';
import type { OutcomeKind } from '../../../src/core/outcome.ts';
import type { Survey } from '../../../src/core/survey.ts';
import { DONE_PLAN, OPEN_PLAN, receiptOf } from '../story.ts';

const NO_PLAN_FILE: Survey = { ...OPEN_PLAN, plan: null, planHash: null };
const EMPTY_PLAN: Survey = { ...OPEN_PLAN, plan: { done: 0, open: 0, removed: 0, current: null } };

function sealed(kind: OutcomeKind, claimedDone = false, before: Survey = OPEN_PLAN) {
  const receipt = receiptOf({ iteration: 1, attempt: 1 }, kind, { claimedDone });
  const at = '2026-11-21T10:00:00.000Z';
  const event: AttemptSealed = {
    type: 'attempt_sealed',
    at,
    iteration: 1,
    attempt: 1,
    receipt,
    before,
    survey: before,
  };
  return { sealed: event, before };
}

describe('building is done', () => {
  test.each<[string, Survey, ReturnType<typeof sealed> | null, RegExp | null]>([
    ['when no task is open', DONE_PLAN, null, /all 3 tasks/],
    ['not while one is', OPEN_PLAN, null, null],
    ['not with an empty plan', EMPTY_PLAN, null, null],
    ['not without a plan', NO_PLAN_FILE, sealed('completed'), null],
    ['without a plan when the agent says so', NO_PLAN_FILE, sealed('completed', true), /the agent says/],
    ['with an empty plan when the agent says so', EMPTY_PLAN, sealed('completed', true), /the agent says/],
    ['not when it says so with open tasks', OPEN_PLAN, sealed('completed', true), null],
    ['not when the attempt that says so went wrong', NO_PLAN_FILE, sealed('crashed', true), null],
  ])('%s', (_, survey, last, expected) => {
    const because = doneBecause('build', survey, last);
    if (expected === null) expect(because).toBeNull();
    else expect(because).toMatch(expected);
  });
});

describe.each(['plan', 'plan-work'] as const)('%s is done', (mode) => {
  const other: Survey = { ...OPEN_PLAN, planHash: 'other' };
  test.each<[string, Survey, ReturnType<typeof sealed> | null, boolean]>([
    ['when an iteration leaves the plan as it was', OPEN_PLAN, sealed('completed'), true],
    ['not when it changed', other, sealed('completed'), false],
    ['not before the first iteration, whatever the plan says', DONE_PLAN, null, false],
    ['not when there is no plan', NO_PLAN_FILE, sealed('completed', false, NO_PLAN_FILE), false],
    ['not when the attempt went wrong', OPEN_PLAN, sealed('interrupted'), false],
    ['not when the agent says so', other, sealed('completed', true), false],
  ])('%s', (_, survey, last, expected) => {
    expect(doneBecause(mode, survey, last) !== null).toBe(expected);
  });
});

test.each<[string, OutcomeKind, boolean, Survey, string | null]>([
  ['a claim with open tasks', 'completed', true, OPEN_PLAN, 'iteration 1 claims done, 2 open'],
  ['a claim without', 'completed', true, DONE_PLAN, null],
  ['no claim', 'completed', false, OPEN_PLAN, null],
  ['a claim of a crash', 'crashed', true, OPEN_PLAN, null],
])('what is said of %s', (_, kind, claimedDone, survey, expected) => {
  expect(contradictedClaim(receiptOf({ iteration: 1, attempt: 1 }, kind, { claimedDone }), survey)).toBe(expected);
});
