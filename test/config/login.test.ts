import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseCredential, hasOwnLogin, tokenProblem, whoPays } from '../../src/config/credentials.ts';
import { readToken, removeToken, tokenPath, writeToken } from '../../src/config/login-store.ts';

const TOKEN = 'sk-ant-oat01-made-up-for-this-test';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ralph-login-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('login store', () => {
  test('keeps a token for its owner only', async () => {
    const path = tokenPath({ XDG_CONFIG_HOME: folder });
    expect(await readToken(path)).toBeNull();
    await writeToken(path, TOKEN);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readToken(path)).toBe(TOKEN);
    await writeToken(path, `${TOKEN}2`);
    expect(await readToken(path)).toBe(`${TOKEN}2`);
    expect(await removeToken(path)).toBe(true);
    expect(await removeToken(path)).toBe(false);
  });

  test.each([0o640, 0o604])('refuses a file with mode %o', async (mode) => {
    const path = join(folder, 'token');
    await writeToken(path, TOKEN);
    await chmod(path, mode);
    await expect(readToken(path)).rejects.toThrow(`${path}: others can read the token; write: chmod 600 ${path}`);
  });

  test('refuses links and what is no file', async () => {
    const path = join(folder, 'token');
    await writeFile(join(folder, 'elsewhere'), TOKEN, { mode: 0o600 });
    await symlink(join(folder, 'elsewhere'), path);
    await expect(readToken(path)).rejects.toThrow('is a link');
    await rm(path);
    await mkdir(path);
    await expect(readToken(path)).rejects.toThrow('is no plain file');
  });
});

describe('which login the agent gets', () => {
  const nothing = { environment: {}, storedToken: null, sandbox: 'docker', ownLogin: false } as const;

  test.each([
    [
      'the API key first',
      { ...nothing, environment: { ANTHROPIC_API_KEY: 'a', CLAUDE_CODE_OAUTH_TOKEN: 'b' }, storedToken: 'c' },
      'environment',
      'API account pays',
    ],
    [
      'then the subscription token',
      { ...nothing, environment: { CLAUDE_CODE_OAUTH_TOKEN: 'b', ANTHROPIC_AUTH_TOKEN: 'd' } },
      'environment',
      'subscription pays (CLAUDE_CODE_OAUTH_TOKEN)',
    ],
    [
      'then a bearer token',
      { ...nothing, environment: { ANTHROPIC_AUTH_TOKEN: 'd' }, storedToken: 'c' },
      'environment',
      'gateway',
    ],
    [
      'an empty variable is none',
      { ...nothing, environment: { ANTHROPIC_API_KEY: '' }, storedToken: 'c' },
      'stored',
      'ralph-tui login',
    ],
    [
      'the own login on the host',
      { ...nothing, sandbox: 'host' as const, ownLogin: true },
      'own_login',
      'your own claude login',
    ],
    ['never the own login in a container', { ...nothing, ownLogin: true }, 'none', 'no login'],
  ])('%s', (_, request, source, payer) => {
    const credential = chooseCredential(request);
    expect(credential.source).toBe(source);
    expect(whoPays(credential)).toContain(payer);
  });

  test('a stored token is handed over as a subscription token', () => {
    expect(chooseCredential({ ...nothing, storedToken: TOKEN })).toEqual({
      source: 'stored',
      variable: 'CLAUDE_CODE_OAUTH_TOKEN',
      secret: TOKEN,
    });
  });

  test('the own login is only looked for', async () => {
    const environment = { HOME: folder };
    expect(await hasOwnLogin(environment)).toBe(false);
    await mkdir(join(folder, '.claude'));
    await writeFile(join(folder, '.claude', '.credentials.json'), '', { mode: 0o000 });
    expect(await hasOwnLogin(environment)).toBe(true);
    expect(await hasOwnLogin({ HOME: folder, CLAUDE_CONFIG_DIR: join(folder, 'other') })).toBe(false);
  });
});

test.each([
  [TOKEN, null],
  ['', 'no token was given'],
  ['sk-ant-api03-made-up-for-this-test', 'that is an API key'],
  ['two words that are long enough', 'spaces'],
  ['short', 'too short'],
])('token %j', (text, expected) => {
  const problem = tokenProblem(text);
  if (expected === null) expect(problem).toBeNull();
  else expect(problem).toContain(expected);
});
