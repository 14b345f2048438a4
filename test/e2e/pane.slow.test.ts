// A person in a tmux pane: starts a run, watches and steers it, leaves and comes back. The run outlives every viewer.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockHolder } from '../../src/journal/lock.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { waitFor } from '../harness/wait-for.ts';
import { endings } from './endings.ts';
import { crash, ended, isAlive } from './processes.ts';
import { IN_DOCKER, openScene, type Scene } from './scene.ts';
import { GIVEN_BACK, Terminal, type TerminalSize } from './terminal.ts';

const BUILD = `ralph-tui build ${IN_DOCKER.join(' ')}`;
const LARGE = { columns: 120, rows: 40 };
const SMALL = { columns: 80, rows: 24 };

const STATUS_LINE = /^. (RUNNING|PAUSED) +\S/;

/** The attempt waits in a command, and its words are on the screen. */
const AT_THE_GATE = [/^▶ RUNNING/, /Bash +echo "waiting for a file"/, /^ +waiting for a file$/m] as const;

function openGatedScene(): Promise<Scene> {
  return openScene({ scenario: (gate) => planWorker({ untilFile: gate('work') }) });
}

async function supervisorOf(scene: Scene): Promise<number | null> {
  return (await lockHolder(join(scene.stateFolder, 'lock')))?.owner.pid ?? null;
}

