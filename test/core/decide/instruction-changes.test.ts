// Who changed what tells the agent what to do.
import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/run-command.ts';
import type { Survey } from '../../../src/core/survey.ts';
import { OPEN_PLAN, replayed, Story } from '../story.ts';

const NEW_PROMPT: Survey = { ...OPEN_PLAN, promptHash: 'p2' };
const NEW_PLAN: Survey = { ...OPEN_PLAN, planHash: 'h2' };
const WITH_AGENTS: Survey = { ...OPEN_PLAN, agentsHash: 'a1' };
const edit = (file: 'prompt' | 'plan' | 'agents'): RunCommand => ({ name: 'note_edit', file });
const said = (story: Story, command: RunCommand) => story.tell({ type: 'command_received', command });
const looks = (story: Story, survey: Survey) => story.tell({ type: 'surveyed', survey, hasSecrets: true });
const wrote = (...filesChanged: string[]) => ({ traits: { error: null, lastTool: null, filesRead: [], filesChanged } });

/** `prompt by person`, as far as the last thing told led to marks. */
function marks(story: Story): string[] {
  return story.effects.flatMap((effect) =>
    effect.type === 'record' && effect.event.type === 'instructions_changed'
      ? [`${effect.event.file} by ${effect.event.by}`]
      : [],
  );
}

const paused = () =>
  new Story().tell({
    type: 'paused',
    reason: { kind: 'asked', message: 'asked', help: null, headlessExit: null },
  });

describe('while nothing runs', () => {
  test.each([
    ['prompt by person', NEW_PROMPT],
    ['plan by person', NEW_PLAN],
    ['agents by person', WITH_AGENTS],
  ])('%s', (mark, survey) => {
    const story = looks(paused(), survey);
    expect(marks(story)).toEqual([mark]);
    expect(marks(looks(story, survey))).toEqual([]);
    expect(replayed(story)).toEqual(story.state);
  });

  test('also what changed while no supervisor was there', () => {
    expect(marks(paused().supervisor({ survey: NEW_PROMPT }))).toEqual(['prompt by person']);
  });

  test('what cannot be read is no change', () => {
    const unreadable = looks(paused(), { ...OPEN_PLAN, promptHash: null });
    expect(marks(unreadable)).toEqual([]);
    expect(marks(looks(unreadable, NEW_PROMPT))).toEqual([]);
  });
});

describe('while an attempt runs', () => {
  test('the agent, by its own tools', () => {
    const story = new Story().starts().exits();
    story.seals('completed', { survey: { ...NEW_PROMPT, agentsHash: 'a1' }, ...wrote('PROMPT.md', 'AGENTS.md') });
    expect(marks(story)).toEqual(['prompt by agent', 'agents by agent']);
  });

  test('nobody knows who, when no tool of the agent wrote it', () => {
    expect(marks(new Story().starts().exits().seals('completed', { survey: NEW_PROMPT }))).toEqual([
      'prompt by unknown',
    ]);
  });

  test('that the plan moves is no mark', () => {
    expect(marks(new Story().starts().exits().seals('completed', { survey: NEW_PLAN }))).toEqual([]);
  });

  test('a person, who says so', () => {
    const story = said(new Story().starts(), edit('plan'));
    expect(story.decided).toEqual(['survey']);
    expect(marks(looks(story, { ...NEW_PLAN, promptHash: 'p2' }))).toEqual(['plan by person']);
    // What the agent wrote meanwhile is its own.
    story.exits().seals('completed', { survey: { ...NEW_PLAN, promptHash: 'p2' }, ...wrote('PROMPT.md') });
    expect(marks(story)).toEqual(['prompt by agent']);
  });

  test('an edit that changed nothing is no mark', () => {
    expect(marks(looks(said(new Story().starts(), edit('prompt')), OPEN_PLAN))).toEqual([]);
  });
});

test('another mode has another prompt, and a check may write what it likes: nobody changed it', () => {
  const replanned = said(new Story().starts(), { name: 'set_mode', mode: 'plan' }).exits().seals('completed');
  expect(marks(looks(replanned, { ...OPEN_PLAN, promptSource: 'PROMPT_plan.md', promptHash: 'p9' }))).toEqual([]);
  const checked = new Story({ options: { until: 'npm test' } }).tell({ type: 'check_started', command: 'npm test' });
  checked.tell({ type: 'check_ended', ok: false, exitCode: 1, tail: '', head: null, planHash: null });
  expect(marks(looks(checked, { ...NEW_PROMPT, agentsHash: 'a1' }))).toEqual([]);
});
