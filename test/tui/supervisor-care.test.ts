import { expect, test } from 'vitest';
import { SupervisorCare } from '../../src/tui/supervisor-care.ts';

/** @param failures of the first looks */
function careOf(recover: () => Promise<void>, failures: Error[] = []) {
  const world = { alive: false, now: 0, said: [] as string[], starts: 0 };
  const care = new SupervisorCare({
    recover: async () => {
      world.starts += 1;
      await recover();
      world.alive = true;
    },
    isAlive: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return world.alive;
    },
    say: (text) => world.said.push(text),
    clock: () => world.now,
    limit: 2,
    windowMs: 60_000,
  });
  return { care, world };
}

test('starts a dead supervisor again, once for many notices', async () => {
  const { care, world } = careOf(async () => undefined);
  care.noticeDeath();
  care.noticeDeath();
  expect(await care.revive()).toBe(true);
  expect(world.starts).toBe(1);
});

test('one that only seemed dead is left alone', async () => {
  const { care, world } = careOf(async () => undefined);
  world.alive = true;
  expect(await care.revive()).toBe(true);
  expect(world).toMatchObject({ starts: 0, said: [] });
});

test('so many times in so many minutes, then it says so; a command tries again later', async () => {
  const { care, world } = careOf(async () => undefined);
  for (let death = 0; death < 3; death += 1) {
    world.alive = false;
    await care.revive();
  }
  expect(world.starts).toBe(2);
  expect(world.said.at(-1)).toMatch(/died 2 times in 1 min and is left alone/);
  care.noticeDeath();
  expect(world.starts).toBe(2);
  world.now = 61_000;
  expect(await care.revive()).toBe(true);
  expect(world.starts).toBe(3);
});

test('what cannot be started is said, and not tried for ever', async () => {
  const { care, world } = careOf(() => Promise.reject(new Error('no engine')));
  expect(await care.revive()).toBe(false);
  expect(world.said.at(-1)).toBe('the supervisor cannot be started: no engine');
  care.noticeDeath();
  expect(world.starts).toBe(1);
});

test('a look that fails ends nothing: whoever asks is told, and the next notice looks again', async () => {
  const { care, world } = careOf(async () => undefined, [new Error('the lock cannot be read')]);
  care.noticeDeath();
  await expect(care.revive()).rejects.toThrow('the lock cannot be read');
  care.noticeDeath();
  expect(await care.revive()).toBe(true);
  expect(world.starts).toBe(1);
});
