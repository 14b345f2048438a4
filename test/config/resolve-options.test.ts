import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import type { PersonFile } from '../../src/config/person-file-schema.ts';
import { type ResolveRequest, resolveOptions } from '../../src/config/resolve-options.ts';

const GIB = 1024 ** 3;

function request(change: Partial<ResolveRequest> = {}): ResolveRequest {
  return {
    flags: {},
    environment: {},
    file: {},
    filePath: '/home/jo/.config/ralph-tui/config.json',
    mode: 'build',
    work: null,
    repository: '/src/acme',
    cwd: '/src/acme/docs',
    engineMemoryBytes: null,
    ...change,
  };
}

function sourceOf(change: Partial<ResolveRequest>, key: string) {
  const source = resolveOptions(request(change)).sources.find((candidate) => candidate.key === key);
  return source === undefined ? null : `${source.kind} ${source.name} ${source.shown}`;
}

const FILE: PersonFile = {
  defaults: { memory: '2g', modes: { plan: { memory: '3g', model: 'sonnet' } } },
  repositories: { '/src/acme': { memory: '4g', modes: { plan: { memory: '5g' } } } },
};

describe('defaults', () => {
  test('are those of the issue', () => {
    const { options, start } = resolveOptions(request());
    expect(options).toEqual({
      mode: 'build',
      work: null,
      maxIterations: null,
      sandbox: 'docker',
      image: 'sandbox-loop',
      memoryBytes: 8 * GIB,
      cpus: 4,
      pids: 512,
      network: { kind: 'open' },
      model: 'opus',
      maxTurns: null,
      promptPath: null,
      planFile: 'IMPLEMENTATION_PLAN.md',
      push: false,
      step: false,
      until: null,
      maxWaitMs: null,
      idleLimitMs: null,
      iterationTimeoutMs: null,
      environmentNames: [],
      environmentFile: null,
      agentCommand: ['claude'],
      agentArguments: [],
    });
    expect(start).toEqual({ yes: false, headless: false, plain: false, replace: false, notify: null });
  });

  test.each([
    { engineGib: 4, expectedGib: 3 },
    { engineGib: 10, expectedGib: 7.5 },
    { engineGib: 64, expectedGib: 8 },
  ])('memory on an engine with $engineGib GiB is $expectedGib GiB', ({ engineGib, expectedGib }) => {
    const { options } = resolveOptions(request({ engineMemoryBytes: engineGib * GIB }));
    expect(options.memoryBytes).toBe(expectedGib * GIB);
  });

  test('plan-work stops after 5, the other modes do not', () => {
    expect(resolveOptions(request({ mode: 'plan-work' })).options.maxIterations).toBe(5);
    expect(resolveOptions(request({ mode: 'plan' })).options.maxIterations).toBeNull();
  });
});

describe('precedence', () => {
  test.each([
    ['flag first', { flags: { memory: '6g' }, environment: { MEMORY_LIMIT: '1g' }, file: FILE }, 'flag --memory 6G'],
    ['then environment', { environment: { MEMORY_LIMIT: '1g' }, file: FILE }, 'environment MEMORY_LIMIT 1G'],
    ['an empty variable is none', { environment: { MEMORY_LIMIT: '' } }, 'default default 8G'],
    [
      'then the mode of this repository',
      { file: FILE, mode: 'plan' as const },
      'file repositories["/src/acme"].modes.plan.memory 5G',
    ],
    ['then this repository', { file: FILE }, 'file repositories["/src/acme"].memory 4G'],
    [
      'then the mode in defaults',
      { file: FILE, mode: 'plan' as const, repository: '/src/other' },
      'file defaults.modes.plan.memory 3G',
    ],
    ['then defaults', { file: FILE, repository: '/src/other' }, 'file defaults.memory 2G'],
  ])('%s', (_, change, expected) => {
    expect(sourceOf(change, 'memory')).toBe(expected);
  });

  test('a flag takes back what the file switched on', () => {
    const file: PersonFile = { defaults: { push: true, env: ['A'] } };
    expect(resolveOptions(request({ file })).options.push).toBe(true);
    expect(resolveOptions(request({ file, flags: { push: false } })).options.push).toBe(false);
    expect(resolveOptions(request({ file, flags: { env: ['B', 'B'] } })).options.environmentNames).toEqual(['B']);
  });
});

