// The wrapper around the agent's shell commands, run by the real bash, beside the same command without it.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  LIVE_FILES_KEPT,
  LIVE_OUTPUT_LIMIT_BYTES,
  newestLiveFile,
  writeShellPrefix,
} from '../../src/sandbox/shell-prefix.ts';

let folder: string;
let prefix: string;
let live: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ralph-tui it's a prefix-"));
  mkdirSync(join(folder, 'agent'));
  prefix = await writeShellPrefix(join(folder, 'agent'), null);
  live = join(folder, 'agent', 'live');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Result {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program whose stdout and stderr are files, as the agent's are. */
function runIntoFiles(program: string, args: readonly string[], where: { oneFile: boolean }): Result {
  const out = openSync(join(folder, 'out'), 'w');
  const err = where.oneFile ? out : openSync(join(folder, 'err'), 'w');
  const { status, signal } = spawnSync(program, args, { cwd: folder, stdio: ['ignore', out, err] });
  closeSync(out);
  if (!where.oneFile) closeSync(err);
  return {
    code: status,
    signal,
    stdout: readFileSync(join(folder, 'out'), 'latin1'),
    stderr: where.oneFile ? '' : readFileSync(join(folder, 'err'), 'latin1'),
  };
}

async function newestEnded() {
  for (;;) {
    const newest = newestLiveFile(readdirSync(live));
    if (newest?.state === 'ended') {
      // The follower copies for so long after the end.
      await sleep(250);
      return { ...newest, text: readFileSync(join(live, newest.name), 'latin1') };
    }
    await sleep(10);
  }
}

describe('a command does not notice', () => {
  test.each([
    ['echo out; echo err >&2; exit 3', 3],
    ['echo hi', 0],
    ['false', 1],
    ['exit 0', 0],
    ['echo "$# [$1] $0"; set -o noclobber; exit 2', 2],
    ['set -e; false; echo not reached', 1],
    ['set -u; echo $nothing', 127],
    ['no-such-command', 127],
    ['f() { return 7; }; f', 7],
    ["cat <<'END'\nfirst $HOME\nEND", 0],
    ["printf 'é✓\\0\\1\\377no newline'", 0],
    ["eval 'cd /; echo moved' < /dev/null && pwd -P >| where", 0],
    ['trap "echo mine" EXIT; exit 4', null],
    ['exec sh -c "exit 6"', null],
    ['kill -TERM $$; sleep 60', null],
    ['kill -KILL $$', null],
  ])('%s', async (command, knownCode) => {
    const plain = runIntoFiles('/bin/bash', ['-c', command], { oneFile: false });
    const wrapped = runIntoFiles(prefix, [command], { oneFile: false });
    expect(wrapped).toEqual(plain);
    expect((await newestEnded()).exitCode).toBe(knownCode);
  });

  test('that its output is followed: order of two streams in one file, and the copy is the same', async () => {
    const command = 'for i in 1 2 3; do echo out $i; echo err $i >&2; done';
    const { stdout } = runIntoFiles(prefix, [command], { oneFile: true });
    expect(stdout).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
    expect((await newestEnded()).text).toBe(stdout);
  });

  test('when there is no live folder', () => {
    rmSync(live, { recursive: true });
    expect(runIntoFiles(prefix, ['echo hi; exit 3'], { oneFile: false })).toMatchObject({
      code: 3,
      stdout: 'hi\n',
      stderr: '',
    });
  });

  test('when a file is in the live folder’s place', () => {
    rmSync(live, { recursive: true });
    writeFileSync(live, '');
    expect(runIntoFiles(prefix, ['echo hi; exit 3'], { oneFile: false })).toMatchObject({
      code: 3,
      stdout: 'hi\n',
      stderr: '',
    });
  });

  test('when its output is a pipe: it runs without a copy', () => {
    const piped = spawnSync(prefix, ['echo out; echo err >&2; exit 3'], { encoding: 'utf8' });
    expect(piped).toMatchObject({ status: 3, stdout: 'out\n', stderr: 'err\n' });
    expect(readdirSync(live)).toEqual([]);
  });
});

test('output is copied while the command runs', async () => {
  const out = openSync(join(folder, 'out'), 'w');
  const child = spawn(prefix, ['echo early; until [ -e go ]; do sleep 0.02; done; echo late'], {
    cwd: folder,
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (;;) {
    const newest = newestLiveFile(readdirSync(live));
    if (newest !== null && readFileSync(join(live, newest.name), 'utf8') === 'early\n') {
      expect(newest).toMatchObject({ state: 'running', exitCode: null });
      break;
    }
    await sleep(10);
  }
  writeFileSync(join(folder, 'go'), '');
  expect(await ended).toBe(0);
  expect(await newestEnded()).toMatchObject({ exitCode: 0, text: 'early\nlate\n' });
});

test('a shell in the background holds nothing up', async () => {
  const { code, stdout } = runIntoFiles(prefix, ['sleep 293 & echo $!'], { oneFile: true });
  expect(code).toBe(0);
  expect(await newestEnded()).toMatchObject({ exitCode: 0, text: stdout });
  process.kill(Number(stdout), 'SIGKILL');
});

test('the end of a whole process group is written down', async () => {
  const out = openSync(join(folder, 'out'), 'w');
  const child = spawn(prefix, ['echo ready; sleep 60'], { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  while (readFileSync(join(folder, 'out'), 'utf8') === '') await sleep(10);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  expect(await ended).toBe('SIGKILL');
  expect(await newestEnded()).toMatchObject({ exitCode: null });
});

test('the memory killer takes the command first', () => {
  expect(runIntoFiles(prefix, ['cat /proc/self/oom_score_adj'], { oneFile: false }).stdout).toBe('1000\n');
});

test('copying stops at its limit, the command does not', async () => {
  const bytes = LIVE_OUTPUT_LIMIT_BYTES + 500_000;
  const { code } = runIntoFiles(prefix, [`yes | head -c ${bytes}`], { oneFile: true });
  expect(code).toBe(0);
  expect(statSync(join(folder, 'out')).size).toBe(bytes);
  expect((await newestEnded()).text.length).toBe(LIVE_OUTPUT_LIMIT_BYTES);
});

test('only what the command itself writes is copied', async () => {
  writeFileSync(join(folder, 'log'), 'from before\n');
  const log = openSync(join(folder, 'log'), 'a');
  spawnSync(prefix, ['echo new'], { stdio: ['ignore', log, log] });
  closeSync(log);
  expect((await newestEnded()).text).toBe('new\n');
});

test('old files are taken away', async () => {
  for (let i = 10; i < 10 + LIVE_FILES_KEPT + 5; i += 1) {
    writeFileSync(join(live, `17952559999${i}-1.out`), '');
    writeFileSync(join(live, `17952559999${i}-1.exit-0`), '');
  }
  runIntoFiles(prefix, ['true'], { oneFile: true });
  await newestEnded();
  const names = readdirSync(live);
  expect(names.filter((name) => name.endsWith('.out')).length).toBeLessThanOrEqual(LIVE_FILES_KEPT + 1);
  expect(names).not.toContain('1795255999910-1.exit-0');
  expect(names).toContain('1795255999934-1.exit-0');
});

describe('the newest live file', () => {
  test.each([
    [[], null],
    [['..', 'x.out', '1795255999900-1.exit-0', '1795255999900.out', '-1.out'], null],
    [
      ['1795255999900-7.out'],
      { name: '1795255999900-7.out', startedAtMs: 1795255999900, state: 'running', exitCode: null },
    ],
    [
      ['1795255999901-8.out', '1795255999900-7.out', '1795255999900-7.exit-0'],
      { name: '1795255999901-8.out', startedAtMs: 1795255999901, state: 'running', exitCode: null },
    ],
    [
      ['1795255999900-7.out', '1795255999900-7.exit-143', '1795255999900-70.exit-1'],
      { name: '1795255999900-7.out', startedAtMs: 1795255999900, state: 'ended', exitCode: 143 },
    ],
    [
      ['1795255999900-7.exit-unknown', '1795255999900-7.out'],
      { name: '1795255999900-7.out', startedAtMs: 1795255999900, state: 'ended', exitCode: null },
    ],
    [
      ['1795255999900-7.exit-12345;rm', '1795255999900-7.out'],
      { name: '1795255999900-7.out', startedAtMs: 1795255999900, state: 'ended', exitCode: null },
    ],
  ])('of %j', (names, expected) => {
    expect(newestLiveFile(names)).toEqual(expected);
  });
});
