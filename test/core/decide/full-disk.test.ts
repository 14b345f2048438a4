// A run that is paused for want of space looks for some, and goes on by itself.
import { describe, expect, test } from 'vitest';
import { OPEN_PLAN, replayed, Story } from '../story.ts';

const FULL = { ...OPEN_PLAN, fullDisk: '/disk' };
const RESUME = { type: 'command_received', command: { name: 'resume', next: false } } as const;
const PAUSE = { type: 'command_received', command: { name: 'pause' } } as const;
const SPACE = { type: 'space_seen' } as const;
const surveyed = (survey = OPEN_PLAN) => ({ type: 'surveyed', hasSecrets: true, survey }) as const;

const paused = (headless = false) => new Story({ headless }).attempt('completed', { survey: FULL });

test('it says what helps, names the disk, and looks for space', () => {
  const story = paused();
  expect(story.phase).toMatchObject({
    name: 'paused',
    reason: { kind: 'disk_full', disk: '/disk', help: 'free some space on /disk: the run goes on by itself' },
  });
  expect(story.decided).toEqual(['paused', 'await_space']);
});

test('headless it ends, since nobody is there', () => {
  const story = paused(true);
  const message = 'the disk is full · free some space on /disk';
  expect(story.phase).toMatchObject({ name: 'finished', reason: 'environment', message });
  expect(story.decided).not.toContain('await_space');
});

describe.each<[string, (story: Story) => Story]>([
  ['space', (story) => story.tell(SPACE)],
  ['a person', (story) => story.tell(RESUME)],
  ['space that the next supervisor sees', (story) => story.supervisor({ survey: FULL }).tell(SPACE)],
])('%s', (_, goOn) => {
  test('makes it go on', () => {
    const story = goOn(paused());
    expect(story.decided).toEqual(['survey']);
    expect(replayed(story)).toEqual(story.state);
    expect(story.tell(surveyed()).effects).toEqual([{ type: 'begin', ref: { iteration: 2, attempt: 1 } }]);
  });

  test('does not, where it is gone again', () => {
    expect(goOn(paused()).tell(surveyed(FULL)).decided).toEqual(['paused', 'await_space']);
  });
});

test('the next supervisor looks for space as well', () => {
  expect(paused().supervisor({ survey: FULL }).decided).toEqual(['await_space']);
});

test('a second reminder makes no second look', () => {
  const story = paused();
  const since = story.phase.name === 'paused' ? story.phase.since : '';
  expect(story.tell({ type: 'reminder_due', since }).effects).toEqual([]);
});

describe('space does nothing', () => {
  test.each<[string, () => Story]>([
    ['to a run that a person wants to stay paused', () => paused().tell(PAUSE)],
    ['to one that is paused for something else', () => new Story({ options: { step: true } }).attempt('completed')],
    ['behind a resume', () => paused().tell(RESUME)],
    ['while an attempt runs', () => new Story().starts()],
  ])('%s', (_, tell) => {
    const story = tell();
    const before = story.phase;
    expect(story.tell(SPACE).effects).toEqual([]);
    expect(story.phase).toEqual(before);
  });
});
