// A terminal that is closed at any moment: whoever showed something in it ends, and has nothing to say about it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type IsolatedEnvironment, isolatedEnvironment } from '../harness/environment.ts';
import { processesIn } from '../harness/leftovers.ts';
import { cliCommand, ralph } from '../harness/process.ts';
import { NODE, PROJECT_ROOT } from '../harness/project.ts';
import { makeRepository } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { type Pane, Tmux } from '../harness/tmux.ts';
import { waitFor } from '../harness/wait-for.ts';
import { ended } from './processes.ts';
import { OWN_USER } from './scene.ts';

const AGENT = `"${NODE}" "${join(PROJECT_ROOT, 'src/demo/scripted-agent.ts')}"`;
const ON_HOST = ['--sandbox', 'host', '--agent', AGENT];
const TASKS = Array.from({ length: 20 }, (_, index) => `Task ${index + 1}`);

/** How long after its start the terminal is closed: while it loads, while it takes the terminal, and when it shows all. */
const DELAYS_MS = [30, 90, 150, 200, 250, 300, 350, 400, 500, 700, 900];

/** With a hangup, and without one: all that is noticed then is that nothing can be written or read any more. */
const WAYS = { 'a hangup': '', 'no hangup, only a terminal that is gone': "trap '' HUP; " } as const;

class Person {
  readonly folder: string;
  readonly env: IsolatedEnvironment;
  readonly repository: string;
  readonly #tmux: Tmux;

  private constructor(folder: string, env: IsolatedEnvironment, repository: string, tmux: Tmux) {
    this.folder = folder;
    this.env = env;
    this.repository = repository;
    this.#tmux = tmux;
  }

  /** Inside a test. */
  static async open(): Promise<Person> {
    const folder = await temporaryFolder();
    const env = await isolatedEnvironment(folder, { TMPDIR: folder });
    const { path } = await makeRepository(folder, { plan: TASKS, owner: OWN_USER });
    const tmux = new Tmux(folder);
    onTestFinished(() => tmux[Symbol.asyncDispose]());
    return new Person(folder, env, path, tmux);
  }

  /** Starts the program in a terminal of its own; what it says about errors goes into a file. */
  open(args: readonly string[], way: keyof typeof WAYS): Promise<Pane> {
    const shell = `${WAYS[way]}exec "$@" 2>"$ERRORS"`;
    return this.#tmux.run(['sh', '-c', shell, 'sh', ...cliCommand(), ...args], {
      cwd: this.repository,
      env: { ...this.env, ERRORS: this.#errors },
      columns: 80,
      rows: 24,
    });
  }

  /** Starts it, closes the terminal, and resolves with what the program wrote about errors until it ended. */
  async close(args: readonly string[], way: keyof typeof WAYS, delayMs: number): Promise<string> {
    const pane = await this.open(args, way);
    const pid = await pane.pid();
    await sleep(delayMs);
    await pane.close();
    await ended(pid);
    const text = await readFile(this.#errors, 'utf8').catch(() => '');
    // Ink gives the cursor back there; what the host sandbox is, is said before the screen is taken.
    return text.replaceAll('\x1b[?25h', '').replace(/^note: host sandbox: .*\n/m, '');
  }

  get #errors(): string {
    return join(this.folder, 'errors');
  }
}

requires('tmux')('a closed terminal', () => {
  it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('%s ends the start screen', async (way) => {
    const person = await Person.open();
    for (const delayMs of DELAYS_MS) expect(await person.close(ON_HOST, way, delayMs), `${delayMs} ms`).toBe('');
    expect(await processesIn(person.folder)).toEqual([]);
  });

  it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('%s ends the pane, and not the run', async (way) => {
    const person = await Person.open();
    const { exitCode, stderr } = await ralph(['build', ...ON_HOST], { cwd: person.repository, env: person.env });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    for (const delayMs of DELAYS_MS) expect(await person.close([], way, delayMs), `${delayMs} ms`).toBe('');
    const { stdout } = await ralph(['status', '--line'], { cwd: person.repository, env: person.env });
    expect(stdout).toMatch(/^[▶▷] build/);
  });

  it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('%s ends the demo, with all of it', async (way) => {
    const person = await Person.open();
    for (const delayMs of DELAYS_MS) {
      expect(await person.close(['demo'], way, delayMs), `${delayMs} ms`).toBe('');
      await waitFor(async () => (await processesIn(person.folder)).length === 0, { what: 'the run to end' });
    }
  });
});
