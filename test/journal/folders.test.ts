import { describe, expect, it } from 'vitest';
import {
  attemptFiles,
  exchangeFolders,
  parseAttemptFile,
  repositoryFolders,
  repositoryKey,
  runFiles,
  socketCandidates,
  stateRoot,
} from '../../src/journal/folders.ts';
import { isRunId, newRunId } from '../../src/journal/run-id.ts';

const folders = repositoryFolders('/state/ralph-tui', 'acme-api-0123456789');

describe('stateRoot', () => {
  it.each([
    [{ XDG_STATE_HOME: '/s' }, '/s/ralph-tui'],
    [{}, '/home/me/.local/state/ralph-tui'],
    [{ XDG_STATE_HOME: '' }, '/home/me/.local/state/ralph-tui'],
    [{ XDG_STATE_HOME: 'relative' }, '/home/me/.local/state/ralph-tui'],
  ])('%j', (environment, expected) => {
    expect(stateRoot(environment, '/home/me')).toBe(expected);
  });
});

describe('repositoryKey', () => {
  it.each([
    ['/src/acme-api', /^acme-api-[0-9a-f]{10}$/],
    ['/src/My Project (v2)', /^My-Project-v2--[0-9a-f]{10}$/],
    ['/src/.dotfiles', /^dotfiles-[0-9a-f]{10}$/],
    ['/src/プロジェクト', /^repository-[0-9a-f]{10}$/],
    ['/', /^repository-[0-9a-f]{10}$/],
    [`/src/${'x'.repeat(200)}`, /^x{40}-[0-9a-f]{10}$/],
  ])('of %s', (path, form) => {
    expect(repositoryKey(path)).toMatch(form);
  });

  it('tells repositories of one name apart and is always the same', () => {
    expect(repositoryKey('/a/app')).not.toBe(repositoryKey('/b/app'));
    expect(repositoryKey('/a/app')).toBe(repositoryKey('/a/app'));
  });
});

describe('paths', () => {
  it('of a repository and a run', () => {
    expect(folders).toMatchObject({
      root: '/state/ralph-tui/acme-api-0123456789',
      runs: '/state/ralph-tui/acme-api-0123456789/runs',
      exchange: '/state/ralph-tui/acme-api-0123456789/exchange',
      shadowGit: '/state/ralph-tui/acme-api-0123456789/shadow.git',
      lock: '/state/ralph-tui/acme-api-0123456789/lock',
    });
    expect(runFiles(folders, 'r1')).toEqual({
      folder: `${folders.runs}/r1`,
      journal: `${folders.runs}/r1/events.ndjson`,
      mainLog: `${folders.runs}/r1/loop-main.log`,
      supervisorLog: `${folders.runs}/r1/supervisor.log`,
    });
  });

  it('of attempts: only those after the first carry their number', () => {
    expect(attemptFiles('/r', { iteration: 7, attempt: 1 })).toEqual({
      raw: '/r/iteration-7.log.raw',
      log: '/r/iteration-7.log',
      stderr: '/r/iteration-7.err',
      vitals: '/r/vitals-7.ndjson',
      digest: '/r/iteration-7.digest.json',
    });
    expect(attemptFiles('/r', { iteration: 7, attempt: 2 })).toEqual({
      raw: '/r/iteration-7.2.log.raw',
      log: '/r/iteration-7.2.log',
      stderr: '/r/iteration-7.2.err',
      vitals: '/r/vitals-7.2.ndjson',
      digest: '/r/iteration-7.2.digest.json',
    });
  });

  it('of the exchange with an attempt', () => {
    expect(exchangeFolders(folders, 'r1', { iteration: 7, attempt: 1 })).toEqual({
      folder: `${folders.exchange}/r1/7.1`,
      agent: `${folders.exchange}/r1/7.1/agent`,
      inbox: `${folders.exchange}/r1/7.1/inbox`,
    });
  });
});

describe('parseAttemptFile', () => {
  it('reads every name that attemptFiles makes', () => {
    for (const ref of [
      { iteration: 1, attempt: 1 },
      { iteration: 12, attempt: 10 },
    ]) {
      for (const [kind, path] of Object.entries(attemptFiles('/r', ref))) {
        expect(parseAttemptFile(path.slice('/r/'.length))).toEqual({ ...ref, kind });
      }
    }
  });

  it.each([
    'events.ndjson',
    'loop-main.log',
    'iteration-0.log',
    'iteration-7.1.log',
    'iteration-07.log',
    'iteration-7.log.raw.bak',
    'iteration-7.ndjson',
    'vitals-7.log',
    'iteration-x.log',
    'iteration-7.digest.json.123.tmp',
    '../iteration-7.log',
  ])('%s is none', (name) => {
    expect(parseAttemptFile(name)).toBeNull();
  });
});

describe('run ids', () => {
  it('are made of the time in UTC and three random characters', () => {
    expect(newRunId(new Date('2026-11-21T09:45:12.999Z'), 0)).toBe('20261121-094512-000');
    expect(newRunId(new Date('2026-11-21T09:45:12Z'), 0.5)).toBe('20261121-094512-i00');
    expect(newRunId(new Date('2026-11-21T09:45:12Z'), 0.9999999999)).toBe('20261121-094512-zzz');
  });

  it.each([
    ['20261121-094512-k3f', true],
    ['20261121-094512-K3F', false],
    ['../20261121-094512-k3f', false],
    ['20261121-094512-k3f/..', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isRunId(text)).toBe(expected);
  });
});

describe('socketCandidates', () => {
  it('prefers the runtime folder', () => {
    const paths = socketCandidates(folders, { XDG_RUNTIME_DIR: '/run/user/1000' }, '/tmp', 1000);
    expect(paths).toHaveLength(2);
    expect(paths[0]).toMatch(/^\/run\/user\/1000\/ralph-tui\/[0-9a-f]{16}\.sock$/);
    expect(paths[1]).toMatch(/^\/tmp\/ralph-tui-1000\/[0-9a-f]{16}\.sock$/);
  });

  it('takes the temporary folder without one, and leaves out what is too long', () => {
    const long = `/${'x'.repeat(90)}`;
    const paths = socketCandidates(folders, { XDG_RUNTIME_DIR: long }, long, 1000);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatch(/^\/tmp\/ralph-tui-1000\//);
  });

  it('differs for every repository and every state folder', () => {
    const path = (root: string, key: string) => socketCandidates(repositoryFolders(root, key), {}, '/tmp', 1)[0];
    expect(new Set([path('/a', 'x'), path('/a', 'y'), path('/b', 'x')]).size).toBe(3);
  });
});
