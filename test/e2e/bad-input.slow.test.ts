// What cannot be started says why in one line, and what to do; nothing is started then.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { planWriter } from '../harness/messages-api/plan-writer.ts';
import { bareRemote } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, OWN_USER, openScene, Scene } from './scene.ts';

requires('docker', 'image')('bad input', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open();
    const { repository, folder } = scene;
    await writeFile(join(folder, 'empty.md'), ' \n');
    await mkdir(join(folder, 'plain'));
    await bareRemote(folder, 'bare.git');
    // git clones from no stranger.
    const library = await scene.beside({ name: 'library', owner: OWN_USER });
    await repository.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', library.repository.path);
  });

  afterAll(() => scene?.[Symbol.asyncDispose]());

  const docker = [...IN_DOCKER];
  it.each([
    { why: 'an unknown option', args: ['build', '--no-such'], says: /unknown option '--no-such'/ },
    { why: 'an unknown command', args: ['biuld'], says: /"biuld" is no command/ },
    { why: 'memory that is no size', args: ['build', '--memory', 'lots'], says: /--memory: "lots"/ },
    { why: 'a maximum that is no number', args: ['build', 'many'], says: /"many" is no number/ },
    { why: 'no repository', args: ['build', ...docker], cwd: 'plain', says: /is in no git repository/ },
    { why: 'a bare repository', args: ['build', ...docker], cwd: 'bare.git', says: /is a bare repository/ },
    { why: 'a submodule', args: ['build', ...docker], cwd: 'repository/library', says: /is a submodule/ },
    { why: 'a missing prompt', args: ['build', ...docker, '--prompt', 'no.md'], says: /no\.md cannot be read/ },
    { why: 'an empty prompt', args: ['build', ...docker, '--prompt', '../empty.md'], says: /empty\.md is empty/ },
    {
      why: 'plan-work on main',
      args: ['plan-work', 'a login', ...docker],
      says: /does not run on main.*git checkout -b/,
    },
    { why: 'plan-work without work', args: ['plan-work', ...docker], says: /plan-work needs a description/ },
    { why: 'a plan outside', args: ['build', ...docker, '--plan-file', '../plan.md'], says: /--plan-file/ },
    { why: 'a variable that is not set', args: ['build', ...docker, '--env', 'NO_SUCH'], says: /NO_SUCH.*not set/ },
  ])('$why', async ({ args, cwd = 'repository', says }) => {
    const { exitCode, stdout, stderr } = await scene.type(args, { cwd: join(scene.folder, cwd) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^ralph-tui: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });

  it('left no run behind', async () => {
    expect(await scene.type(['status'])).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no run/) });
    expect(await scene.containers()).toEqual([]);
  });
});

requires('docker', 'image')('what is there already', () => {
  it('is not run beside: a second run is refused, or takes the place of the first', async () => {
    const scene = await openScene({
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('never') }), planWorker()] }),
    });
    await scene.run('build', ...IN_DOCKER);
    const first = (await scene.atGate(1)).run;
    expect(await scene.type(['build', ...IN_DOCKER])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `ralph-tui: run ${first} is live in this repository; see it with: ralph-tui status, end it with: ralph-tui stop, or start with --replace\n`,
    });
    expect(await scene.status()).toMatchObject({ run: first, phase: 'running', iteration: 1, attempt: 1 });

    await scene.run('build', '--replace', ...IN_DOCKER);
    const second = await scene.finished();
    expect(second.run).not.toBe(first);
    expect(second.exitReason).toBe('done');
    const { receipts } = JSON.parse(await scene.run('receipts', first, '--json'));
    expect(receipts).toMatchObject([{ outcome: { kind: 'stopped' } }]);
    expect(await scene.containers()).toEqual([]);
  });

  it('is not planned over: uncommitted changes of the plan need a yes', async () => {
    const tasks = ['A form', 'A session'];
    const scene = await openScene({ repository: { branch: 'login' }, scenario: () => planWriter({ tasks }) });
    const mine = '# My plan\n\n- [ ] Mine, not committed\n';
    await writeFile(join(scene.repository.path, 'IMPLEMENTATION_PLAN.md'), mine);
    const command = ['plan-work', 'a login page', '--headless', ...IN_DOCKER];
    expect(await scene.type(command)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^note: 1 file is uncommitted[^\n]*\nralph-tui: IMPLEMENTATION_PLAN\.md has uncommitted changes[^\n]*--yes\n$/,
      ),
    });
    expect(scene.api.requests).toEqual([]);
    expect((await scene.type([...command, '--yes'])).exitCode).toBe(0);
    expect(await scene.status()).toMatchObject({ exitReason: 'done', tasks: { remaining: 2 } });
  });
});
