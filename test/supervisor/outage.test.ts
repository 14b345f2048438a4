// The engine goes away, or a sandbox does: what the loop makes of it.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SandboxError } from '../../src/core/sandbox.ts';
import { waitFor } from '../harness/wait-for.ts';
import { ENDLESS, type FakeSandbox } from './fake-provider.ts';
import { sayRecorded, tickNext } from './scripts.ts';
import {
  beginRun,
  filesOf,
  isRunning,
  makeWorld,
  outcomesIn,
  RUN,
  stateIn,
  untilLine,
  untilState,
  untilText,
} from './world.ts';

describe('an engine that goes away', () => {
  test('while an attempt runs: it is followed on, not a byte is lost, and the outage is told once', async () => {
    const world = await makeWorld({ plan: ['one'], script: ENDLESS });
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    const sandbox = world.provider.last;
    await sayRecorded(sandbox, 'tools');
    const { raw } = filesOf(world, 1, 1);
    await untilText(raw, sandbox.stdout.toString('utf8'));
    world.provider.away = true;
    await untilLine(world, 'the engine is away');
    await tickNext(world.scratch);
    await sayRecorded(sandbox, 'text');
    sandbox.ends();
    world.provider.away = false;
    expect(await ended).toBe(0);
    expect(await readFile(raw, 'utf8')).toBe(sandbox.stdout.toString('utf8'));
    expect(world.lines.filter((line) => line.includes('the engine is away'))).toHaveLength(1);
    expect(await outcomesIn(world)).toEqual(['completed']);
  });

  test('and stays away: the attempt counts as lost, a headless run ends with 7', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const { ended } = await beginRun(world, { headless: true });
    await untilState(world, 'the first attempt', isRunning(1, 1));
    world.provider.away = true;
    expect(await ended).toBe(7);
    expect(await outcomesIn(world)).toEqual(['infra']);
  });

  test('while a person waits for a stop: it is stopped when the engine is back', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const supervision = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    world.provider.away = true;
    supervision.stop();
    await untilLine(world, 'cannot end the attempt yet');
    world.provider.away = false;
    expect(await supervision.ended).toBe(3);
    expect(world.provider.last.exit).toMatchObject({ code: 143 });
  });

  test('while an attempt starts: the next attempt comes when it is back, and clears what was left', async () => {
    const world = await makeWorld({ plan: ['one'] });
    // The engine did start it, and nobody heard of that.
    const { start } = world.provider;
    world.provider.start = async (spec) => {
      world.provider.start = start;
      world.provider.leaves(spec, 'running');
      throw new SandboxError('engine_away', 'the engine broke the connection');
    };
    expect(await (await beginRun(world)).ended).toBe(0);
    expect(await outcomesIn(world)).toEqual(['infra', 'completed']);
    expect(world.provider.calls.slice(0, 2)).toEqual([
      `kill id-of-sandbox-loop-${RUN}-1-1`,
      `remove id-of-sandbox-loop-${RUN}-1-1`,
    ]);
  });

  test('while the command of --until runs: it is asked again when the engine is back', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const worker = world.provider.script;
    const isCheck = ({ spec }: FakeSandbox) => spec.name.endsWith('-until');
    world.provider.script = (sandbox) => (isCheck(sandbox) ? ENDLESS(sandbox) : worker(sandbox));
    const { ended } = await beginRun(world, { options: { until: 'npm test' } });
    await untilState(world, 'the check', ({ phase }) => phase.name === 'checking');
    await waitFor(() => world.provider.started.some(isCheck), { what: 'its sandbox', intervalMs: 1 });
    world.provider.away = true;
    await untilState(world, 'the wait', ({ phase }) => phase.name === 'waiting');
    world.provider.script = async () => undefined;
    world.provider.away = false;
    expect(await ended).toBe(0);
    const { check, receipts } = await stateIn(world);
    expect(check).toMatchObject({ ok: true, exitCode: 0 });
    expect(receipts).toHaveLength(1);
  });

  test('a sandbox that somebody took away is an attempt that does not count', async () => {
    const world = await makeWorld({ plan: ['one'] });
    const worker = world.provider.script;
    world.provider.script = ENDLESS;
    const { ended } = await beginRun(world);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    world.provider.script = worker;
    world.provider.loses(world.provider.last);
    expect(await ended).toBe(0);
    expect(await outcomesIn(world)).toEqual(['infra', 'completed']);
  });
});
