// Planning again in the middle of a build, and back.
import { describe, expect, test } from 'vitest';
import { refusal } from '../../../src/core/decide/refusal.ts';
import type { RunCommand } from '../../../src/core/run-command.ts';
import { DONE_PLAN, OPEN_PLAN, replayed, Story } from '../story.ts';

const plan: RunCommand = { name: 'set_mode', mode: 'plan' };
const build: RunCommand = { name: 'set_mode', mode: 'build' };
const said = (story: Story, ...commands: RunCommand[]) =>
  commands.reduce((told, command) => told.tell({ type: 'command_received', command }), story);
const looks = (story: Story, survey = OPEN_PLAN) => story.tell({ type: 'surveyed', survey, hasSecrets: true });
const CHANGED_PLAN = { ...OPEN_PLAN, planHash: 'h3' };

describe('planning again', () => {
  test('waits for the iteration to end, plans until the plan stays, and then builds', () => {
    const story = said(new Story().starts(), plan);
    expect(story.state).toMatchObject({ options: { mode: 'build' }, modeAsked: 'plan' });
    story.exits().seals('completed');
    expect(story.decided).toEqual(['mode_changed', 'survey']);
    expect(story.state).toMatchObject({ options: { mode: 'plan' }, modeAsked: null, planningAgain: true });
    expect(looks(story).decided).toEqual(['begin']);
    // An iteration that changes the plan is not the last one.
    story.starts().exits().seals('completed', { survey: CHANGED_PLAN });
    expect(story.decided).toEqual(['begin']);
    story.starts(CHANGED_PLAN).exits().seals('completed', { survey: CHANGED_PLAN });
    expect(story.decided).toEqual(['mode_changed', 'survey']);
    expect(story.state).toMatchObject({ options: { mode: 'build' }, planningAgain: false, iteration: 4 });
    expect(looks(story, CHANGED_PLAN).decided).toEqual(['begin']);
    expect(replayed(story)).toEqual(story.state);
  });

  test('comes before the end of a run whose tasks are all done', () => {
    const story = said(new Story().starts(), plan).exits().seals('completed', { survey: DONE_PLAN });
    expect(story.decided).toEqual(['mode_changed', 'survey']);
    expect(looks(story, DONE_PLAN).decided).toEqual(['begin']);
  });

  test('is not done because the build before it left the plan as it was', () => {
    const story = said(new Story().starts(), plan).exits().seals('completed');
    expect(looks(story).decided).toEqual(['begin']);
  });

  test('that leaves no open task ends the run by its build', () => {
    const story = said(new Story().starts(), plan).exits().seals('completed', { survey: DONE_PLAN });
    looks(story, DONE_PLAN).starts(DONE_PLAN).exits().seals('completed', { survey: DONE_PLAN });
    expect(story.decided).toEqual(['mode_changed', 'survey']);
    expect(looks(story, DONE_PLAN).decided).toEqual(['finished', 'exit']);
    expect(story.phase).toMatchObject({ reason: 'done' });
  });

  test('is refused where no iteration is left for it, with what helps', () => {
    const story = new Story({ options: { maxIterations: 2 } }).starts();
    expect(refusal(story.state, plan)).toBeNull();
    story.exits().seals('completed').starts();
    expect(refusal(story.state, plan)).toBe('iteration 2 of 2 is the last one; raise the maximum first: + in the pane');
    said(story, { name: 'set_max', max: 3 });
    expect(refusal(story.state, plan)).toBeNull();
    // Lowered again: taking the change back needs no further iteration.
    said(story, plan, { name: 'set_max', max: 2 });
    expect(refusal(story.state, build)).toBeNull();
  });

  test('is possible in the last iteration while that has not begun', () => {
    const story = new Story({ options: { maxIterations: 1 } });
    expect(refusal(story.state, plan)).toBeNull();
  });

  test('can be taken back before and after it began', () => {
    const before = said(new Story().starts(), plan, build).exits().seals('completed');
    expect(before.decided).toEqual(['begin']);
    const after = looks(said(new Story().starts(), plan).exits().seals('completed')).starts();
    said(after, build).exits().seals('completed', { survey: CHANGED_PLAN });
    expect(after.decided).toEqual(['mode_changed', 'survey']);
    expect(after.state.options.mode).toBe('build');
  });

  test('gives way to a stop, and waits for a pause to end', () => {
    const stopped = said(new Story().starts(), plan, { name: 'stop', when: 'after_iteration', attempt: null });
    expect(stopped.exits().seals('completed').decided).toEqual(['finished', 'exit']);
    const paused = said(new Story().starts(), plan, { name: 'pause' }).exits().seals('completed');
    expect(paused.decided).toEqual(['mode_changed', 'survey']);
    expect(looks(paused).decided).toEqual(['paused']);
    expect(looks(said(paused, { name: 'resume', next: false })).decided).toEqual(['begin']);
  });

  test('plans the work of a run that has some', () => {
    const story = new Story({ options: { mode: 'plan-work', work: 'login', promptPath: '/prompt.md' } }).starts();
    said(story, build).exits().seals('completed', { survey: CHANGED_PLAN });
    expect(story.state.options).toMatchObject({ mode: 'build', promptPath: null });
    said(looks(story, CHANGED_PLAN).starts(CHANGED_PLAN), plan).exits().seals('completed', { survey: CHANGED_PLAN });
    expect(story.state.options).toMatchObject({ mode: 'plan-work', promptPath: '/prompt.md' });
  });

  test('does not hold streaks of the build against the planning', () => {
    const noPlan = { ...OPEN_PLAN, plan: null, planHash: null };
    const story = new Story({ survey: noPlan });
    for (let index = 0; index < 3; index += 1) story.starts(noPlan).exits().seals('completed', { survey: noPlan });
    said(story.starts(noPlan), plan).exits().seals('completed', { survey: noPlan });
    looks(story, noPlan).starts(noPlan).exits().seals('completed', { survey: noPlan });
    expect(story.decided).toEqual(['begin']);
  });
});

test('a supervisor that died right behind the change goes on in the new mode', () => {
  const story = said(new Story().starts(), plan).exits().seals('completed').supervisor();
  expect(story.decided).toEqual(['begin']);
  expect(story.state.options.mode).toBe('plan');
});

test.each([
  [build, [], 'the run builds already'],
  [plan, [], null],
  [plan, [plan], 'the run plans from the next iteration on already'],
  [build, [plan], null],
] as const)('%j after %j', (command, before, reason) => {
  expect(refusal(said(new Story().starts(), ...before).state, command)).toBe(reason);
});
