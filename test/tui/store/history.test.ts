import { expect, test } from 'vitest';
import { NO_HISTORY, remember } from '../../../src/tui/store/history.ts';
import { OPEN_PLAN, Story } from '../../core/story.ts';
import { Day, workingDay } from '../working-day.ts';

test('attempts, waits and pauses in their order', () => {
  const { entries, commits } = workingDay().events.reduce(remember, NO_HISTORY);
  expect(entries.map((entry) => (entry.kind === 'attempt' ? entry.receipt.outcome.kind : entry.kind))).toEqual([
    'completed',
    'crashed',
    'completed',
    'usage_limit',
    'wait',
    'completed',
    'oom',
    'completed',
    'completed',
  ]);
  expect(entries[4]).toMatchObject({ since: '2026-11-21T21:28:49.000Z', endedAt: '2026-11-21T22:03:49.000Z' });
  expect(commits.map(({ subject, iteration }) => `${iteration} ${subject}`)).toEqual([
    '1 Do 2.3 Token model',
    '3 Do 2.4 Client registry',
    '3 Do 2.5 Session store',
    '4 Do 2.6 Expiry sweep',
    '6 Do 2.7 Refactor the token model',
    '7 Do 3.1 PKCE verifier',
  ]);
});

test('a wait is open until something ends it', () => {
  const story = new Story().attempt('transient');
  expect(story.events.reduce(remember, NO_HISTORY).entries.at(-1)).toMatchObject({ kind: 'wait', endedAt: null });
  story.tell({ type: 'command_received', command: { name: 'resume', next: false } });
  expect(story.events.reduce(remember, NO_HISTORY).entries.at(-1)).toMatchObject({ endedAt: expect.any(String) });
});

test('texts are safe', () => {
  const day = new Day().begin();
  day.attempt({ iteration: 1, seconds: 9, done: 0, tasks: 1 }, 'crashed', { message: 'a\x1b[2Jb', warnings: ['c\nd'] });
  day.tell({ type: 'warned', message: 'w\x1b]0;x\x07' });
  const history = day.events.reduce(remember, NO_HISTORY);
  expect(JSON.stringify(history)).not.toMatch(/\\u001b|\\n/);
});

test('marks: who changed what the agent is told, and when the run plans again', () => {
  const story = new Story()
    .tell({ type: 'paused', reason: { kind: 'asked', message: 'asked', help: null, headlessExit: null } })
    .tell({ type: 'surveyed', survey: { ...OPEN_PLAN, promptHash: 'p2' }, hasSecrets: true })
    .tell({ type: 'command_received', command: { name: 'set_mode', mode: 'plan' } })
    .tell({ type: 'command_received', command: { name: 'resume', next: false } })
    .tell({ type: 'surveyed', survey: { ...OPEN_PLAN, promptHash: 'p2' }, hasSecrets: true });
  const { entries } = story.events.reduce(remember, NO_HISTORY);
  expect(entries.map((entry) => (entry.kind === 'mark' ? entry.text : entry.kind))).toEqual([
    'pause',
    'the prompt was changed by you',
    'plans again from here on',
  ]);
  // A mark within a pause does not keep it open.
  expect(entries[0]).toMatchObject({ kind: 'pause', endedAt: expect.any(String) });
});

test('an undo: attempts are marked, their commits go, and it is a mark', () => {
  const story = new Story();
  for (const sha of ['1', '2', '3']) {
    story.starts().tell({ type: 'commits_seen', head: sha, commits: [{ sha, subject: 'Do it', at: story.state.at }] });
    story.exits().seals('completed');
  }
  const command = {
    name: 'note_undo',
    iteration: 2,
    head: 'a'.repeat(40),
    plan: null,
    fetchCommand: 'git fetch kept',
  } as const;
  const { entries, commits } = story.tell({ type: 'command_received', command }).events.reduce(remember, NO_HISTORY);
  expect(commits.map(({ sha }) => sha)).toEqual(['1']);
  expect(
    entries.map((entry) => (entry.kind === 'attempt' ? (entry.receipt.undone?.fetchCommand ?? 'stands') : entry.kind)),
  ).toEqual(['stands', 'git fetch kept', 'git fetch kept', 'mark']);
  expect(entries.at(-1)).toMatchObject({ text: 'undone from iteration 2 on', isTrouble: false });
});
