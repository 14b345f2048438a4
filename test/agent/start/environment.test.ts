import { describe, expect, test } from 'vitest';
import {
  type AgentEnvironmentRequest,
  agentEnvironment,
  hostEnvironment,
} from '../../../src/agent/start/environment.ts';

const KEY = { variable: 'ANTHROPIC_API_KEY', secret: 'made-up-key' } as const;
const docker: AgentEnvironmentRequest = {
  sandbox: 'docker',
  person: {},
  credential: KEY,
  extra: {},
  uid: 1000,
  configDir: '/exchange/agent',
  shellPrefix: '/exchange/agent/shell-prefix',
};
const host: AgentEnvironmentRequest = {
  ...docker,
  sandbox: 'host',
  credential: null,
  configDir: '/somewhere',
  shellPrefix: null,
};

const QUIET = {
  TZ: 'UTC',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
};

test('in a container: quiet, UTC, own folder, wrapper; the login is a secret', () => {
  expect(agentEnvironment(docker)).toEqual({
    environment: {
      ...QUIET,
      CLAUDE_CONFIG_DIR: '/exchange/agent',
      CLAUDE_CODE_SHELL_PREFIX: '/exchange/agent/shell-prefix',
    },
    secrets: { ANTHROPIC_API_KEY: 'made-up-key' },
  });
});

test('only root inside says that it is in a sandbox', () => {
  expect(agentEnvironment({ ...docker, uid: 0 }).environment.IS_SANDBOX).toBe('1');
  expect(agentEnvironment(docker).environment).not.toHaveProperty('IS_SANDBOX');
});

test('on the host the login stays where it is', () => {
  expect(agentEnvironment(host)).toEqual({ environment: QUIET, secrets: {} });
});

test('of the person, a container gets gateway, proxy and limits, and nothing else', () => {
  const person = {
    ANTHROPIC_BASE_URL: 'https://gateway.example',
    HTTPS_PROXY: 'http://me:secret@proxy.example:3128',
    ANTHROPIC_CUSTOM_HEADERS: 'X-Token: made-up',
    API_TIMEOUT_MS: '',
    CLAUDE_CODE_OAUTH_TOKEN: 'made-up-token',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    HOME: '/home/me',
  };
  const { environment, secrets } = agentEnvironment({ ...docker, person });
  expect(environment).toMatchObject({ ANTHROPIC_BASE_URL: 'https://gateway.example' });
  expect(secrets).toEqual({
    ANTHROPIC_API_KEY: 'made-up-key',
    HTTPS_PROXY: person.HTTPS_PROXY,
    ANTHROPIC_CUSTOM_HEADERS: person.ANTHROPIC_CUSTOM_HEADERS,
  });
  for (const name of ['HOME', 'AWS_SECRET_ACCESS_KEY', 'API_TIMEOUT_MS']) expect(environment).not.toHaveProperty(name);
});

test('what is handed over by name is secret and wins, but for what we set ourselves', () => {
  const { environment, secrets } = agentEnvironment({
    ...docker,
    person: { ANTHROPIC_BASE_URL: 'https://one.example' },
    extra: { ANTHROPIC_BASE_URL: 'https://two.example', DATABASE_URL: 'x', TZ: 'Europe/Berlin' },
  });
  expect(secrets).toMatchObject({ ANTHROPIC_BASE_URL: 'https://two.example', DATABASE_URL: 'x' });
  expect(environment).not.toHaveProperty('ANTHROPIC_BASE_URL');
  expect([environment.TZ, secrets.TZ]).toEqual(['UTC', undefined]);
});

describe('the watchdog that would sleep inside the sandbox', () => {
  const watchdog = { CLAUDE_CODE_RETRY_WATCHDOG: '1', CLAUDECODE: '1' };

  test.each([
    ['docker', docker],
    ['host', host],
  ])('never reaches the agent: %s', (_name, request) => {
    const { environment, secrets } = agentEnvironment({ ...request, person: watchdog, extra: watchdog });
    expect({ ...environment, ...secrets }).not.toHaveProperty('CLAUDE_CODE_RETRY_WATCHDOG');
    expect(hostEnvironment(watchdog)).toEqual({});
  });
});

test('the host passes on everything but logins, of which one is chosen elsewhere', () => {
  const person = {
    PATH: '/bin',
    HOME: '/home/me',
    ANTHROPIC_API_KEY: 'a',
    CLAUDE_CODE_OAUTH_TOKEN: 'b',
    GOPATH: undefined,
  };
  expect(hostEnvironment(person)).toEqual({ PATH: '/bin', HOME: '/home/me' });
});

test.each([
  ['http://127.0.0.1:3128', undefined, '127.0.0.1,localhost'],
  ['http://localhost:80/x', undefined, '127.0.0.1,localhost'],
  ['http://127.0.0.1:3128', 'internal.example', 'internal.example'],
  ['https://gateway.example', undefined, undefined],
  [undefined, undefined, undefined],
])('with a proxy, a gateway at %s is asked directly: NO_PROXY %s becomes %s', (gateway, given, expected) => {
  const person = { HTTPS_PROXY: 'http://proxy.example', ANTHROPIC_BASE_URL: gateway, NO_PROXY: given };
  expect(agentEnvironment({ ...docker, person }).environment.NO_PROXY).toBe(expected);
});
