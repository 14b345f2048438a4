// The lines of shell before the command, carried out by real shells.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretsInput, startErrorIn, wrapCommand } from '../../../src/sandbox/docker/command.ts';

const PRINT_ENVIRONMENT = [process.execPath, '-p', 'JSON.stringify(process.env.TOKEN ?? null)'];

let folder: string;
let prompt: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ralph-tui-command-'));
  prompt = join(folder, 'a prompt.md');
  await writeFile(prompt, 'the prompt');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs what the container would run, under the given shell. */
async function run(
  shell: string,
  argv: string[],
  stdinPath: string | null,
  secrets: Record<string, string>,
  input?: string,
) {
  const [program = '', ...rest] = wrapCommand({ argv, stdinPath, secrets });
  return execa(program === 'sh' ? shell : program, rest, { input: input ?? secretsInput(secrets), reject: false });
}

test('without input and secrets it is the command itself', () => {
  expect(wrapCommand({ argv: ['claude', '-p', ''], stdinPath: null, secrets: {} })).toEqual(['claude', '-p', '']);
});

describe.each(['sh', 'bash'])('%s', (shell) => {
  test.each([['plain'], [`quotes ' '' " and \`id\` $(id) $HOME \\ \\n`], ['two\nlines\n'], ['ü✓ \t'], ['']])(
    'the secret %j arrives as it is',
    async (value) => {
      const { stdout } = await run(shell, PRINT_ENVIRONMENT, null, { TOKEN: value });
      expect(JSON.parse(stdout)).toBe(value);
    },
  );

  test('the input is the file, and its path may have spaces', async () => {
    expect((await run(shell, ['cat'], prompt, {})).stdout).toBe('the prompt');
    expect((await run(shell, ['cat'], prompt, { TOKEN: 'x' })).stdout).toBe('the prompt');
  });

  test('after secrets, the input is empty', async () => {
    expect((await run(shell, ['cat'], null, { TOKEN: 'x' })).stdout).toBe('');
  });

  test('secrets that were cut on the way start nothing', async () => {
    const result = await run(shell, ['echo', 'started'], null, { TOKEN: 'x' }, "export TOKEN='x'\n");
    expect(result).toMatchObject({ exitCode: 126, stdout: '' });
    expect(startErrorIn(result.stderr)).toBe('ralph-tui: cannot start: the secrets did not arrive');
  });

  test('an input that is not there starts nothing', async () => {
    const result = await run(shell, ['echo', 'started'], join(folder, 'missing'), {});
    expect(result).toMatchObject({ exitCode: 126, stdout: '' });
    expect(startErrorIn(result.stderr)).toMatch(/the input cannot be read: .*missing$/);
  });

  test('a command that is not there is told from one that ends with 127', async () => {
    const missing = await run(shell, ['no-such-command'], prompt, {});
    expect(missing.exitCode).toBe(127);
    expect(startErrorIn(missing.stderr)).toMatch(/no-such-command.*not found/);
    const ends = await run(shell, ['sh', '-c', 'echo "x: command not found" >&2; exit 127'], prompt, {});
    expect(ends.exitCode).toBe(127);
    expect(startErrorIn(ends.stderr)).toBe(null);
  });
});

test.each([[{ 'A B': 'x' }], [{ '1A': 'x' }], [{ A: 'nul\0' }]])('%o cannot be a variable', (secrets) => {
  expect(() => secretsInput(secrets as unknown as Record<string, string>)).toThrow(/cannot be an environment variable/);
});

test.each([
  [
    '[FATAL tini (7)] exec nosuch failed: No such file or directory\n',
    '[FATAL tini (7)] exec nosuch failed: No such file or directory',
  ],
  ['some words\nsh: 1: exec: nosuch: not found\n', 'sh: 1: exec: nosuch: not found'],
  ['sh: 1: exec: nosuch: not found\nand then more\n', null],
  ['', null],
])('%j', (tail, expected) => {
  expect(startErrorIn(tail)).toBe(expected);
});
