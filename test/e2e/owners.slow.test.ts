// Repositories that belong to root, to somebody else, or are a linked worktree: what the agent makes fits in.
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { commitsOf, planOf, type RepositoryOptions } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';

const PERSON = 'Test Person <test@example.invalid>';

/** Whatever below these folders belongs to anybody else. */
async function foreignFiles(uid: number, ...folders: string[]): Promise<string> {
  return (await execa('find', [...folders, '(', '!', '-uid', String(uid), '-o', '!', '-gid', String(uid), ')'])).stdout;
}

async function runTwoTasks(
  repository: RepositoryOptions & { readonly owner: { uid: number; gid: number } },
): Promise<Scene> {
  const scene = await openScene({ repository: { plan: ['One', 'Two'], ...repository } });
  const { exitCode, stdout, stderr } = await scene.type(['build', '--headless', ...IN_DOCKER]);
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  // Before git is asked: its status is written into the index, by whoever asks.
  const { path, commonDir } = scene.repository;
  expect(await foreignFiles(repository.owner.uid, path, commonDir)).toBe('');
  expect(await planOf(scene.repository.path)).toMatchObject({ open: [], done: ['One', 'Two'] });
  expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'One', 'Two']);
  expect(await scene.repository.git('log', '--format=%an <%ae>', '-2')).toBe(`${PERSON}\n${PERSON}`);
  expect(await scene.repository.git('status', '--porcelain')).toBe('');
  expect((await scene.receipts()).receipts).toMatchObject([
    { outcome: { kind: 'completed' }, uncommittedFiles: 0, tasksFinished: ['One'], commits: [{ subject: 'One' }] },
    { outcome: { kind: 'completed' }, uncommittedFiles: 0, tasksFinished: ['Two'], commits: [{ subject: 'Two' }] },
  ]);
  return scene;
}

requires(
  'docker',
  'image',
  'root',
)('a repository', () => {
  it('of root', async () => {
    const scene = await runTwoTasks({ owner: { uid: 0, gid: 0 } });
    const { stderr } = await scene.type(['build', '--headless', ...IN_DOCKER]);
    expect(stderr).toMatch(/belongs to root, so the agent runs as root in its container, without any capability/);
  });

  it('of another user', async () => {
    await runTwoTasks({ owner: { uid: 1234, gid: 1234 } });
  });

  it('that is a linked worktree', async () => {
    const scene = await runTwoTasks({ worktree: true, branch: 'side', owner: { uid: 1000, gid: 1000 } });
    const { commonDir } = scene.repository;
    expect((await commitsOf(commonDir, 'main')).map(({ subject }) => subject)).toEqual(['Start']);
    expect((await commitsOf(commonDir, 'side')).map(({ subject }) => subject)).toEqual(['Start', 'One', 'Two']);
  });
});
