// The shim alone, run by every shell that may be /bin/sh.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SHIM_FILES, shimScript } from '../../../src/sandbox/host/shim-script.ts';
import { parseStat } from '../../../src/system/processes/process-table.ts';

const SHELLS = [['dash'], ['bash'], ['bash', '--posix']].filter(([shell]) => existsSync(`/bin/${shell}`));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ralph-tui it's a shim-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function startShim(shell: readonly string[], argv: readonly string[]) {
  const script = join(folder, SHIM_FILES.script);
  writeFileSync(script, shimScript({ folder, argv, stdinPath: null, mark: { name: 'MARK', value: "it's one" } }));
  const [program = '', ...options] = shell;
  const shim = spawn(program, [...options, script], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => shim.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => shim.stdio[3]?.once('data', () => resolve()));
  return { shim, ready, ended };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe.each(SHELLS.map((words) => ({ name: words.join(' '), words })))('$name', ({ words }) => {
  test.each([
    [0, ['true']],
    [5, ['sh', '-c', 'exit 5']],
    [255, ['sh', '-c', 'exit 255']],
    [127, ['/no/such/program']],
    [126, ['/etc/passwd']],
    [129, ['sh', '-c', 'kill -HUP $$']],
    [130, ['sh', '-c', 'kill -INT $$']],
    [137, ['sh', '-c', 'kill -KILL $$']],
    [139, ['sh', '-c', 'kill -SEGV $$']],
    [143, ['sh', '-c', 'kill -TERM $$']],
  ])('writes down the exit code %i', async (code, argv) => {
    await startShim(words, argv).ended;
    expect(JSON.parse(read(SHIM_FILES.exit))).toEqual({ code });
  });

  test('signals to the shim lose nothing and reach nobody', async () => {
    const { shim, ready, ended } = startShim(words, ['sh', '-c', 'until [ -e go ]; do sleep 0.02; done; exit 7']);
    await ready;
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1'] as const) {
      shim.kill(signal);
      await sleep(5);
    }
    writeFileSync('go', '');
    await ended;
    rmSync('go');
    expect(JSON.parse(read(SHIM_FILES.exit))).toEqual({ code: 7 });
  });

  test('the agent has default signals, its own pid in agent.stat, the mark, and no descriptor of the shim', async () => {
    const script = 'grep -E "SigIgn|SigBlk" /proc/self/status; echo "$$ [$MARK]"; [ -e /proc/$$/fd/3 ] || echo closed';
    await startShim(words, ['sh', '-c', script]).ended;
    const pid = parseStat(read(SHIM_FILES.agentStat))?.pid;
    expect(read(SHIM_FILES.stdout)).toMatch(
      new RegExp(`^SigBlk:\\t0{16}\\nSigIgn:\\t0{16}\\n${pid} \\[it's one\\]\\nclosed\\n$`),
    );
    expect(parseStat(read(SHIM_FILES.shimStat))?.pid).not.toBe(pid);
  });

  test('words arrive as they are', async () => {
    const argv = ['', 'two words', "it's", '$HOME `id` \\ "', '*', 'line\nbreak\n', '-n', 'ü✓', "'"];
    await startShim(words, ['sh', '-c', 'for word; do printf "%s|" "$word"; done', 'sh', ...argv]).ended;
    expect(read(SHIM_FILES.stdout)).toBe(argv.map((word) => `${word}|`).join(''));
  });
});
