// loop-main.log: what people and the guide's commands read.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { UndatedEvent } from '../../src/core/effects.ts';
import type { Event } from '../../src/core/events.ts';
import { vitalsLine } from '../../src/report/fact-lines.ts';
import { loopLogLines } from '../../src/supervisor/loop-log.ts';
import { MainLog } from '../../src/supervisor/main-log.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { OPEN_PLAN, receiptOf, Story } from '../core/story.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const AT = '2026-11-21T10:00:00.000Z';
const { state } = new Story().starts();
const ref = { iteration: 7, attempt: 2 };
const progress = { done: 1, open: 2, removed: 0, current: 'second' };
const help = { kind: 'outcome', message: 'no login', help: 'ralph-tui login', headlessExit: 'needs_person' } as const;

const lines = (event: UndatedEvent) => loopLogLines({ ...event, at: AT } as Event, state);

test('the banner says what runs', () => {
  const [event] = new Story({
    options: { mode: 'plan-work', work: 'the login', maxIterations: 5 },
    survey: { ...OPEN_PLAN, branch: null },
  }).events as [Event];
  expect(loopLogLines(event, state).filter((line) => !line.startsWith('━'))).toEqual([
    'Mode:   plan-work',
    'Prompt: PROMPT.md',
    'Branch: detached HEAD',
    'Plan:   IMPLEMENTATION_PLAN.md',
    'Work:   the login',
    'Max:    5 iterations',
    'Sandbox: docker (sandbox-loop, 1G)',
    'Pays:   API key',
    'Run:    run',
  ]);
});

test.each<[string, UndatedEvent, string[]]>([
  [
    'an attempt',
    {
      type: 'attempt_starting',
      ...ref,
      sandboxName: 'n',
      sessionId: null,
      promptHash: '',
      argv: [],
      survey: OPEN_PLAN,
      memoryLimitBytes: null,
    },
    ['======================== LOOP 7, attempt 2 ========================'],
  ],
  [
    'no start',
    { type: 'attempt_start_failed', ...ref, code: 'start_failed', message: 'no image' },
    ['could not start: no image'],
  ],
  ['a push', { type: 'pushed', ok: true, branch: 'work', head: 'abcdef0123', message: '' }, ['pushed abcdef0 to work']],
  ['no push', { type: 'pushed', ok: false, branch: 'work', head: 'a', message: 'no route' }, []],
  [
    'ticked tasks',
    { type: 'plan_changed', progress, finished: ['first'], added: ['new'] },
    ['done: first', 'Tasks remaining: 2 · Tasks completed: 1'],
  ],
  [
    'commits',
    { type: 'commits_seen', head: 'b', commits: [{ sha: 'bcdef01234', subject: 'Do it', at: AT }] },
    ['commit bcdef01 Do it'],
  ],
  [
    'an undo',
    {
      type: 'command_received',
      command: { name: 'note_undo', iteration: 2, head: 'a', plan: null, fetchCommand: 'git fetch kept' },
    },
    [
      'you: undid iteration 2 and what came after it; to have it again: git fetch kept',
      'Tasks remaining: 2 · Tasks completed: 1',
    ],
  ],
  ['a command', { type: 'command_received', command: { name: 'kill', attempt: null } }, ['you: kill']],
  ['a wait', { type: 'waiting', kind: 'engine', until: AT, why: 'it is away' }, [`waiting until ${AT}: it is away`]],
  ['a pause that needs somebody', { type: 'paused', reason: help }, ['NEEDS YOU: no login · ralph-tui login']],
  ['a pause', { type: 'paused', reason: { ...help, help: null, headlessExit: null } }, ['paused: no login']],
  ['a warning', { type: 'warned', message: 'look' }, ['warning: look']],
  [
    'the end',
    { type: 'finished', reason: 'done', message: 'all', nextCommand: 'ralph-tui build' },
    ['finished (done): all', 'next: ralph-tui build'],
  ],
  ['nothing for people', { type: 'woke', until: AT }, []],
  [
    'the first supervisor',
    { type: 'supervisor_started', pid: 1, hasSecrets: true, recovered: false, found: null, survey: OPEN_PLAN },
    [],
  ],
  [
    'the next',
    { type: 'supervisor_started', pid: 2, hasSecrets: true, recovered: true, found: null, survey: OPEN_PLAN },
    ['supervisor restarted (pid 2)'],
  ],
])('%s', (_, event, expected) => {
  expect(lines(event)).toEqual(expected);
});

describe('a sealed attempt', () => {
  const sealed = (...[kind, change]: [Parameters<typeof receiptOf>[1], Parameters<typeof receiptOf>[2]?]) =>
    lines({
      type: 'attempt_sealed',
      ...ref,
      receipt: receiptOf(ref, kind, change),
      before: OPEN_PLAN,
      survey: OPEN_PLAN,
    });

  test('is one line, with its figures', () => {
    expect(sealed('completed', { tasksFinished: ['a', 'b'], elapsedMs: 61_000 })).toEqual([
      'iteration 7.2 completed (1m01, $0.01, 0 commits, 2 tasks done)',
    ]);
    expect(sealed('crashed', { costBasis: 'estimated' })).toEqual([
      'iteration 7.2 crashed (1s, ≈$0.01, 0 commits, 0 tasks done): it was crashed',
    ]);
  });

  test('a memory kill is found by the guide’s grep, once', () => {
    const [line, ...more] = sealed('oom');
    expect(line).toMatch(/OOM-killed/);
    expect(more).toEqual([]);
    expect(sealed('killed').join()).not.toMatch(/OOM-killed/);
  });
});

test('the regular report has memory, CPU and tasks', () => {
  const vitals = { at: AT, memoryBytes: 2 ** 29, limitBytes: 2 ** 30, cpuPercent: 99.6, processes: 12 };
  const tasks = 'Tasks remaining: 2 · Tasks completed: 1';
  expect(vitalsLine(state, vitals)).toBe(`iteration 1: MEM=512M of 1G CPU=100% PIDs=12 · ${tasks}`);
  expect(vitalsLine(state, { ...vitals, limitBytes: null })).toBe(`iteration 1: MEM=512M CPU=100% PIDs=12 · ${tasks}`);
});

describe('the file', () => {
  test('gets one harmless line a fact, and nobody else reads it', async () => {
    const path = join(await temporaryFolder(), 'loop-main.log');
    const told: string[] = [];
    const log = new MainLog(path, createRedactor(['hush-hush-hush']), (line) => told.push(line));
    log.event({ type: 'warned', at: AT, message: 'a\n\u001b[31mred\u001b[0m \u202ehush-hush-hush' }, state);
    log.vitals(state, null);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^2026-11-21 \d\d:00:00 warning: a red \ufffd\[redacted\]\n$/);
    expect(text).toBe(`${told.join('\n')}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written is no trouble of the run', async () => {
    const log = new MainLog(join(await temporaryFolder(), 'missing', 'loop-main.log'), createRedactor([]), null);
    expect(() => log.line('lost')).not.toThrow();
  });
});
