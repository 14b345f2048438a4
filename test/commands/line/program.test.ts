import { describe, expect, test } from 'vitest';
import type { StartRequest } from '../../../src/commands/start/start-request.ts';
import { programVersion } from '../../../src/system/package-files.ts';
import { displayWidth } from '../../../src/text/width.ts';
import { openDesk } from '../typed.ts';

async function started(...argv: string[]): Promise<StartRequest> {
  const requests: StartRequest[] = [];
  const desk = await openDesk();
  const typed = await desk.type(argv, {
    start: async (_, request) => {
      requests.push(request);
      return 6;
    },
  });
  expect(typed).toEqual({ stdout: '', stderr: '', exitCode: 6 });
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was started');
  return request;
}

describe('what starts a run', () => {
  test.each<[string[], StartRequest]>([
    [[], { mode: 'build', bare: true, work: null, flags: {} }],
    [['20'], { mode: 'build', bare: false, work: null, flags: { maxIterations: '20' } }],
    [['build'], { mode: 'build', bare: false, work: null, flags: {} }],
    [['plan', '3', '--step'], { mode: 'plan', bare: false, work: null, flags: { maxIterations: '3', step: true } }],
    [['--step', 'plan'], { mode: 'plan', bare: false, work: null, flags: { step: true } }],
    [
      ['--memory', '4g', 'build', '--memory', '8g', '--no-push'],
      { mode: 'build', bare: false, work: null, flags: { memory: '8g', push: false } },
    ],
    [
      ['plan-work', 'user login', '2'],
      { mode: 'plan-work', bare: false, work: 'user login', flags: { maxIterations: '2' } },
    ],
    [
      ['20', '--env', 'A', '--env', 'B', '--agent', 'node x.js', '--', '--effort', 'high', '--', 'x'],
      {
        mode: 'build',
        bare: false,
        work: null,
        flags: {
          env: ['A', 'B'],
          agent: 'node x.js',
          agentArguments: ['--effort', 'high', '--', 'x'],
          maxIterations: '20',
        },
      },
    ],
    [
      ['build', '5', '--max-iterations', '5'],
      { mode: 'build', bare: false, work: null, flags: { maxIterations: '5' } },
    ],
  ])('%j', async (argv, expected) => {
    expect(await started(...argv)).toEqual(expected);
  });

  test('every option of the issue is taken', async () => {
    const argv = (
      'build --sandbox host --image i --memory 1g --cpus 1 --pids 99 --model m --max-iterations 1 --max-turns 2 ' +
      '--prompt p --plan-file f --push --network none --env E --env-file e --step --yes --headless --replace'
    ).split(' ');
    expect(Object.keys((await started(...argv)).flags)).toHaveLength(18);
  });
});

describe('what is typed wrongly is one line and exit code 2', () => {
  test.each<[string[], string]>([
    [['--memroy', '3'], "unknown option '--memroy' (Did you mean --memory?); see: ralph-tui --help"],
    [['statsu'], '"statsu" is no command and no number of iterations; did you mean status? see: ralph-tui --help'],
    [['bild', '5'], '"bild" is no command and no number of iterations; did you mean build? see: ralph-tui --help'],
    [
      ['recipts', '--json'],
      '"recipts" is no command and no number of iterations; did you mean receipts? see: ralph-tui --help',
    ],
    [['deploy'], '"deploy" is no command and no number of iterations; see: ralph-tui --help'],
    [['help', 'recipts'], '"recipts" is no command; did you mean receipts? see: ralph-tui --help'],
    [
      ['help', 'logs', 'x'],
      "too many arguments for 'help'. Expected 1 argument but got 2: logs, x; see: ralph-tui --help",
    ],
    [['build', '--memory'], "option '--memory <size>' argument missing; see: ralph-tui --help"],
    [['plan', 'often'], '"often" is no number of iterations; write a whole number, 0 for no limit'],
    [['3', '--max-iterations', '4'], 'two maximums, 3 and --max-iterations 4; give one'],
    [['status', '--foo'], "unknown option '--foo'; see: ralph-tui --help"],
    [['--memory', '4g', 'status'], 'write the options of status behind it: ralph-tui status …'],
    [['status', '--', 'x'], 'status takes nothing behind --'],
    [['status', '--json', '--line'], '--json and --line exclude each other'],
    [['status', '--watch', 'often'], '--watch: "often" is no number of seconds; write 0.1 or more, such as 5'],
    [['logs', '--raw', '--tool', 'Bash'], '--raw and --tool exclude each other'],
    [['stop', '--attempt', '--after-iteration'], '--after-iteration and --attempt exclude each other'],
    [['why', 'not'], "too many arguments for 'why'. Expected 0 arguments but got 1: not; see: ralph-tui --help"],
  ])('%j', async (argv, expected) => {
    const { stdout, stderr, exitCode } = await (await openDesk()).type(argv);
    expect(stderr).toBe(`ralph-tui: ${expected}\n`);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});

describe('help', () => {
  test.each([['--help'], ['build', '--help'], ['plan-work', '--help'], ['logs', '--help'], ['config', '--help']])(
    '%s %s fits 80 columns',
    async (...argv) => {
      const { stdout, exitCode } = await (await openDesk()).type(argv);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('Usage: ralph-tui');
      for (const line of stdout.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    },
  );

  test('names the environment and hides what is for tests', async () => {
    const { stdout } = await (await openDesk()).type(['build', '--help']);
    expect(stdout).toContain('$MEMORY_LIMIT');
    expect(stdout).not.toContain('--agent');
    expect(stdout).not.toContain('--no-push');
  });

  test.each([
    [['help'], ['--help']],
    [
      ['help', 'config'],
      ['config', '--help'],
    ],
    [
      ['help', 'build'],
      ['build', '--help'],
    ],
  ])('%j is %j', async (words, option) => {
    const desk = await openDesk();
    expect(await desk.type(words)).toEqual(await desk.type(option));
  });

  test('the version', async () => {
    expect((await (await openDesk()).type(['--version'])).stdout).toBe(`${programVersion()}\n`);
  });
});

test('what nobody has foreseen ends with exit code 1 and says where', async () => {
  const { stderr, exitCode } = await (await openDesk()).type(['build'], {
    start: async () => {
      throw new TypeError('unforeseen');
    },
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^ralph-tui: TypeError: unforeseen\n\s+at /);
});
