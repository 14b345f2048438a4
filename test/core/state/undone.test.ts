// What an undo leaves of what was known: iterations stay history, what they did does not.
import { describe, expect, test } from 'vitest';
import { step } from '../../../src/core/decide/step.ts';
import type { Receipt } from '../../../src/core/receipt.ts';
import type { UndoNote } from '../../../src/core/run-command.ts';
import type { Survey } from '../../../src/core/survey.ts';
import { OPEN_PLAN, replayed, Story } from '../story.ts';

const PLAN = { done: 0, open: 3, removed: 0, current: 'first' };
const noteOf = (iteration: number, fetchCommand = 'git fetch kept'): UndoNote => ({
  name: 'note_undo',
  iteration,
  head: 'b'.repeat(40),
  plan: PLAN,
  fetchCommand,
});
const undoes = (story: Story, note: UndoNote) => story.tell({ type: 'command_received', command: note });
const marks = ({ state }: Story) => state.receipts.map(({ undone }) => undone?.fetchCommand ?? null);

/** Iterations 1 and 2, then 3 in two attempts; a commit is seen in each iteration. */
function worked(): Story {
  const story = new Story();
  for (const kind of ['completed', 'completed', 'interrupted', 'completed'] as const) {
    story.starts();
    if (kind === 'completed') {
      const commit = { sha: `${story.state.iteration}`.repeat(40), subject: 'Do it', at: story.state.at };
      story.tell({ type: 'commits_seen', head: commit.sha, commits: [commit] });
    }
    story.exits().seals(kind);
  }
  return story;
}

test.each<[number, (string | null)[], number]>([
  [1, ['git fetch kept', 'git fetch kept', 'git fetch kept', 'git fetch kept'], 0],
  [2, [null, 'git fetch kept', 'git fetch kept', 'git fetch kept'], 1],
  [3, [null, null, 'git fetch kept', 'git fetch kept'], 2],
])('undo to before iteration %d', (iteration, undone, commits) => {
  const story = undoes(worked(), noteOf(iteration));
  expect(marks(story)).toEqual(undone);
  expect(story.state.seenCommits.length).toBe(commits);
  expect(story.state).toMatchObject({ head: 'b'.repeat(40), plan: PLAN, iteration: 4 });
  expect(story.effects).toEqual([{ type: 'look_anew' }]);
  expect(replayed(story)).toEqual(story.state);
});

test('what was undone before keeps its place, and what comes later is not undone', () => {
  const story = undoes(worked(), noteOf(3, 'first'));
  undoes(story, noteOf(2, 'second'));
  story.attempt('completed');
  expect(marks(story)).toEqual([null, 'second', 'first', 'first', null]);
});

test('a commit of a person between two iterations goes with the earlier one', () => {
  const story = new Story().attempt('completed');
  const commit = { sha: 'c'.repeat(40), subject: 'Mine', at: story.state.at };
  story.tell({ type: 'commits_seen', head: commit.sha, commits: [commit] }).attempt('completed');
  expect(undoes(story, noteOf(2)).state.seenCommits).toEqual([{ iteration: 1, count: 1 }]);
  expect(undoes(story, noteOf(1)).state.seenCommits).toEqual([]);
});

test('a run that has ended stays so, and its receipts are marked', () => {
  const story = worked().tell({ type: 'finished', reason: 'stopped', message: 'stopped', nextCommand: null });
  undoes(story, noteOf(3));
  expect([story.phase.name, story.effects]).toEqual(['finished', []]);
  expect(marks(story)).toEqual([null, null, 'git fetch kept', 'git fetch kept']);
});

describe('what follows when it goes on', () => {
  const goesOn = (story: Story, survey: Survey) =>
    story
      .tell({ type: 'command_received', command: { name: 'resume', next: false } })
      .tell({ type: 'surveyed', survey, hasSecrets: true });

  test.each<[string, 'plan' | 'build', Partial<Receipt>, Survey]>([
    ['a plan as it was before the planning', 'plan', {}, OPEN_PLAN],
    ['a claim to be done', 'build', { claimedDone: true }, { ...OPEN_PLAN, plan: null, planHash: null }],
  ])('%s ends no run', (_name, mode, receipt, survey) => {
    const sealed = new Story({ options: { mode, step: true } }).attempt('completed', {
      ...receipt,
      survey: { ...OPEN_PLAN, planHash: 'h2' },
    });
    expect(sealed.tell({ type: 'surveyed', survey, hasSecrets: true }).phase.name).toBe('paused');
    expect(goesOn(undoes(sealed, noteOf(1)), survey).decided).toEqual(['begin']);
  });

  test('the files that came back are nobody’s edit', () => {
    const story = undoes(worked(), noteOf(1));
    const survey = { ...OPEN_PLAN, planHash: 'h0', promptHash: 'p0' };
    const { state, effects } = step(story.state, { type: 'surveyed', at: story.state.at, survey, hasSecrets: true });
    expect(effects.filter(({ type }) => type === 'record')).toEqual([]);
    expect(state.instructions).toMatchObject({ plan: 'h0', prompt: 'p0' });
  });
});
