// A person's editor or pager that is open when the demo is left: the run is gone, and the program is the person's.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type IsolatedEnvironment, isolatedEnvironment } from '../harness/environment.ts';
import { processesIn } from '../harness/leftovers.ts';
import { cliCommand } from '../harness/process.ts';
import { requires } from '../harness/requires.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { type Pane, Tmux } from '../harness/tmux.ts';
import { waitFor } from '../harness/wait-for.ts';
import { ended, isAlive } from './processes.ts';

/** Goes on when the terminal is closed, as one with a window of its own does, and ends well when it is told. */
const PROGRAM = `#!/bin/sh
trap '' HUP
env >"$DESK/environment"
cat "$1" >"$DESK/opened"
echo $$ >"$DESK/pid.new"
mv "$DESK/pid.new" "$DESK/pid"
until [ -e "$DESK/close" ]; do sleep 0.05; done
echo well >"$DESK/end"
`;

/** By which keys it is opened in the pane, and what stands in it then. */
const PROGRAMS = {
  editor: { keys: ['e', 'l'], opened: /^# Implementation plan/ },
  pager: { keys: ['v'], opened: /"type":"system"/ },
} as const;
type Program = keyof typeof PROGRAMS;

interface Desk {
  readonly folder: string;
  readonly env: IsolatedEnvironment;
  readonly pane: Pane;
}

/** The demo in a terminal, with the program open. */
async function openProgram(program: Program): Promise<Desk> {
  const folder = await temporaryFolder();
  const script = join(folder, 'program');
  await writeFile(script, PROGRAM, { mode: 0o755 });
  const env = await isolatedEnvironment(folder, { TMPDIR: folder, DESK: folder, EDITOR: script, PAGER: script });
  const tmux = new Tmux(folder);
  onTestFinished(() => tmux[Symbol.asyncDispose]());
  const pane = await tmux.run([...cliCommand(), 'demo'], { cwd: folder, env, columns: 80, rows: 24 });
  await pane.waitForText(/Read +IMPLEMENTATION_PLAN.md/);
  await pane.press(...PROGRAMS[program].keys);
  return { folder, env, pane };
}

async function read(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

requires('tmux')('a program of the person in a demo', () => {
  it.each([
    ['editor', 'kill -9'],
    ['editor', 'a closed terminal'],
    ['pager', 'kill -9'],
    ['pager', 'a closed terminal'],
  ] as const)('the %s goes on after %s, and the run does not', async (program, way) => {
    const { folder, env, pane } = await openProgram(program);
    const pid = Number(await waitFor(() => read(folder, 'pid'), { what: 'the program', detail: () => pane.capture() }));
    expect(await read(folder, 'opened')).toMatch(PROGRAMS[program].opened);
    const demo = await pane.pid();
    if (way === 'kill -9') process.kill(demo, 'SIGKILL');
    else await pane.close();
    await ended(demo);
    const ownFolders = async () => (await readdir(folder)).filter((name) => name.startsWith('ralph-'));
    await waitFor(async () => (await ownFolders()).length === 0, { what: 'the scratch repository to go' });
    expect(await isAlive(pid)).toBe(true);
    await writeFile(join(folder, 'close'), '');
    expect(await waitFor(() => read(folder, 'end'), { what: 'the program to end' })).toBe('well\n');
    await onlyTerminalIsLeft(folder);
    const environment = (await read(folder, 'environment')).split('\n');
    expect(environment).toContain(`XDG_STATE_HOME=${env.XDG_STATE_HOME}`);
    expect(environment.filter((entry) => entry.startsWith('RALPH_DEMO='))).toEqual([]);
  });
});

/** Resolves when no process of the folder is left but the terminal's own. */
async function onlyTerminalIsLeft(folder: string): Promise<void> {
  const names = async () => {
    const pids = await processesIn(folder);
    const all = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
    return all.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('tmux'));
  };
  await waitFor(async () => (await names()).length === 0, {
    what: 'every process of the demo to end',
    detail: async () => (await names()).join(', '),
  });
}
