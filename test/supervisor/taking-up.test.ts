// A supervisor that died while an attempt ran, and the one that comes after it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../src/core/run-command.ts';
import { bareRemote } from '../harness/repository.ts';
import { ENDLESS } from './fake-provider.ts';
import { planWorker, sayRecorded, tickNext } from './scripts.ts';
import {
  beginRun,
  command,
  filesOf,
  isRunning,
  makeWorld,
  type Start,
  stateIn,
  takeUpRun,
  untilState,
  untilText,
  type World,
} from './world.ts';

const stop: RunCommand = { name: 'stop', when: 'now', attempt: null };

describe('a supervisor that died in the middle', () => {
  const dies: Start['onEvent'] = ({ type }) => {
    if (type === 'command_received') throw new Error('killed');
  };

  /** Dies while an attempt runs; what it was told last is in the journal. */
  async function dieWith(world: World, asked: RunCommand): Promise<void> {
    const { ended } = await beginRun(world, { onEvent: dies });
    await untilState(world, 'the first attempt', isRunning(1, 1));
    await command(world, asked);
    await expect(ended).rejects.toThrow('killed');
  }

  test('is followed by one that reads on where it stopped, and knows what was ticked meanwhile', async () => {
    const world = await makeWorld({ plan: ['one'], script: ENDLESS });
    const { ended } = await beginRun(world, { onEvent: dies });
    await untilState(world, 'the first attempt', isRunning(1, 1));
    const sandbox = world.provider.last;
    await sayRecorded(sandbox, 'tools');
    const { raw } = filesOf(world, 1, 1);
    await untilText(raw, sandbox.stdout.toString('utf8'));
    await command(world, { name: 'pause' });
    await expect(ended).rejects.toThrow('killed');
    await tickNext(world.scratch);
    await sayRecorded(sandbox, 'thinking');
    const second = await takeUpRun(world);
    await sayRecorded(sandbox, 'text');
    sandbox.ends();
    expect(await second.ended).toBe(0);
    expect(await readFile(raw, 'utf8')).toBe(sandbox.stdout.toString('utf8'));
    const { receipts } = await stateIn(world);
    expect(receipts).toMatchObject([{ attempt: 1, tasksFinished: ['one'], commits: [{ subject: 'Do one' }] }]);
    expect(world.provider.started).toHaveLength(1);
  });

  test('after a stop that it had no time for: the next one stops', async () => {
    const world = await makeWorld({ script: ENDLESS });
    await dieWith(world, stop);
    expect(await (await takeUpRun(world)).ended).toBe(3);
    expect(world.provider.last.exit).toMatchObject({ code: 143 });
  });

  test('and whose login is not there any more: the attempt is followed, then the run waits for the login', async () => {
    const world = await makeWorld({ plan: ['one', 'two'], script: ENDLESS });
    await dieWith(world, { name: 'pause' });
    await command(world, { name: 'pause' }).catch(() => undefined);
    const second = await takeUpRun(world, { environment: { ANTHROPIC_API_KEY: undefined } });
    world.provider.script = planWorker(world.scratch);
    await tickNext(world.scratch);
    await sayRecorded(world.provider.last);
    await command(world, { name: 'resume', next: false });
    world.provider.last.ends();
    const { phase } = await untilState(world, 'the pause', (state) => state.phase.name === 'paused');
    expect(phase).toMatchObject({ reason: { kind: 'no_secrets' } });

    // `ralph-tui login` from another shell.
    const config = join(world.environment.XDG_CONFIG_HOME ?? '', 'ralph-tui');
    await mkdir(config, { recursive: true });
    await writeFile(join(config, 'token'), 'made-up-token-of-more-than-20-characters\n', { mode: 0o600 });
    await command(world, { name: 'resume', next: false });
    expect(await second.ended).toBe(0);
    expect(world.provider.last.spec.secrets).toEqual({
      CLAUDE_CODE_OAUTH_TOKEN: 'made-up-token-of-more-than-20-characters',
    });
  });

  test('leaves the tags that the agent made to be pushed by the next one', async () => {
    const world = await makeWorld({ branch: 'work', plan: ['one'] });
    const remote = await bareRemote(world.folder);
    await world.scratch.git('remote', 'add', 'origin', remote);
    await world.scratch.git('tag', 'before');
    const worker = planWorker(world.scratch);
    world.provider.script = async (sandbox) => {
      await worker(sandbox);
      await world.scratch.git('tag', 'v1');
      return undefined;
    };
    const { ended } = await beginRun(world, {
      options: { push: true },
      onEvent: ({ type }) => {
        if (type === 'attempt_exited') throw new Error('killed');
      },
    });
    await expect(ended).rejects.toThrow('killed');
    expect(await (await takeUpRun(world)).ended).toBe(0);
    expect(await world.scratch.git('ls-remote', '--tags', remote)).toMatch(/^[0-9a-f]{40}\trefs\/tags\/v1$/);
  });

  test('and a variable that was handed over is not set in this shell: that is said, not an end', async () => {
    const world = await makeWorld({ script: ENDLESS });
    const start = { options: { environmentNames: ['TOKEN'] }, environment: { TOKEN: 'made-up' }, onEvent: dies };
    const { ended } = await beginRun(world, start);
    await untilState(world, 'the first attempt', isRunning(1, 1));
    await command(world, { name: 'pause' });
    await expect(ended).rejects.toThrow('killed');
    const second = await takeUpRun(world);
    expect((await stateIn(world)).warnings).toEqual(['--env TOKEN: this variable is not set; export it first']);
    second.stop();
    expect(await second.ended).toBe(3);
  });

  test('a command that comes while the run is taken up waits, and makes one attempt and not two', async () => {
    const world = await makeWorld({ plan: ['one', 'two', 'three'] });
    const first = await beginRun(world, {
      options: { step: true },
      onEvent: ({ type }) => {
        if (type === 'paused') throw new Error('killed');
      },
    });
    await expect(first.ended).rejects.toThrow('killed');
    const { find } = world.provider;
    let asked: Promise<unknown> = Promise.resolve();
    world.provider.find = async (filter) => {
      const found = await find.call(world.provider, filter);
      asked = untilAnswered(world);
      return found;
    };
    const second = await takeUpRun(world);
    world.provider.find = find;
    await asked;
    await untilState(world, 'the pause', ({ phase, iteration }) => phase.name === 'paused' && iteration === 3);
    expect(world.provider.started.map(({ spec }) => spec.labels.iteration)).toEqual([1, 2]);
    second.stop();
    expect(await second.ended).toBe(3);
  });
});

/** Asks again until somebody listens. */
async function untilAnswered(world: World): Promise<void> {
  for (;;) {
    const answer = await command(world, { name: 'resume', next: false }).catch(() => null);
    if (answer !== null) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
