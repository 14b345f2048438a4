import { describe, expect, test } from 'vitest';
import { placesInContainer, placesOnHost } from '../../../src/supervisor/attempt/places.ts';

const EXCHANGE = { folder: '/state/e/1.1', agent: '/state/e/1.1/agent', inbox: '/state/e/1.1/inbox' };

function repository(top: string, commonDir: string) {
  return { top, commonDir, gitDir: commonDir, owner: { uid: 1, gid: 1 } };
}

describe('in a container', () => {
  test.each([
    ['a repository', '/home/me/project', '/home/me/project/.git', []],
    ['a linked worktree beside its main one', '/home/me/project', '/home/me/main/.git', ['/home/me/main/.git']],
    ['a linked worktree below its main one', '/home/me/main/wt', '/home/me/main/.git', ['/home/me/main/.git']],
    [
      'a worktree whose main one has a name that begins alike',
      '/home/me/project',
      '/home/me/project2/.git',
      ['/home/me/project2/.git'],
    ],
  ])('%s is at its own path, with all of its git', (_, top, commonDir, more) => {
    const { mounts } = placesInContainer(repository(top, commonDir), EXCHANGE, 'cache');
    expect(mounts).toEqual([
      ...[top, ...more].map((path) => ({ source: path, target: path, readonly: false })),
      { source: EXCHANGE.agent, target: '/ralph/agent', readonly: false },
      { source: EXCHANGE.inbox, target: '/ralph/inbox', readonly: true },
    ]);
  });

  test('what is downloaded goes to the cache volume, and nowhere else', () => {
    const { volumes, environment } = placesInContainer(repository('/r', '/r/.git'), EXCHANGE, 'cache');
    expect(volumes).toEqual([{ name: 'cache', target: '/ralph/cache' }]);
    for (const path of Object.values(environment)) expect(path).toMatch(/^\/ralph\/cache\//);
  });
});

test('on the host everything is where it is', () => {
  expect(placesOnHost(EXCHANGE)).toEqual({
    agent: EXCHANGE.agent,
    inbox: EXCHANGE.inbox,
    mounts: [],
    volumes: [],
    environment: {},
  });
});
