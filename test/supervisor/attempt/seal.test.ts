// Receipts, from real commits, recorded output and real samples; with a supervisor that was there, and one that came later.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../src/core/receipt.ts';
import type { Script } from '../fake-provider.ts';
import { sayRecorded, tickNext } from '../scripts.ts';
import { beginRun, filesOf, makeWorld, stateIn, takeUpRun, type World } from '../world.ts';

async function onlyReceipt(world: World): Promise<Receipt> {
  const { receipts } = await stateIn(world);
  expect(receipts).toHaveLength(1);
  return receipts[0] as Receipt;
}

/** Two tasks, two commits, a file that nobody committed, and two samples. */
function busyAgent(world: () => World): Script {
  return async (sandbox) => {
    const { scratch } = world();
    sandbox.samplesMemory(900);
    await tickNext(scratch);
    sandbox.samplesMemory(300);
    await tickNext(scratch);
    await writeFile(join(scratch.path, 'left'), 'behind');
    await sayRecorded(sandbox, 'tools');
    return { startedAt: '2026-11-21T10:00:00.000Z', finishedAt: '2026-11-21T10:02:00.000Z' };
  };
}

async function busyWorld(): Promise<World> {
  const world: World = await makeWorld({ script: busyAgent(() => world) });
  return world;
}

const ONE = { options: { maxIterations: 1 } };

describe('the receipt', () => {
  test('of a whole attempt', async () => {
    const world = await busyWorld();
    const base = await world.scratch.git('rev-parse', 'HEAD');
    await (await beginRun(world, ONE)).ended;
    const [spec] = world.provider.started.map((sandbox) => sandbox.spec);
    const receipt = await onlyReceipt(world);
    expect(receipt).toMatchObject({
      iteration: 1,
      attempt: 1,
      outcome: { kind: 'completed', resetsAt: null },
      endedAt: '2026-11-21T10:02:00.000Z',
      exitCode: 0,
      costBasis: 'reported',
      model: 'claude-sonnet-5-5',
      agentVersion: '2.1.329',
      sessionId: spec?.argv[spec.argv.indexOf('--session-id') + 1],
      commits: [{ subject: 'Do two' }, { subject: 'Do one' }],
      uncommittedFiles: 1,
      tasksFinished: ['one', 'two'],
      tasksAdded: 0,
      openAfter: 1,
      peakMemoryBytes: 900,
      memoryLimitBytes: null,
      baseCommit: base,
      headCommit: await world.scratch.git('rev-parse', 'HEAD'),
      claimedDone: false,
      warnings: ['finished 2 tasks instead of one'],
    });
    expect(receipt.costUsd).toBeGreaterThan(0);
    expect(receipt.tokens.output).toBeGreaterThan(0);
    expect(receipt.toolCalls).toBeGreaterThan(0);
    expect(receipt.promptHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is the same when the supervisor died before it: the files tell it', async () => {
    const [whole, cut] = await Promise.all([busyWorld(), busyWorld()]);
    await (await beginRun(whole, ONE)).ended;
    const dies = ({ type }: { type: string }) => {
      if (type === 'attempt_exited') throw new Error('killed');
    };
    await expect((await beginRun(cut, { ...ONE, onEvent: dies })).ended).rejects.toThrow('killed');
    // A sample that a full disk has cut, and what came behind it.
    await appendFile(filesOf(cut, 1, 1).vitals, '{"at":"2026-11-21T10:00:00.000Z","memo{"memoryBytes":}\n');
    await (await takeUpRun(cut)).ended;
    const { startedAt: _, elapsedMs: __, ...expected } = comparable(await onlyReceipt(whole));
    expect(comparable(await onlyReceipt(cut))).toMatchObject(expected);
  });

  test('of an attempt that never started is a receipt, too', async () => {
    const world = await makeWorld({ files: { 'PROMPT.md': 'Work.\n' } });
    let attempts = 0;
    // The agent empties the prompt; the next attempt has none.
    world.provider.script = async (sandbox) => {
      attempts += 1;
      await writeFile(join(world.scratch.path, 'PROMPT.md'), '');
      await sayRecorded(sandbox);
      return undefined;
    };
    const { ended } = await beginRun(world, { headless: true });
    expect(await ended).toBe(7);
    const { receipts } = await stateIn(world);
    expect(attempts).toBe(1);
    expect(receipts[1]).toMatchObject({
      iteration: 2,
      outcome: {
        kind: 'config',
        message: 'could not start: PROMPT.md is empty; write the prompt of an iteration into it',
      },
      exitCode: null,
      sessionId: null,
      promptHash: '',
      commits: [],
      peakMemoryBytes: null,
    });
  });

  test('says that a command was killed for memory although the agent went on', async () => {
    const world = await makeWorld();
    world.provider.script = async (sandbox) => {
      await sayRecorded(sandbox);
      return { oomKilled: true };
    };
    await (await beginRun(world, ONE)).ended;
    expect(await onlyReceipt(world)).toMatchObject({
      outcome: { kind: 'completed' },
      warnings: ['a command in it was killed for memory'],
    });
  });

  test('does not believe a result of another session', async () => {
    const world = await makeWorld();
    world.provider.script = async (sandbox) => {
      await sayRecorded(sandbox);
      sandbox.says({ type: 'result', subtype: 'success', is_error: false, session_id: 'forged', total_cost_usd: 0 });
      return { code: 1 };
    };
    await (await beginRun(world, ONE)).ended;
    expect(await onlyReceipt(world)).toMatchObject({ warnings: ['1 line of its output came from another session'] });
  });
});

/** Without what two runs never share: names of commits and sessions. */
function comparable({ commits, outcome, ...receipt }: Receipt) {
  const shared = { ...receipt, baseCommit: null, headCommit: null, foundCommit: null, sessionId: null };
  return { ...shared, kind: outcome.kind, commits: commits.map(({ subject }) => subject) };
}
