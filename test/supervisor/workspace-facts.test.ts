import { describe, expect, test } from 'vitest';
import type { UndatedEvent } from '../../src/core/effects.ts';
import type { PlanSnapshot } from '../../src/core/plan.ts';
import { type KnownFacts, WorkspaceFacts, type WorkspacePorts } from '../../src/supervisor/workspace-facts.ts';
import { parsePlan } from '../../src/workspace/plan.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

/** A workspace that the test changes by hand. */
function makeWorkspace(known: KnownFacts | null = null) {
  const disk = {
    plan: '- [ ] one\n- [ ] two\n' as string | null,
    head: A as string | null,
    base: null as string | null,
  };
  const events: UndatedEvent[] = [];
  const calls = { settled: 0, reading: 0, overlapped: false };
  const ports: WorkspacePorts = {
    readPlan: async () => {
      calls.reading += 1;
      calls.overlapped ||= calls.reading > 1;
      await Promise.resolve();
      calls.reading -= 1;
      return { snapshot: disk.plan === null ? null : parsePlan(disk.plan), hash: disk.plan, problem: null };
    },
    fullDisk: async () => null,
    accountLimit: async () => null,
    readInstructions: async () => ({ promptSource: 'embedded', promptHash: 'embedded', agentsHash: null }),
    settle: async () => {
      calls.settled += 1;
    },
    readHead: async () => ({ branch: 'main', head: disk.head, problem: disk.head === null ? 'no HEAD' : null }),
    planAt: async () => (disk.base === null ? null : (parsePlan(disk.base) as PlanSnapshot)),
    log: async (from, to) => [{ sha: to, subject: `${from?.[0]} to ${to[0]}`, at: '2026-11-21T10:00:00.000Z' }],
  };
  const facts = new WorkspaceFacts(ports, (event) => events.push(event), known);
  return { disk, events, facts, ports, calls };
}

describe('looks', () => {
  test('the first is no change, and what changes later is an event before the look is over', async () => {
    const { disk, events, facts } = makeWorkspace();
    const first = await facts.begin();
    expect(first).toMatchObject({ branch: 'main', head: A, plan: { done: 0, open: 2, current: 'one' }, problem: null });
    expect(await facts.look()).toEqual(first);
    expect(events).toEqual([]);
    disk.plan = '- [x] one\n- [ ] two\n- [ ] three\n';
    disk.head = B;
    const survey = await facts.look();
    expect(events).toEqual([
      {
        type: 'plan_changed',
        progress: { done: 1, open: 2, removed: 0, current: 'two' },
        finished: ['one'],
        added: ['three'],
      },
      { type: 'commits_seen', head: B, commits: [{ sha: B, subject: 'a to b', at: expect.any(String) }] },
    ]);
    expect(survey).toMatchObject({ head: B, plan: { done: 1, open: 2 } });
  });

  test('a second beginning forgets what was known, and is no change either', async () => {
    const { disk, events, facts } = makeWorkspace();
    await facts.begin();
    disk.plan = '- [x] one\n- [ ] three\n';
    disk.head = B;
    expect(await facts.look()).toMatchObject({ plan: { done: 2, removed: 1 } });
    events.length = 0;
    disk.plan = '- [ ] one\n- [ ] two\n';
    disk.head = A;
    expect(await facts.begin()).toMatchObject({ head: A, plan: { done: 0, open: 2, removed: 0 } });
    expect(await facts.look()).toMatchObject({ head: A, plan: { done: 0, open: 2, removed: 0 } });
    expect(events).toEqual([]);
  });

  test('many at a time never overlap, and tell a change once', async () => {
    const { disk, events, facts, calls } = makeWorkspace();
    await facts.begin();
    disk.plan = '- [x] one\n- [ ] two\n';
    await Promise.all([facts.look(), facts.look(), facts.look()]);
    expect(calls.overlapped).toBe(false);
    expect(events).toHaveLength(1);
  });

  test('one that fails does not keep the next from looking', async () => {
    const { facts, ports } = makeWorkspace();
    await facts.begin();
    const { readHead } = ports;
    ports.readHead = () => Promise.reject(new Error('gone'));
    const failed = facts.look();
    const next = facts.look();
    ports.readHead = readHead;
    await expect(failed).rejects.toThrow('gone');
    expect(await next).toMatchObject({ head: A });
  });

  test('a plan that is half written is read again: nothing counts as removed', async () => {
    const { disk, events, facts, ports, calls } = makeWorkspace();
    await facts.begin();
    disk.plan = '';
    ports.settle = async () => {
      calls.settled += 1;
      disk.plan = '- [x] one\n- [ ] two\n';
    };
    await facts.look();
    expect(calls.settled).toBe(1);
    expect(events).toMatchObject([{ finished: ['one'], progress: { done: 1, open: 1, removed: 0 } }]);
  });

  test('a task that stays away is removed, and counts as done', async () => {
    const { disk, events, facts, calls } = makeWorkspace();
    await facts.begin();
    disk.plan = '- [ ] two\n';
    await facts.look();
    expect(calls.settled).toBe(1);
    expect(events).toMatchObject([{ finished: ['one'], progress: { done: 1, open: 1, removed: 1 } }]);
  });

  test('a plan that is away, or a HEAD that cannot be read, is told by the survey', async () => {
    const { disk, events, facts } = makeWorkspace();
    await facts.begin();
    disk.plan = null;
    disk.head = null;
    expect(await facts.look()).toMatchObject({ plan: null, planHash: null, head: null, problem: 'no HEAD' });
    expect(events).toEqual([]);
  });

  test('a plan that appears is a beginning, not a list of new tasks', async () => {
    const { disk, events, facts } = makeWorkspace();
    disk.plan = null;
    await facts.begin();
    disk.plan = '- [ ] one\n- [x] two\n';
    await facts.look();
    expect(events).toMatchObject([{ progress: { done: 1, open: 1 }, finished: [], added: [] }]);
  });

  test('git that cannot tell the commits is no reason to lose the head', async () => {
    const { disk, events, facts, ports } = makeWorkspace();
    await facts.begin();
    ports.log = () => Promise.reject(new Error('a broken object'));
    disk.head = B;
    await facts.look();
    expect(events).toEqual([{ type: 'commits_seen', head: B, commits: [] }]);
  });
});

describe('a supervisor that takes a run up', () => {
  const known: KnownFacts = {
    plan: { done: 5, open: 2, removed: 1, current: 'one' },
    head: A,
    attempt: { baseCommit: A, tasksFinished: [] },
  };

  test('finds nothing new where nothing changed, and what was done never falls', async () => {
    const { disk, events, facts } = makeWorkspace(known);
    disk.plan = '- [x] zero\n- [ ] one\n- [ ] two\n';
    expect(await facts.look()).toMatchObject({ plan: known.plan });
    expect(events).toEqual([]);
  });

  test('learns from the attempt’s first commit what was ticked while nobody was there', async () => {
    const { disk, events, facts } = makeWorkspace({ ...known, attempt: { baseCommit: A, tasksFinished: ['one'] } });
    disk.base = '- [ ] one\n- [ ] two\n';
    disk.plan = '- [x] one\n- [x] two\n';
    disk.head = B;
    await facts.look();
    expect(events).toMatchObject([
      { type: 'plan_changed', finished: ['two'], progress: { done: 5, open: 0, removed: 1 } },
      { type: 'commits_seen', head: B },
    ]);
  });
});
