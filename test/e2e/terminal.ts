// A person's terminal: a shell in a tmux pane, in the scene's repository, where `ralph-tui` is a command.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cliCommand } from '../harness/process.ts';
import { type Pane, Tmux } from '../harness/tmux.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Scene } from './scene.ts';

/** What a shell expects of its terminal. */
export const GIVEN_BACK = { alternateScreen: false, cursor: true, autowrap: true };

/** A container has to start before anything is on the screen. */
const STEP_DEADLINE_MS = 45_000;
const PROMPT = '$';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export class Terminal {
  readonly pane: Pane;

  private constructor(pane: Pane) {
    this.pane = pane;
  }

  /** Inside a test: it is closed when the test has finished. */
  static async open(scene: Scene, size: TerminalSize = { columns: 120, rows: 40 }): Promise<Terminal> {
    const tmux = new Tmux(scene.folder);
    onTestFinished(() => tmux[Symbol.asyncDispose]());
    const settings = join(scene.folder, 'bashrc');
    const command = cliCommand().map((word) => `"${word}"`);
    // tmux has its own idea of PATH.
    const lines = [`PATH='${scene.env.PATH}'`, `PS1='${PROMPT} '`, `alias ralph-tui='${command.join(' ')}'`];
    await writeFile(settings, `${lines.join('\n')}\n`);
    const shell = ['bash', '--noprofile', '--rcfile', settings, '-i'];
    const pane = await tmux.run(shell, { cwd: scene.repository.path, env: scene.env, ...size });
    await pane.waitForText(/^\$/m);
    return new Terminal(pane);
  }

  /** Types a line. */
  async enter(line: string): Promise<void> {
    await this.pane.type(line);
    await this.pane.press('Enter');
  }

  /** Resolves with the screen as soon as it has all of the texts. */
  async shows(...texts: readonly (string | RegExp)[]): Promise<string> {
    let screen = '';
    const has = (text: string | RegExp) => (typeof text === 'string' ? screen.includes(text) : text.test(screen));
    const look = async () => {
      screen = await this.pane.capture();
      return texts.every(has) && screen;
    };
    const detail = () => `It lacks: ${texts.filter((text) => !has(text)).join(' | ')}\n${screen}`;
    return waitFor(look, { what: texts.join(' | '), timeoutMs: STEP_DEADLINE_MS, detail });
  }

  /** Resolves when the shell has the terminal again and does what is typed; says how it found it. */
  async shellIsBack(): Promise<{ readonly alternateScreen?: boolean | undefined; readonly echo: boolean }> {
    await waitFor(async () => (await this.pane.capture()).trimEnd().endsWith(PROMPT), {
      what: 'the prompt of the shell',
      timeoutMs: STEP_DEADLINE_MS,
      detail: () => this.pane.capture(),
    });
    const modes = await this.pane.modes();
    // A terminal that echoes shows the command and its output.
    await this.enter('echo hel""lo; stty -a | grep -ow -- "-\\?echo" ');
    const screen = await this.shows(/^hello$/m, /^-?echo$/m);
    return { ...modes, echo: screen.includes('echo hel""lo') && /^echo$/m.test(screen) };
  }

  /** Pid of the program that the shell has started and that still lives. */
  async program(): Promise<number> {
    const shell = await this.pane.pid();
    const look = async () => {
      const children = await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8');
      return Number(children.trim().split(' ').at(-1));
    };
    return waitFor(look, { what: 'a program in the shell' });
  }
}
