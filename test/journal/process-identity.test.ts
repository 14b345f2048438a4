import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive, processIdentity } from '../../src/journal/process-identity.ts';

describe('processIdentity', () => {
  it('knows this process', () => {
    const me = processIdentity();
    expect(me).toMatchObject({ pid: process.pid });
    expect(me !== null && isAlive(me)).toBe(true);
  });

  it('knows another process until it ends, also as a zombie', async () => {
    // The shell never waits for its child, which stays a zombie when it has ended.
    const shell = spawn('bash', ['-c', 'sleep 3600 & echo $!; exec sleep 3600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = await once(shell.stdout, 'data');
      const pid = Number(String(line).trim());
      const child = processIdentity(pid);
      if (child === null) return expect.fail('the child is not there');
      expect(isAlive(child)).toBe(true);
      process.kill(pid, 'SIGKILL');
      while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(processIdentity(pid)).toBeNull();
    } finally {
      shell.kill('SIGKILL');
      await once(shell, 'exit');
    }
  });

  it('is fine with names that look like fields', async () => {
    // The name of a process is the file's: here one with spaces and parentheses.
    const { cp, mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/ralph-tui-test-`);
    const program = `${folder}/a) S 1 (b`;
    await cp('/bin/sleep', program);
    const child = spawn(program, ['3600'], { stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      const identity = processIdentity(child.pid);
      expect(identity?.startTicks).toBeGreaterThanOrEqual(processIdentity()?.startTicks ?? Number.NaN);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    }
  });

  it('is not fooled by a pid that is used again, or by another boot', () => {
    const me = processIdentity();
    if (me === null) return expect.fail('this process is not there');
    expect(isAlive({ ...me, startTicks: (me.startTicks ?? 0) - 1 })).toBe(false);
    expect(isAlive({ ...me, bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false);
  });

  it('goes by the pid where nothing else is known', () => {
    expect(isAlive({ pid: process.pid, startTicks: null, bootId: null })).toBe(true);
    expect(isAlive({ pid: 2 ** 30, startTicks: null, bootId: null })).toBe(false);
  });
});
