// Homes that are missing, no folders, or cannot be written: one line each, and nothing is left behind.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ralph } from '../harness/process.ts';
import { openDesk } from './typed.ts';

const READERS = ['status', 'why', 'receipts', 'logs'];

describe('commands that read', () => {
  test.each(READERS)('%s make no folder in a home that is missing', async (command) => {
    const desk = await openDesk();
    const HOME = join(desk.home, 'no/such');
    expect(await desk.type([command], { environment: { HOME } })).toMatchObject({
      stdout: '',
      stderr: 'ralph-tui: there is no run of this repository yet; start one with: ralph-tui build\n',
      exitCode: 2,
    });
    expect(await readdir(desk.home)).toEqual([]);
  });

  test('find nothing in a home that is a file', async () => {
    const desk = await openDesk();
    expect((await desk.type(['status'], { environment: { HOME: '/dev/null' } })).stderr).toMatch(
      /^ralph-tui: there is no run[^\n]*\n$/,
    );
    expect(await desk.type(['config'], { environment: { HOME: '/dev/null' } })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});

describe('what is kept in the configuration folder', () => {
  test.each([
    ['config', ['config', '--save', '--cpus', '2']],
    ['login', ['login']],
  ])('%s says that it cannot be, exit code 7', async (_, argv) => {
    const desk = await openDesk();
    await writeFile(join(desk.home, 'file'), '');
    const HOME = join(desk.home, 'file');
    expect(await desk.type(argv, { environment: { HOME }, stdin: 'sk-ant-oat01-made-up-for-this-test' })).toEqual({
      stdout: '',
      stderr: `ralph-tui: cannot write the configuration folder ${HOME}/.config/ralph-tui: not a directory; set XDG_CONFIG_HOME\n`,
      exitCode: 7,
    });
  });
});

/** The real program: what it does before any command is called counts, too. */
describe('the program', () => {
  const run = async (argv: string[], environment: Record<string, string>) => {
    const desk = await openDesk();
    const folder = desk.repository;
    await mkdir(join(folder, 'sub'));
    const { exitCode, stdout, stderr } = await ralph(argv, {
      cwd: join(folder, 'sub'),
      env: { PATH: process.env.PATH ?? '', ...environment },
      timeoutMs: 20_000,
    });
    return { exitCode, stdout, stderr, left: await readdir(join(folder, 'sub')) };
  };

  test.each([
    ['empty', ''],
    ['/proc, where no folder can be made', '/proc'],
    ['missing', '/no-such-home/of-anybody'],
  ])('reads with a home that is %s', async (_, HOME) => {
    const { exitCode, stderr, left } = await run(['status'], { HOME });
    expect({ exitCode, stderr, left }).toEqual({
      exitCode: 2,
      stderr: 'ralph-tui: there is no run of this repository yet; start one with: ralph-tui build\n',
      left: [],
    });
    await expect(readdir('/no-such-home')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('starts nothing where no state can be kept, exit code 7', async () => {
    const argv = ['build', '--headless', '--sandbox', 'host', '--agent', 'true'];
    const { exitCode, stdout, stderr } = await run(argv, { HOME: '/dev/null' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toMatch(
      /^ralph-tui: cannot write the state folder \/dev\/null\/\.local\/state\/ralph-tui\/acme-\w+: not a directory; set XDG_STATE_HOME\n$/,
    );
  });
});
