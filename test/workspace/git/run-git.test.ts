import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookingEnvironment, pushEnvironment, trustedPath } from '../../../src/workspace/git/environment.ts';
import { askGit, type GitCall, runGit } from '../../../src/workspace/git/run-git.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let call: GitCall;
beforeEach(() => {
  scratch = new Scratch();
  const top = scratch.repository();
  call = { environment: lookingEnvironment(`${top}/.git`, process.env.PATH ?? ''), folder: top };
});
afterEach(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

test('answers output, errors and exit code', async () => {
  expect(await runGit(['rev-parse', '--is-bare-repository'], call)).toEqual({
    exitCode: 0,
    stdout: Buffer.from('false\n'),
    stderr: '',
    truncated: false,
  });
  const failed = await runGit(['cat-file', 'blob', '1'.repeat(40)], call);
  expect(failed).toMatchObject({ exitCode: 128, stderr: expect.stringContaining('fatal:') });
  await expect(askGit(['cat-file', 'blob', '1'.repeat(40)], call)).rejects.toMatchObject({ code: 'failed' });
});

test('input reaches git, output comes back whole', async () => {
  const input = Buffer.alloc(3_000_000, 'a line of text\n');
  const sha = (await askGit(['hash-object', '-w', '--stdin'], { ...call, input })).toString().trim();
  expect((await askGit(['cat-file', 'blob', sha], call)).equals(input)).toBe(true);
  const cut = await runGit(['cat-file', 'blob', sha], { ...call, outputLimitBytes: 1000 });
  expect(cut).toMatchObject({ truncated: true, stdout: input.subarray(0, 1000) });
  await expect(askGit(['cat-file', 'blob', sha], { ...call, outputLimitBytes: 1000 })).rejects.toMatchObject({
    code: 'failed',
  });
});

test('a git that does not end is ended at its deadline', async () => {
  // Git opens every .gitignore, and opening a FIFO waits for a writer.
  scratch.folder('repository/sub');
  execFileSync('mkfifo', [scratch.at('repository/sub/.gitignore')]);
  const environment = { ...call.environment, GIT_WORK_TREE: call.folder };
  const look = runGit(['ls-files', '--others', '--exclude-standard'], { ...call, environment, deadlineMs: 200 });
  await expect(look).rejects.toMatchObject({ code: 'deadline' });
  await vi.waitFor(() => expect(processesIn(scratch.path)).toEqual([]), { timeout: 10_000 });
});

/** Processes whose environment names the path. */
function processesIn(path: string): string[] {
  const script = `grep -l --null-data -F -- '=${path}' /proc/[0-9]*/environ 2>/dev/null || true`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test('without git the message says so', async () => {
  const environment = lookingEnvironment('/nowhere', scratch.folder('no-programs'));
  await expect(runGit(['version'], { environment, folder: '/' })).rejects.toMatchObject({ code: 'git_missing' });
});

test('nothing of the caller’s environment reaches git', async () => {
  vi.stubEnv('GIT_DIR', '/nowhere');
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', 'core.quotePath');
  vi.stubEnv('GIT_CONFIG_VALUE_0', 'false');
  vi.stubEnv('EDITOR', 'vi');
  vi.stubEnv('GIT_EXTERNAL_DIFF', 'false');
  expect((await askGit(['rev-parse', '--git-dir'], call)).toString().trim()).toBe(call.environment.GIT_DIR);
  expect((await runGit(['config', '--get', 'core.quotePath'], call)).exitCode).toBe(1);
});

test('the search path keeps absolute folders outside of the repository', () => {
  const repository = { top: '/r', commonDir: '/c/.git' };
  expect(trustedPath('/r/node_modules/.bin:.::bin:/usr/bin:/r:/rr:/c/.git/x', repository)).toBe('/usr/bin:/rr');
  expect(trustedPath(undefined, repository)).toBe('/usr/local/bin:/usr/bin:/bin');
  expect(trustedPath('/r/bin:/usr/bin', null)).toBe('/r/bin:/usr/bin');
});

test('a push gets home, agent socket and proxies of the person, and nothing else', () => {
  const person = { HOME: '/h', SSH_AUTH_SOCK: '/s', https_proxy: 'http://p', SECRET_TOKEN: 'x', GIT_SSH_COMMAND: 'x' };
  const environment = pushEnvironment('/shadow', '/usr/bin', person);
  expect(environment).toMatchObject({ HOME: '/h', SSH_AUTH_SOCK: '/s', https_proxy: 'http://p', GIT_DIR: '/shadow' });
  expect(Object.values(environment)).not.toContain('x');
});
