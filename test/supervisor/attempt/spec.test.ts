import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/core/options.ts';
import { repositoryFolders } from '../../../src/journal/folders.ts';
import type { AgentLogin } from '../../../src/supervisor/agent-login.ts';
import { placesInContainer, placesOnHost } from '../../../src/supervisor/attempt/places.ts';
import { prepareAttempt, type SpecRequest } from '../../../src/supervisor/attempt/spec.ts';
import { OPTIONS } from '../../core/story.ts';

const EXCHANGE = { folder: '/e', agent: '/e/agent', inbox: '/e/inbox' };
const REPOSITORY = { top: '/r', gitDir: '/r/.git', commonDir: '/r/.git', owner: { uid: 1000, gid: 1001 } };
const LOGIN: AgentLogin = {
  credential: { source: 'environment', variable: 'ANTHROPIC_API_KEY', secret: 'made-up-key' },
  person: { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: 'http://gateway', HOME: '/home/me', EDITOR: 'vi' },
  extra: { DATABASE_URL: 'made-up-password' },
  whoPays: '',
  present: true,
  missing: null,
};

function prepare(options: Partial<RunOptions> = {}, change: Partial<SpecRequest> = {}) {
  const all = { ...OPTIONS, ...options };
  return prepareAttempt({
    run: 'run',
    ref: { iteration: 7, attempt: 2 },
    namespace: 'n',
    repository: REPOSITORY,
    folders: repositoryFolders('/state', 'key'),
    options: all,
    login: LOGIN,
    identity: { name: 'Test Person', email: 'test@example.invalid', configured: true },
    sessionId: 'session',
    places: all.sandbox === 'docker' ? placesInContainer(REPOSITORY, EXCHANGE, 'cache') : placesOnHost(EXCHANGE),
    ...change,
  });
}

test('an attempt in a container', () => {
  const { spec, sessionId } = prepare();
  expect(sessionId).toBe('session');
  expect(spec).toMatchObject({
    name: 'sandbox-loop-run-7-2',
    labels: { namespace: 'n', repository: 'key', run: 'run', iteration: 7, attempt: 2 },
    workdir: '/r',
    stdinPath: '/ralph/inbox/prompt.md',
    user: { uid: 1000, gid: 1001 },
    limits: { memoryBytes: OPTIONS.memoryBytes, cpus: 4, pids: 512 },
    network: { kind: 'open' },
    image: 'sandbox-loop',
  });
  expect(spec.argv).toEqual(expect.arrayContaining(['claude', '-p', '--session-id', 'session', '--model', 'opus']));
});

describe('the environment', () => {
  test('has in whose name to commit, and where things lie inside', () => {
    expect(prepare().spec.environment).toMatchObject({
      GIT_AUTHOR_NAME: 'Test Person',
      GIT_COMMITTER_EMAIL: 'test@example.invalid',
      CLAUDE_CONFIG_DIR: '/ralph/agent/claude',
      CLAUDE_CODE_SHELL_PREFIX: '/ralph/agent/shell-prefix',
      npm_config_cache: '/ralph/cache/npm',
      ANTHROPIC_BASE_URL: 'http://gateway',
    });
  });

  test.each(['docker', 'host'] as const)('never has a secret (%s)', (sandbox) => {
    const { environment, secrets } = prepare({ sandbox }).spec;
    expect(secrets).toEqual({ ANTHROPIC_API_KEY: 'made-up-key', DATABASE_URL: 'made-up-password' });
    expect(JSON.stringify(environment)).not.toMatch(/made-up/);
  });

  test('of a container has nothing else of the person’s', () => {
    expect(Object.keys(prepare().spec.environment)).not.toEqual(expect.arrayContaining(['HOME']));
    expect(Object.keys(prepare().spec.environment)).not.toEqual(expect.arrayContaining(['EDITOR']));
  });

  test('on the host keeps the person’s own configuration of the agent', () => {
    expect(prepare({ sandbox: 'host' }).spec.environment).not.toHaveProperty('CLAUDE_CONFIG_DIR');
  });

  test('for a repository of root lets the agent skip permissions', () => {
    const root = { ...REPOSITORY, owner: { uid: 0, gid: 0 } };
    expect(prepare({}, { repository: root }).spec).toMatchObject({
      environment: { IS_SANDBOX: '1' },
      user: { uid: 0 },
    });
    expect(prepare().spec.environment).not.toHaveProperty('IS_SANDBOX');
  });
});

test('arguments that pick a session of their own leave the stream to say which it is', () => {
  const { spec, sessionId } = prepare({ agentArguments: ['--resume', 'abc'] });
  expect(sessionId).toBeNull();
  expect(spec.argv).not.toContain('--session-id');
});

test('the same request gives the same attempt', () => {
  expect(prepare()).toEqual(prepare());
});
