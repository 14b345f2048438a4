import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDesk } from './typed.ts';

const TOKEN = 'sk-ant-oat01-made-up-for-this-test';

describe('login', () => {
  test('keeps a token from standard input, says who pays, and forgets it', async () => {
    const desk = await openDesk();
    const path = join(desk.home, '.config/ralph-tui/token');
    const kept = await desk.type(['login'], { stdin: `${TOKEN}\n` });
    expect(kept.stdout).toBe(
      `kept in ${path}, readable by you alone\n` +
        'from now on: your Claude subscription pays (token kept by ralph-tui login)\n',
    );
    expect(kept.stdout).not.toContain(TOKEN);
    expect(await readFile(path, 'utf8')).toBe(`${TOKEN}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const shadowed = await desk.type(['login'], { stdin: TOKEN, environment: { ANTHROPIC_API_KEY: 'made-up' } });
    expect(shadowed.stdout).toContain('API account pays, by tokens (ANTHROPIC_API_KEY) · the environment comes before');

    expect((await desk.type(['login', '--remove'])).stdout).toBe(`removed ${path}\nfrom now on: nobody: no login\n`);
  });

  test('refuses what is no token, without repeating it', async () => {
    const desk = await openDesk();
    const { stderr, exitCode } = await desk.type(['login'], { stdin: 'sk-ant-api03-made-up-key-for-a-test' });
    expect(stderr).toBe('ralph-tui: that is an API key, not a token; set ANTHROPIC_API_KEY instead of storing it\n');
    expect(exitCode).toBe(2);
    expect((await desk.type(['login'])).stderr).toContain('no token was given');
  });
});

describe('config', () => {
  test('--save keeps options, --show says where each comes from', async () => {
    const desk = await openDesk();
    const path = join(desk.home, '.config/ralph-tui/config.json');
    const save = (...argv: string[]) => desk.type(['config', '--save', ...argv]);
    expect((await save('--memory', '6g', '--prompt', 'P.md')).stdout).toBe(
      `saved for ${desk.repository}: memory, prompt (${path})\n`,
    );
    await save('--mode', 'plan', '--model', 'sonnet', '--', '--effort', 'high');
    await save('--all', '--push', '--env', 'NPM_TOKEN');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      defaults: { push: true, env: ['NPM_TOKEN'] },
      repositories: {
        [desk.repository]: {
          memory: '6g',
          prompt: join(desk.repository, 'P.md'),
          modes: { plan: { model: 'sonnet', agentArguments: ['--effort', 'high'] } },
        },
      },
    });
    const shown = await desk.type(['config', '--mode', 'plan', '--step'], { environment: { CPU_LIMIT: '2' } });
    expect(shown.stdout.replaceAll(/ {2,}/g, '  ')).toContain(
      [
        `memory  6G  file repositories["${desk.repository}"].memory`,
        'cpus  2  environment CPU_LIMIT',
        'pids  512  default',
      ].join('\n'),
    );
    expect(shown.stdout).toMatch(/model +sonnet +file repositories\[.*\]\.modes\.plan\.model/);
    expect(shown.stdout).toMatch(/push +on +file defaults\.push/);
    expect(shown.stdout).toMatch(/step +on +flag --step/);
  });

  test('--unset takes options back, and tells what holds then', async () => {
    const desk = await openDesk();
    const path = join(desk.home, '.config/ralph-tui/config.json');
    const kept = async () => JSON.parse(await readFile(path, 'utf8'));
    await desk.type(['config', '--save', '--memory', '6g', '--max-iterations', '7', '--cpus', '2']);
    await desk.type(['config', '--save', '--mode', 'plan', '--model', 'sonnet']);
    await desk.type(['config', '--save', '--all', '--memory', '3g']);

    const { stdout, exitCode } = await desk.type(['config', '--unset', 'memory', '--unset', '--max-iterations']);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/ {2,}/g, '  ')).toBe(
      `taken back for ${desk.repository}: memory, maxIterations (${path}); what holds now:\n` +
        'memory  3G  file defaults.memory\n' +
        'maxIterations  no limit  default\n',
    );
    expect(await kept()).toEqual({
      defaults: { memory: '3g' },
      repositories: { [desk.repository]: { cpus: '2', modes: { plan: { model: 'sonnet' } } } },
    });

    await desk.type(['config', '--unset', 'model', '--mode', 'plan']);
    await desk.type(['config', '--unset', 'cpus']);
    expect(await kept()).toEqual({ defaults: { memory: '3g' } });
    const everywhere = await desk.type(['config', '--unset', 'memory', '--all'], { cwd: desk.home });
    expect(everywhere.stdout).toMatch(/^taken back for every repository: memory .*\nmemory +8G +default\n$/);
    expect(await kept()).toEqual({});
  });

  test('shows outside of a repository what holds everywhere, saves for all there', async () => {
    const desk = await openDesk();
    const shown = await desk.type(['config'], { cwd: desk.home });
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toMatch(/\nrepository +none: .* is in no git repository; .*\nsection +defaults, mode build\n/);
    expect((await desk.type(['config', '--save', '--cpus', '2'], { cwd: desk.home })).exitCode).toBe(2);
    expect((await desk.type(['config', '--save', '--all', '--cpus', '2'], { cwd: desk.home })).exitCode).toBe(0);
  });

  test.each([
    [['--save'], 'nothing to save'],
    [['--save', '--memory', 'lots'], '--memory: "lots" is not a size'],
    [['--save', '--yes'], '--yes is for one start only and cannot be saved'],
    [['--mode', 'paln'], '--mode: "paln" is no mode; write build, plan, plan-work'],
    [['--unset', 'memory'], 'nothing is kept of memory for'],
    [['--unset', 'memry'], '--unset: there is no option "memry"; did you mean memory?'],
    [['--unset', 'memory', '--cpus', '2'], '--unset takes the names of options alone'],
    [['--unset', 'memory', '--save'], '--unset and --save or --show exclude each other'],
    [['--all'], '--all goes with --save or --unset'],
    [['--save', '--show'], '--save and --show exclude each other'],
  ])('%j is refused', async (argv, expected) => {
    const { stderr, exitCode } = await (await openDesk()).type(['config', ...argv]);
    expect(stderr).toContain(expected);
    expect(exitCode).toBe(2);
  });

  test('a broken file is named, and never overwritten', async () => {
    const desk = await openDesk();
    await desk.type(['config', '--save', '--cpus', '2']);
    const path = join(desk.home, '.config/ralph-tui/config.json');
    await writeFile(path, '{"defaults": {"cpus": "many"}}');
    const { stderr, exitCode } = await desk.type(['config', '--save', '--cpus', '3']);
    expect(stderr).toMatch(/config\.json: defaults\.cpus: "many" is no number of CPUs/);
    expect(exitCode).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('{"defaults": {"cpus": "many"}}');
  });
});

test('image says that Docker is away, exit code 7', async () => {
  const { stderr, exitCode } = await (await openDesk()).type(['image']);
  expect(stderr).toContain('/nowhere/docker.sock');
  expect(exitCode).toBe(7);
});
