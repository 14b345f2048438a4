import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  configFolder,
  parsePersonFile,
  readPersonFile,
  withOptions,
  writePersonFile,
} from '../../src/config/person-file.ts';

const PATH = '/home/jo/config.json';

describe('where it is', () => {
  test.each([
    [{ HOME: '/home/jo' }, '/home/jo/.config/ralph-tui'],
    [{ HOME: '/home/jo', XDG_CONFIG_HOME: '/cfg' }, '/cfg/ralph-tui'],
    [{ HOME: '/home/jo', XDG_CONFIG_HOME: 'relative' }, '/home/jo/.config/ralph-tui'],
  ])('%j', (environment, expected) => {
    expect(configFolder(environment)).toBe(expected);
  });

  test('without a home there is no guess', () => {
    expect(() => configFolder({})).toThrow('neither HOME nor XDG_CONFIG_HOME is set');
  });
});

describe('checking', () => {
  test.each([
    ['{', 'is no JSON'],
    ['[]', 'expected object'],
    ['{"default": {}}', 'unknown key "default"; allowed: checks, defaults, repositories'],
    ['{"defaults": {"memroy": "8g"}}', 'unknown key "memroy" in defaults; allowed: sandbox, image, memory'],
    ['{"defaults": {"memory": "lots"}}', 'defaults.memory: "lots" is not a size'],
    ['{"defaults": {"memory": true}}', 'defaults.memory: takes one value'],
    ['{"defaults": {"push": "yes"}}', 'defaults.push: is on or off; write true or false'],
    ['{"defaults": {"env": "HOME"}}', 'defaults.env: takes a list of texts'],
    ['{"defaults": {"env": ["A=1"]}}', 'defaults.env: takes a name alone; write A'],
    ['{"defaults": {"yes": true}}', 'unknown key "yes" in defaults'],
    ['{"repositories": {"acme": {}}}', 'repositories.acme: is no absolute path'],
    [
      '{"repositories": {"/a": {"modes": {"plan": {"cpus": "x"}}}}}',
      'repositories./a.modes.plan.cpus: "x" is no number',
    ],
    [
      '{"repositories": {"/a": {"modes": {"paln": {}}}}}',
      'unknown key "paln" in repositories./a.modes; allowed: build, plan, plan-work',
    ],
  ])('%s', (text, expected) => {
    const act = () => parsePersonFile(text, PATH);
    expect(act).toThrow(`${PATH}: `);
    expect(act).toThrow(expected);
    expect(act).toThrow(/^[^\n]+$/);
  });

  test('a whole one is taken as it is', () => {
    const file = {
      defaults: { memory: '6g', cpus: 2, push: true, env: ['NPM_TOKEN'], agentArguments: ['--effort', 'high'] },
      repositories: { '/src/acme': { image: 'acme-loop', modes: { plan: { model: 'opus', maxIterations: 3 } } } },
    };
    expect(parsePersonFile(JSON.stringify(file), PATH)).toEqual(file);
  });
});

describe('on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ralph-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('an absent file is an empty one', async () => {
    expect(await readPersonFile(join(folder, 'none.json'))).toEqual({});
  });

  test('what is written is read again, and other sections stay', async () => {
    const path = join(folder, 'deep', 'config.json');
    const first = withOptions({ defaults: { cpus: 2 } }, { repository: '/src/acme', mode: null }, { memory: '4g' });
    const second = withOptions(first, { repository: '/src/acme', mode: 'plan' }, { model: 'sonnet' });
    await writePersonFile(path, withOptions(second, { repository: null, mode: null }, { push: true }));
    expect(await readPersonFile(path)).toEqual({
      defaults: { cpus: 2, push: true },
      repositories: { '/src/acme': { memory: '4g', modes: { plan: { model: 'sonnet' } } } },
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('a folder in its place is one clear line', async () => {
    await expect(readPersonFile(folder)).rejects.toThrow(`${folder}: cannot be read`);
  });

  test('a broken file is named', async () => {
    const path = join(folder, 'config.json');
    await writeFile(path, '{"defaults": ');
    await expect(readPersonFile(path)).rejects.toThrow(`${path}: is no JSON`);
  });
});
