import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareRemote, commitsOf, makeRepository, planOf } from './repository.ts';
import { isThere } from './requires.ts';
import { temporaryFolder } from './temporary.ts';

describe('makeRepository', () => {
  it('has a plan, files and one commit', async () => {
    const repository = await makeRepository(await temporaryFolder(), {
      plan: ['One', 'Two'],
      files: { 'src/a b.txt': 'text\n' },
      branch: 'feature',
    });
    expect(await repository.git('status', '--short', '--branch')).toBe('## feature');
    expect(await planOf(repository.path)).toEqual({
      text: '# Implementation plan\n\n- [ ] One\n- [ ] Two\n',
      open: ['One', 'Two'],
      done: [],
    });
    expect(await commitsOf(repository.path)).toMatchObject([
      { subject: 'Start', author: 'Test Person', files: ['IMPLEMENTATION_PLAN.md', 'README.md', 'src/a b.txt'] },
    ]);
  });

  it('can be a linked worktree', async () => {
    const repository = await makeRepository(await temporaryFolder(), { worktree: true, branch: 'side' });
    expect((await stat(join(repository.path, '.git'))).isFile()).toBe(true);
    expect(await repository.git('rev-parse', '--path-format=absolute', '--git-common-dir')).toBe(repository.commonDir);
    expect(await repository.git('branch', '--show-current')).toBe('side');
  });

  it.runIf(isThere('root'))('can belong to somebody else', async () => {
    const owner = { uid: 1234, gid: 1235 };
    const repository = await makeRepository(await temporaryFolder(), { owner, worktree: true });
    for (const path of [repository.path, join(repository.path, 'README.md'), join(repository.commonDir, 'HEAD')]) {
      expect(await stat(path)).toMatchObject(owner);
    }
    expect(await commitsOf(repository.path)).toHaveLength(1);
  });

  it('can be pushed to a bare remote', async () => {
    const folder = await temporaryFolder();
    const repository = await makeRepository(folder);
    const remote = await bareRemote(folder);
    await repository.git('remote', 'add', 'origin', remote);
    await repository.git('push', '--quiet', 'origin', 'main:topic');
    expect(await commitsOf(remote, 'topic')).toMatchObject([{ subject: 'Start' }]);
  });
});

it('reports what git says when it fails', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'plain'));
  await expect(commitsOf(join(folder, 'plain'))).rejects.toThrow('not a git repository');
});