describe('values', () => {
  test.each([
    ['1', 'docker'],
    ['0', 'host'],
    ['host', 'host'],
  ])('SANDBOX=%s is %s', (SANDBOX, expected) => {
    expect(resolveOptions(request({ environment: { SANDBOX } })).options.sandbox).toBe(expected);
  });

  test('relative paths start where they were written', () => {
    const environment = { HOME: '/home/jo' };
    const prompt = (change: Partial<ResolveRequest>) =>
      resolveOptions(request({ environment, ...change })).options.promptPath;
    expect(prompt({ flags: { prompt: 'P.md' } })).toBe('/src/acme/docs/P.md');
    expect(prompt({ file: { defaults: { prompt: 'P.md' } } })).toBe('/src/acme/P.md');
    expect(prompt({ file: { defaults: { prompt: '~/P.md' } } })).toBe('/home/jo/P.md');
  });

  test('networks, numbers, words', () => {
    const { options } = resolveOptions(
      request({
        flags: {
          network: 'bridge:sandbox-net',
          maxIterations: '0',
          maxTurns: 30,
          cpus: '1.5',
          planFile: './docs//PLAN.md',
          agent: `node 'my agent.js' --fast`,
          agentArguments: ['--effort', 'high'],
        },
      }),
    );
    expect(options).toMatchObject({
      network: { kind: 'bridge', name: 'sandbox-net' },
      maxIterations: null,
      maxTurns: 30,
      cpus: 1.5,
      planFile: 'docs/PLAN.md',
      agentCommand: ['node', 'my agent.js', '--fast'],
      agentArguments: ['--effort', 'high'],
    });
  });
});

describe('bad values are one line that names the source and what is allowed', () => {
  test.each<[string, Partial<ResolveRequest>, string]>([
    [
      'memory flag',
      { flags: { memory: 'lots' } },
      '--memory: "lots" is not a size; write for example 8g, 512m or 1.5g',
    ],
    ['memory variable', { environment: { MEMORY_LIMIT: '12x' } }, 'MEMORY_LIMIT: "12x" is not a size'],
    ['too little memory', { flags: { memory: '8' } }, '--memory: "8" is too little memory; write 64m or more'],
    [
      'sandbox',
      { environment: { SANDBOX: 'yes' } },
      'SANDBOX: "yes" is no sandbox; write docker (or 1) or host (or 0)',
    ],
    ['cpus', { flags: { cpus: '0' } }, '--cpus: "0" is no number of CPUs'],
    ['pids', { flags: { pids: '2' } }, '--pids: "2" is no process limit; write a whole number, 16 or more'],
    ['max', { flags: { maxIterations: '-3' } }, '--max-iterations: "-3" is no number'],
    ['network', { flags: { network: 'host' } }, '--network: "host" is no network; write open, none or bridge:NAME'],
    ['model', { flags: { model: '--verbose' } }, '--model: "--verbose" cannot be used'],
    ['plan outside', { flags: { planFile: '../x.md' } }, '--plan-file: "../x.md" cannot be used; write a path inside'],
    ['plan absolute', { flags: { planFile: '/etc/passwd' } }, '--plan-file: "/etc/passwd" cannot be used'],
    ['plan in .git', { flags: { planFile: './.git/config' } }, '--plan-file:'],
    ['empty image', { flags: { image: ' ' } }, '--image: is empty'],
    ['env', { flags: { env: ['A B'] } }, '--env: "A B" is no name of a variable'],
    [
      'file',
      { file: { defaults: { memory: 'x' } } },
      '/home/jo/.config/ralph-tui/config.json: defaults.memory: "x" is not a size',
    ],
    ['agent', { flags: { agent: 'node "x' } }, '--agent: has a " that is never closed'],
  ])('%s', (_, change, expected) => {
    const act = () => resolveOptions(request(change));
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(expected);
    expect(act).toThrow(/^[^\n]+$/);
  });

  test('a value behind --env is not repeated: it may be a secret', () => {
    const act = () => resolveOptions(request({ flags: { env: ['NPM_TOKEN=made-up-value'] } }));
    expect(act).toThrow('--env: takes a name alone; write NPM_TOKEN, with its value in your environment');
    expect(act).not.toThrow('made-up-value');
  });
});
