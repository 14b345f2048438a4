import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLogin, secretValues } from '../../src/supervisor/agent-login.ts';
import { LoginKeeper } from '../../src/supervisor/login-keeper.ts';
import { OPTIONS } from '../core/story.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const KEY = 'made-up-key-0123456789';
const TOKEN = 'made-up-token-0123456789';

async function person(variables: Record<string, string> = {}, token: string | null = null) {
  const folder = await temporaryFolder();
  const config = join(folder, 'ralph-tui');
  await mkdir(config);
  const store = (text: string) => writeFile(join(config, 'token'), `${text}\n`, { mode: 0o600 });
  if (token !== null) await store(token);
  return { environment: { HOME: folder, XDG_CONFIG_HOME: folder, ...variables }, store, config };
}

describe('the login', () => {
  test.each<[string, Record<string, string>, string | null, object]>([
    ['none', {}, null, { credential: { source: 'none' }, present: false }],
    ['a key', { ANTHROPIC_API_KEY: KEY }, null, { credential: { source: 'environment', secret: KEY }, present: true }],
    ['a stored token', {}, TOKEN, { credential: { source: 'stored', secret: TOKEN }, present: true }],
    ['both: the environment wins', { ANTHROPIC_API_KEY: KEY }, TOKEN, { credential: { secret: KEY } }],
    [
      'a cloud account outside does not reach into a container',
      { CLAUDE_CODE_USE_BEDROCK: '1' },
      null,
      { present: false },
    ],
  ])('%s', async (_, variables, token, expected) => {
    const { environment } = await person(variables, token);
    expect(await loadLogin(OPTIONS, environment)).toMatchObject(expected);
  });

  test('a cloud account that is handed in is one', async () => {
    const { environment } = await person({ CLAUDE_CODE_USE_BEDROCK: '1' });
    const options = { ...OPTIONS, environmentNames: ['CLAUDE_CODE_USE_BEDROCK'] };
    expect(await loadLogin(options, environment)).toMatchObject({ present: true, whoPays: /your cloud account/ });
  });

  test('another program has its own', async () => {
    const { environment } = await person();
    const options = { ...OPTIONS, agentCommand: ['/usr/bin/my-agent'] };
    expect(await loadLogin(options, environment)).toMatchObject({ present: true });
    expect(await loadLogin({ ...OPTIONS, agentCommand: ['/opt/bin/claude'] }, environment)).toMatchObject({
      present: false,
    });
  });
});

describe('what is handed over', () => {
  test('a file’s and the named variables, the named ones first, and all of it is secret', async () => {
    const { environment, config } = await person({ ANTHROPIC_API_KEY: KEY, ONE: 'from the shell', OTHER: 'not named' });
    const environmentFile = join(config, 'variables');
    await writeFile(environmentFile, 'ONE=from the file\nTWO=also from the file\n');
    const login = await loadLogin({ ...OPTIONS, environmentNames: ['ONE'], environmentFile }, environment);
    expect(login.extra).toEqual({ ONE: 'from the shell', TWO: 'also from the file' });
    expect(secretValues(login).sort()).toEqual(['also from the file', 'from the shell', KEY].sort());
  });

  test('a key in the file is the login', async () => {
    const { environment, config } = await person();
    const environmentFile = join(config, 'variables');
    await writeFile(environmentFile, `ANTHROPIC_API_KEY=${KEY}\n`);
    expect(await loadLogin({ ...OPTIONS, environmentFile }, environment)).toMatchObject({
      credential: { secret: KEY },
    });
  });

  test.each([
    [{ environmentNames: ['GONE'] }, /--env GONE: this variable is not set; export it first/],
    [{ environmentFile: '/nowhere/variables' }, /--env-file: \/nowhere\/variables cannot be read/],
  ])('%j: what is missing is said', async (change, message) => {
    const { environment } = await person();
    await expect(loadLogin({ ...OPTIONS, ...change }, environment)).rejects.toThrow(message);
  });
});

describe('a run that goes on', () => {
  test('gets the token that was stored meanwhile; the old one stays a secret', async () => {
    const { environment, store } = await person({}, TOKEN);
    const keeper = await LoginKeeper.open(OPTIONS, environment);
    await store('made-up-newer-token-0123456789');
    expect(await keeper.refresh()).toBe(keeper.current);
    expect(keeper.current).toMatchObject({ credential: { secret: 'made-up-newer-token-0123456789' } });
    expect(keeper.redact(`${TOKEN} made-up-newer-token-0123456789`)).toBe('[redacted] [redacted]');
  });

  test('without what it was begun with it is not present, and says what is missing', async () => {
    const { environment } = await person({ ANTHROPIC_API_KEY: KEY });
    const options = { ...OPTIONS, environmentNames: ['GONE'] };
    await expect(LoginKeeper.open(options, environment)).rejects.toThrow('--env GONE');
    const keeper = await LoginKeeper.reopen(options, environment);
    expect(keeper.current).toMatchObject({ present: false, missing: /--env GONE/, credential: { source: 'none' } });
  });

  test('a token that others can read is missing, with what to do', async () => {
    const { environment, config } = await person({}, TOKEN);
    const keeper = await LoginKeeper.open(OPTIONS, environment);
    await chmod(join(config, 'token'), 0o644);
    expect(await keeper.refresh()).toMatchObject({
      present: false,
      missing: /others can read the token; write: chmod 600/,
    });
  });
});