requires(
  'docker',
  'image',
  'tmux',
)('the pane', () => {
  it.each([LARGE, SMALL])('starts, watches, steers, leaves and reopens at $columns×$rows', async (size) => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two', 'Three'] },
      scenario: (gate) => ({ runs: [planWorker({ untilFile: gate('one') }), planWorker({ untilFile: gate('two') })] }),
    });
    const terminal = await Terminal.open(scene, size);
    const { pane } = terminal;
    await terminal.enter('seq -f "old line %g" 1 100');
    await terminal.shows('old line 100\n$');
    const before = (await pane.capture({ history: true })).trimEnd();
    await terminal.enter(`ralph-tui ${IN_DOCKER.join(' ')}`);
    const starting = await terminal.shows(/[─━] ralph-tui/, /last run +none yet/, /3 open tasks, 0 done/, /next: One/);
    expect(starting).toMatch(/docker · \S+ · 1G · opus/);
    await pane.press('Enter');
    const watching = await terminal.shows(...AT_THE_GATE, /iter 1 /, /▸ One/, /☐ Two/, /1 ▸ running/, /1 file/);
    expect(watching).toMatch(/^ p pause {2}x stop {2}X kill .* q quit$/m);
    expectWholeFrame(watching, size);
    expect(await pane.modes()).toEqual({ alternateScreen: true, cursor: false, autowrap: false });
    expect(await pane.title()).toMatch(/^ralph 1 >/);

    await pane.press('p');
    await terminal.shows('pauses after iteration 1', / p go on/);
    await scene.openGate('one');
    await terminal.shows(/^⏸ PAUSED/, /✓ One/, /1 ✓ completed/, /p goes on/);
    await pane.press('p');
    await terminal.shows(...AT_THE_GATE, /iter 2 /, /▸ Two/, /2 ▸ running/, /1 file/);

    await pane.press('X');
    const asking = await terminal.shows('Kill iteration 2?', /of work, .*1 uncommitted file\./, '▸ n  no, let it run');
    expectWholeFrame(asking, size);
    await pane.press('y');
    await terminal.shows('How does the run go on?', 'the same iteration 2 again', 'the next iteration, 3');
    await pane.press('r');
    await terminal.shows(...AT_THE_GATE, /iter 2\.2 /, /2 ■ stopped/);

    await pane.press('r');
    await terminal.shows('Restart iteration 2.2?');
    await pane.press('y');
    await terminal.shows(...AT_THE_GATE, /iter 2\.3 /);
    await pane.press('X');
    await terminal.shows('Kill iteration 2.3?');
    await pane.press('y');
    await terminal.shows('the next iteration, 3');
    await pane.press('t');
    await terminal.shows(...AT_THE_GATE, /iter 3 /);

    await pane.press('q');
    await terminal.shows('Quit the viewer', '▸ l  leave it running');
    await pane.press('l');
    await terminal.shows(/^run \S+ goes on: ralph-tui opens it, ralph-tui stop ends it$/m);
    expect(await terminal.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    const after = await pane.capture({ history: true });
    expect(after.slice(0, before.length)).toBe(before);
    expect(after).not.toMatch(/agent log|RUNNING|PAUSED/);
    expect(await scene.status()).toMatchObject({ phase: 'running', iteration: 3, supervisor: { alive: true } });

    await terminal.enter('clear; ralph-tui');
    await terminal.shows(...AT_THE_GATE, /iter 3 /);
    await scene.openGate('two');
    await terminal.shows(/^✓ DONE/, /✓ Two/, /✓ Three/);
    await pane.press('q');
    expect(await terminal.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    expect(await endings(scene)).toEqual([
      '1.1 completed',
      '2.1 stopped',
      '2.2 stopped',
      '2.3 stopped',
      '3.1 completed',
      '4.1 completed',
    ]);
    expect((await planOf(scene.repository.path)).open).toEqual([]);
  });

  it('opens receipts and diffs, and edits the plan while an attempt runs', async () => {
    const scene = await openScene({
      repository: { plan: ['One', 'Two'] },
      scenario: (gate) => ({ runs: [planWorker(), planWorker({ untilFile: gate('two') }), planWorker()] }),
      env: { EDITOR: "sed -i '$ a - [ ] Three'" },
    });
    const terminal = await Terminal.open(scene);
    const { pane } = terminal;
    await terminal.enter(BUILD);
    await terminal.shows(...AT_THE_GATE, /iter 2 /);

    await pane.press('2', 'j', 'j', 'Enter');
    await terminal.shows('receipt of iteration 1', /outcome +✓ completed/, /1 task done/, /commits +[0-9a-f]{7} One/);
    await pane.press('d');
    await terminal.shows('diff of iteration 1', /2 files, \+\d+ -1/, '-- [ ] One', '+- [x] One');
    await pane.press('/', 'O', 'n', 'e', 'Enter', 'q', 'q', '3', 'j', 'Enter');
    await terminal.shows(/commit [0-9a-f]{7}/, '+- [x] One');
    await pane.press('q', 'd');
    await terminal.shows('diff of iteration 2, so far', /^\+Two$/m);
    await pane.press('q', 'e', 'l');
    await terminal.shows('the plan as you left it counts', /i the plan was changed by you/, /☐ Three/);
    expect(await pane.modes()).toEqual({ alternateScreen: true, cursor: false, autowrap: false });

    await scene.openGate('two');
    await terminal.shows(/^✓ DONE/, /✓ Three/);
    await pane.press('q');
    expect(await terminal.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    expect((await planOf(scene.repository.path)).done).toEqual(['One', 'Two', 'Three']);
    expect(await scene.log('loop-main.log')).toContain('the plan was changed by you');
  });

  it('dies with its terminal or alone, and the run does not notice', async () => {
    const scene = await openGatedScene();
    const closed = await Terminal.open(scene);
    await closed.enter(BUILD);
    await closed.shows(...AT_THE_GATE);
    const supervisor = await supervisorOf(scene);
    const killed = await Terminal.open(scene, SMALL);
    await killed.enter('ralph-tui');
    await killed.shows(...AT_THE_GATE);

    // Two at once: what the one asks for, the other shows.
    await killed.pane.press('p');
    await closed.shows(/p go on/);
    await closed.pane.press('p');
    await killed.shows(/p pause/);

    const viewers = [await closed.program(), await killed.program()];
    await closed.pane.close();
    await ended(viewers[0] ?? null);
    await crash(viewers[1] ?? null);
    await killed.shows(/^\$/m);
    expect(await supervisorOf(scene)).toBe(supervisor);
    expect(await isAlive(supervisor ?? 0)).toBe(true);

    await killed.enter('ralph-tui');
    await killed.shows(...AT_THE_GATE, /iter 1 /);
    await scene.openGate('work');
    await killed.shows(/^✓ DONE/);
    await killed.pane.press('q');
    await killed.shows(/^run \S+ has ended: the only task of the plan is done \(exit 0\)$/m);
    expect(await killed.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    expect(await scene.status()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 0 } });
    expect(await endings(scene)).toEqual(['1.1 completed']);
  });

  it('starts a supervisor again that has died, at once and on reopening', async () => {
    const scene = await openGatedScene();
    const terminal = await Terminal.open(scene);
    await terminal.enter(BUILD);
    await terminal.shows(...AT_THE_GATE);
    const first = await supervisorOf(scene);
    await crash(first);
    const second = await waitFor(() => supervisorOf(scene), { what: 'another supervisor', timeoutMs: 30_000 });
    expect(second).not.toBe(first);
    await terminal.shows(...AT_THE_GATE, /iter 1 /);

    await terminal.pane.press('q', 'l');
    await terminal.shows('goes on: ralph-tui opens it');
    await crash(second);
    await terminal.enter('clear; ralph-tui');
    await terminal.shows(...AT_THE_GATE, /iter 1 /);
    await scene.openGate('work');
    await terminal.shows(/^✓ DONE/);
    expect(await scene.status()).toMatchObject({ exitReason: 'done', supervisor: { restarts: 2 } });
    expect(await endings(scene)).toEqual(['1.1 completed']);
  });

  it('goes to the background and comes back, and a storm of sizes leaves its frame whole', async () => {
    const scene = await openGatedScene();
    const terminal = await Terminal.open(scene);
    const { pane } = terminal;
    await terminal.enter(BUILD);
    await terminal.shows(...AT_THE_GATE);
    await pane.press('C-z');
    await terminal.shows(/\[1\]\+ +Stopped/);
    expect(await terminal.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    await terminal.enter('clear; fg');
    await terminal.shows(...AT_THE_GATE);
    expect(await pane.modes()).toEqual({ alternateScreen: true, cursor: false, autowrap: false });
    expect(await pane.title()).toMatch(/^ralph 1 >/);

    // A paused run stands still, so that frames can be compared.
    await pane.press('x', 'y');
    await terminal.shows('How does the run go on?');
    await pane.press('n');
    await terminal.shows(/^⏸ PAUSED/, /p asks how to go on/);
    for (const [columns, rows] of stormOfSizes(40)) await pane.resize(columns, rows);
    for (const size of [SMALL, { columns: 160, rows: 45 }, LARGE]) {
      await pane.resize(size.columns, size.rows);
      const lastRow = (screen: string) => screen.split('\n')[size.rows - 1] ?? '';
      const drawn = await waitFor(
        async () => {
          const screen = await pane.capture();
          return /^⏸ PAUSED/.test(screen) && /q quit$/.test(lastRow(screen)) && screen;
        },
        { what: `a frame of ${size.columns}×${size.rows}`, detail: () => pane.capture() },
      );
      expectWholeFrame(drawn, size);
    }
    await pane.press('q', 's');
    await terminal.shows(/^run \S+ (has ended: stopped by you|ends as soon as) /m);
    expect(await terminal.shellIsBack()).toEqual({ ...GIVEN_BACK, echo: true });
    expect(await scene.finished()).toMatchObject({ exitReason: 'stopped' });
  });
});

/** Every part stands where it belongs and none stands twice: nothing wrapped, scrolled or was left over. */
function expectWholeFrame(screen: string, { columns, rows }: TerminalSize): void {
  const lines = screen.replace(/\n$/, '').split('\n');
  expect(lines.length).toBe(rows);
  expect(lines.every((line) => Array.from(line).length <= columns)).toBe(true);
  for (const title of [
    STATUS_LINE,
    /^ +plan +\d/,
    /[─━] 1 plan/,
    /[─━] 2 iterations/,
    /[─━] 5 agent log/,
    / q quit$/,
  ]) {
    expect({ title, lines: lines.filter((line) => title.test(line)).length }).toEqual({ title, lines: 1 });
  }
  expect(lines[0]).toMatch(STATUS_LINE);
  expect(lines[rows - 1]).toMatch(/ q quit$/);
}

/** Sizes that a person who drags a border leaves behind, the same in every run. */
function stormOfSizes(count: number): [columns: number, rows: number][] {
  let seed = 7;
  const next = (from: number, to: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return from + Math.floor((seed / 2 ** 31) * (to - from));
  };
  return Array.from({ length: count }, () => [next(30, 200), next(8, 60)]);
}
