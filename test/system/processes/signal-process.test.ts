import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { signalProcess } from '../../../src/system/processes/signal-process.ts';

test('a process gets it; one that has ended needs none', async () => {
  const child = spawn('sleep', ['4321'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  expect(signalProcess(child.pid ?? -1, 'SIGTERM')).toBe(true);
  expect(await ended).toEqual([null, 'SIGTERM']);
  expect(signalProcess(child.pid ?? -1, 'SIGTERM')).toBe(true);
});

test("somebody else's is left alone", () => {
  if (process.getuid?.() !== 0) return expect(signalProcess(1, 'SIGTERM')).toBe(false);
  // Root may end everybody's: for a moment this process is a third user.
  const child = spawn('sleep', ['4322'], { stdio: 'ignore', uid: 12_345 });
  onTestFinished(() => void child.kill('SIGKILL'));
  process.seteuid?.(12_346);
  try {
    expect(signalProcess(child.pid ?? -1, 'SIGKILL')).toBe(false);
  } finally {
    process.seteuid?.(0);
  }
});
