// `--until`: a command of the person's has the last word before a run is done.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Script } from '../harness/messages-api/scenario.ts';
import { commitsOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { endings, facts } from './endings.ts';
import { onHost, openHostScene } from './on-host.ts';
import { crash, ended } from './processes.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';

const TWO_FIXES = 'count=$(ls fixes 2>/dev/null | wc -l); echo "$count of 2 fixes"; test "$count" -ge 2';

/** Of no form that is known for keys. */
const SECRET = 'open-sesame-and-quickly';

/** A session that does one command and ends. */
function does(command: string): Script {
  const tools = [{ name: 'Bash', input: { command, description: 'Fix it' } }];
  return { steps: [{ text: 'I fix it.', tools }, { text: 'It is fixed.' }] };
}

/** What the session was told before its first answer. */
function openingOf(scene: Scene, session: number): string {
  return scene.api.requests.find((request) => request.session === session && request.turn === 1)?.opening ?? '';
}

requires('docker', 'image')('--until', () => {
  it('fails twice: the agent is told its last lines, and the run is done when it succeeds', async () => {
    const scene = await openScene({
      scenario: () => ({
        runs: [
          planWorker(),
          does('mkdir fixes && echo 1 > fixes/1 && git add fixes && git commit -m "Fix 1"'),
          // What is not committed counts, too.
          does('echo 2 > fixes/2'),
        ],
      }),
    });
    const { exitCode, stdout } = await scene.type(['build', '--headless', '--until', TWO_FIXES, ...IN_DOCKER]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(
        /the check fails \(exit 1\): 0 of 2 fixes\n[\s\S]*the check fails \(exit 1\): 1 of 2 fixes\n[\s\S]*the check succeeds\n[\s\S]*finished \(done\)/,
      ),
    });
    expect(await endings(scene)).toEqual(['1.1 completed', '2.1 completed', '3.1 completed']);
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual([
      'Start',
      'Only task',
      'Fix 1',
    ]);
    expect(await facts(scene, 'check_ended')).toMatchObject([
      { ok: false, exitCode: 1, tail: '0 of 2 fixes' },
      { ok: false, exitCode: 1, tail: '1 of 2 fixes' },
      { ok: true, exitCode: 0, tail: '2 of 2 fixes' },
    ]);

    expect((await scene.receipts()).receipts.map(({ check }) => check)).toEqual([
      { ok: false, exitCode: 1 },
      { ok: false, exitCode: 1 },
      { ok: true, exitCode: 0 },
    ]);
    expect(stdout).toMatch(/1c 1t until ✗ 1 {2}Only task\n/);

    expect(openingOf(scene, 1)).not.toContain('of 2 fixes');
    expect(openingOf(scene, 2)).toContain('exit code 1. Its last lines:\n    0 of 2 fixes\n');
    expect(openingOf(scene, 2)).toContain(TWO_FIXES);
    expect(openingOf(scene, 3)).toContain('1 of 2 fixes');
    const { exitReason, exitMessage, check } = await scene.status();
    expect({ exitReason, exitMessage, check }).toMatchObject({
      exitReason: 'done',
      exitMessage: `the only task of the plan is done, and \`${TWO_FIXES}\` succeeds`,
      check: { command: TWO_FIXES, ok: true, exitCode: 0 },
    });
    expect(await scene.containers()).toEqual([]);
  });

  it('is asked again when the supervisor dies while it runs', async () => {
    const scene = await openScene();
    const gate = join(scene.repository.commonDir, 'gate-check');
    const command = `until test -e ${gate}; do sleep 0.1; done`;
    await scene.run('build', '--until', command, ...IN_DOCKER);
    const { supervisor } = await scene.statusWhere('the check to run', ({ phase }) => phase === 'checking');
    await waitFor(async () => (await scene.containers()).some((name) => name.endsWith('-until')), {
      what: 'its sandbox',
    });
    await crash(supervisor.pid);
    await scene.type(['status']);
    await waitFor(async () => (await facts(scene, 'check_started')).length === 2, {
      what: 'the check to run again',
      timeoutMs: 30_000,
      detail: () => scene.story(),
    });
    await scene.openGate('check');
    expect(await scene.finished()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 1 } });
    expect(await facts(scene, 'check_ended')).toMatchObject([{ ok: true }]);
    expect(await endings(scene)).toEqual(['1.1 completed']);
    expect(await scene.containers()).toEqual([]);
  });
});

requires('docker', 'claude')('--until on the host', () => {
  it('takes the name of a check in the file of the person', async () => {
    const scene = await openHostScene({ env: { HOUSE_WORD: SECRET } });
    const folder = join(scene.env.XDG_CONFIG_HOME, 'ralph-tui');
    await mkdir(folder, { recursive: true });
    const command = 'echo "the word is $HOUSE_WORD"; test -s README.md';
    await writeFile(join(folder, 'config.json'), JSON.stringify({ checks: { ready: command } }));
    const { exitCode, stdout } = await scene.type([
      'build',
      '--headless',
      '--until',
      'ready',
      '--env',
      'HOUSE_WORD',
      ...onHost(),
    ]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(await facts(scene, 'check_started')).toMatchObject([{ command }]);
    expect(await scene.status()).toMatchObject({ exitReason: 'done', check: { command, ok: true } });
    // It has the secrets of the agent, which stand in no log.
    expect(await facts(scene, 'check_ended')).toMatchObject([{ tail: expect.stringMatching(/^the word is ./) }]);
    for (const log of ['events.ndjson', 'loop-main.log']) expect(await scene.log(log)).not.toContain(SECRET);
  });

  it('is ended by a stop, together with what it has started', async () => {
    const scene = await openHostScene();
    await scene.run('build', '--until', 'echo $$ > ../until.pid; tail -f /dev/null', ...onHost());
    await scene.statusWhere('the check to run', ({ phase }) => phase === 'checking');
    const pid = await waitFor(async () => Number(await scene.shell('cat ../until.pid')), { what: 'its pid' });
    const { supervisor } = await scene.status();
    expect(await scene.run('stop')).toBe('the run ends\n');
    expect(await scene.finished()).toMatchObject({ exitReason: 'stopped', exitCode: 3, tasks: { remaining: 0 } });
    await ended(pid);
    await ended(supervisor.pid);
    expect(await facts(scene, 'check_ended')).toMatchObject([{ ok: false, exitCode: null }]);
    expect(await endings(scene)).toEqual(['1.1 completed']);
  });
});
