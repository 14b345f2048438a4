import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireLock, lockHolder } from '../../src/journal/lock.ts';
import { processIdentity } from '../../src/journal/process-identity.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import type { Order } from './lock-contender.ts';

const lockPath = async () => join(await temporaryFolder(), 'lock');

/** A lock left by a process that is gone: it was pid 1's number with a start that never was. */
const staleLock = (run = 'gone') => {
  const owner = { ...processIdentity(), pid: 1, startTicks: 999_999_999_999 };
  return `${JSON.stringify({ owner, run, socketPath: null, nonce: Math.random().toString() })}\n`;
};

describe('acquireLock', () => {
  it('is had by one, who is named to the others', async () => {
    const path = await lockPath();
    expect(await lockHolder(path)).toBeNull();
    const first = await acquireLock(path, { run: 'run-1', socketPath: '/run/x.sock' });
    if (!first.ok) return expect.fail('the lock was free');
    const second = await acquireLock(path, { run: 'run-2' });
    expect(second).toMatchObject({
      ok: false,
      heldBy: { run: 'run-1', socketPath: '/run/x.sock', owner: processIdentity() },
    });
    expect(await lockHolder(path)).toMatchObject({ run: 'run-1' });
    await first.release();
    expect(await lockHolder(path)).toBeNull();
    const third = await acquireLock(path, { run: 'run-3' });
    expect(third.ok).toBe(true);
    // Given back already: it must not take the new owner's.
    await first.release();
    expect(await lockHolder(path)).toMatchObject({ run: 'run-3' });
  });

  it.each([
    ['of a process that is gone', staleLock()],
    ['that is broken', '{"owner":'],
    ['that is empty', ''],
  ])('takes a lock %s', async (_, text) => {
    const path = await lockPath();
    await writeFile(path, text);
    expect(await lockHolder(path)).toBeNull();
    expect(await acquireLock(path, { run: 'mine' })).toMatchObject({ ok: true });
    expect(await lockHolder(path)).toMatchObject({ run: 'mine' });
    expect(await readdir(join(path, '..'))).toEqual(['lock']);
  });

  it('takes a stale lock even if the one who wanted to take it died at that', async () => {
    const path = await lockPath();
    await writeFile(path, staleLock());
    await writeFile(`${path}.steal`, staleLock());
    await writeFile(`${path}.steal.steal`, staleLock());
    expect(await acquireLock(path, { run: 'mine' })).toMatchObject({ ok: true });
    expect(await readdir(join(path, '..'))).toEqual(['lock']);
  });

  it('keeps the lock of a stopped process', async () => {
    const path = await lockPath();
    const [holder] = await contenders(path, 1);
    await ask(holder, { name: 'acquire' });
    holder.kill('SIGSTOP');
    expect(await acquireLock(path, { run: 'mine' })).toMatchObject({ ok: false, heldBy: { run: 'contender-0' } });
  });

  it('loses it with its process', async () => {
    const path = await lockPath();
    const [holder] = await contenders(path, 1);
    expect(await ask(holder, { name: 'acquire' })).toMatchObject({ ok: true });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await acquireLock(path, { run: 'mine' })).toMatchObject({ ok: true });
  });

  it('says what is wrong with the folder', async () => {
    const path = join(await lockPath(), 'missing', 'lock');
    await expect(acquireLock(path, { run: 'mine' })).rejects.toMatchObject({ code: 'lock_failed' });
  });

  it('of several processes that see it stale, one gets it (60 rounds)', async () => {
    const path = await lockPath();
    const processes = await contenders(path, 4);
    for (let round = 0; round < 60; round += 1) {
      await writeFile(path, staleLock(), { flag: 'wx' });
      if (round % 3 === 0) await writeFile(`${path}.steal`, staleLock());
      const answers = await Promise.all(processes.map((child) => ask(child, { name: 'acquire' })));
      const winners = answers.flatMap((answer, index) => (answer.ok ? [index] : []));
      expect(winners).toHaveLength(1);
      const [winner = -1] = winners;
      const losers = answers.filter((answer) => !answer.ok);
      expect(losers.every((answer) => answer.heldBy === `contender-${winner}`)).toBe(true);
      await ask(processes[winner], { name: 'release' });
    }
    expect(await readdir(join(path, '..'))).toEqual([]);
  }, 60_000);

  it('keeps processes apart that take it again and again', async () => {
    const path = await lockPath();
    const file = join(path, '..', 'book');
    const processes = await contenders(path, 3);
    await Promise.all(processes.map((child) => ask(child, { name: 'count', file, times: 40 })));
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(240);
    for (let index = 0; index < lines.length; index += 2) {
      expect(lines[index + 1]).toBe(lines[index]?.replace('in ', 'out '));
    }
  }, 60_000);
});

interface Answer {
  readonly ok?: boolean;
  readonly heldBy?: string | null;
}

async function contenders(path: string, count: number): Promise<[ChildProcess, ...ChildProcess[]]> {
  const program = join(import.meta.dirname, 'lock-contender.ts');
  const processes = Array.from({ length: count }, (_, index) => fork(program, [path, `contender-${index}`]));
  onTestFinished(() => {
    for (const child of processes) child.kill('SIGKILL');
  });
  await Promise.all(processes.map((child) => once(child, 'message')));
  const [first, ...others] = processes;
  if (first === undefined) throw new Error('no contender');
  return [first, ...others];
}

async function ask(child: ChildProcess | undefined, order: Order): Promise<Answer> {
  if (child === undefined) throw new Error('no such contender');
  const answer = once(child, 'message');
  child.send(order);
  return (await answer)[0] as Answer;
}
