// Drives a program in a real tmux pane, on a tmux server of its own that nobody else's session can meet.
import { execa } from 'execa';
import { waitFor } from './wait-for.ts';

export interface PaneOptions {
  readonly cwd: string;
  /** The program's environment; tmux adds TERM, TMUX and TMUX_PANE. */
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export interface CaptureOptions {
  /** With the escape sequences for colours and attributes. */
  readonly colours?: boolean;
  /** With what has scrolled away above. */
  readonly history?: boolean;
}

export interface TerminalState {
  readonly alternateScreen: boolean | undefined;
  readonly cursor: boolean | undefined;
  readonly autowrap: boolean | undefined;
}

/** A tmux server. Dispose of it: its panes get a hangup, as from a terminal that is closed. */
export class Tmux implements AsyncDisposable {
  readonly #folder: string;

  /** `folder` is a temporary one; the server's socket gets in there. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a command in a new window. A pane whose program has ended stays, so that its last words can be read. */
  async run(command: readonly string[], options: PaneOptions): Promise<Pane> {
    const { columns = 120, rows = 40 } = options;
    const variables = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
    const settings = [
      ['set-option', '-g', 'remain-on-exit', 'on'],
      ['set-option', '-g', 'status', 'off'],
      ['set-option', '-g', 'default-terminal', 'tmux-256color'],
    ];
    const id = await this.tmux(
      'start-server',
      ';',
      ...settings.flatMap((setting) => [...setting, ';']),
      ...['new-session', '-d', '-P', '-F', '#{pane_id}', '-x', String(columns), '-y', String(rows)],
      ...variables.flatMap((variable) => ['-e', variable]),
      ...['-c', options.cwd, '--', 'env', '-u', 'TMUX_TMPDIR', ...command],
    );
    return new Pane(this, id);
  }

  /** Runs a tmux command on this server; `;` as an argument of its own separates several. */
  async tmux(...args: string[]): Promise<string> {
    const { stdout } = await execa('tmux', ['-u', '-L', 'test', '-f', '/dev/null', ...args], {
      cwd: this.#folder,
      extendEnv: false,
      env: {
        PATH: process.env.PATH,
        LANG: 'C.UTF-8',
        SHELL: '/bin/sh',
        TERM: 'xterm-256color',
        TMUX_TMPDIR: this.#folder,
      },
      timeout: 15_000,
    });
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux('kill-server').catch(() => undefined); // fails where none has been started
  }
}

export class Pane {
  readonly #server: Tmux;
  /** tmux's name for it: `%0`. */
  readonly id: string;

  constructor(server: Tmux, id: string) {
    this.#server = server;
    this.id = id;
  }

  /** Presses keys, by tmux's names: `Enter`, `Escape`, `Tab`, `C-c`, `q`, … */
  async press(...keys: string[]): Promise<void> {
    await this.#server.tmux('send-keys', '-t', this.id, ...keys);
  }

  /** Types a text, letter by letter. */
  async type(text: string): Promise<void> {
    await this.#server.tmux('send-keys', '-t', this.id, '-l', '--', text);
  }

  /** What the pane shows, a line a row, without spaces at their ends. */
  async capture(options: CaptureOptions = {}): Promise<string> {
    const flags = [...(options.colours ? ['-e'] : []), ...(options.history ? ['-S', '-'] : [])];
    return await this.#server.tmux('capture-pane', '-p', ...flags, '-t', this.id);
  }

  /** Resolves with the screen that has the text; rejects with the last screen when it does not come. */
  async waitForText(text: string | RegExp, timeoutMs = 10_000): Promise<string> {
    let screen = '';
    return await waitFor(
      async () => {
        screen = await this.capture();
        return (typeof text === 'string' ? screen.includes(text) : text.test(screen)) && screen;
      },
      { what: `${text} on the screen`, timeoutMs, detail: () => `The screen:\n${screen}` },
    );
  }

  /** Waits until the program in the pane has ended; resolves with its exit code, or the signal that ended it. */
  async waitForExit(timeoutMs = 10_000): Promise<number> {
    const look = async (): Promise<string> => {
      const [server, status = ''] = (await this.#format('#{pid} #{pane_dead_status}#{pane_dead_signal}')).split(' ');
      // tmux 3.3a now and then misses the signal that its child has ended, and never looks again (seen once in four).
      if (status === '') process.kill(Number(server), 'SIGCHLD');
      return status;
    };
    const what = 'the program in the pane to end';
    return Number(await waitFor(look, { what, timeoutMs, detail: () => this.capture() }));
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#server.tmux('resize-window', '-t', this.id, '-x', String(columns), '-y', String(rows));
  }

  /** Pid of the program in the pane. */
  async pid(): Promise<number> {
    return Number(await this.#format('#{pane_pid}'));
  }

  /** The title that the program has set. */
  async title(): Promise<string> {
    return await this.#format('#{pane_title}');
  }

  /** What programs leave behind when they do not give a terminal back: screen, cursor and wrapping. */
  async modes(): Promise<TerminalState> {
    const format = '#{alternate_on}#{cursor_flag}#{wrap_flag}';
    const [alternateScreen, cursor, autowrap] = Array.from(await this.#format(format), (flag) => flag === '1');
    return { alternateScreen, cursor, autowrap };
  }

  /** Closes the pane as a person closes a terminal: the program gets a hangup. */
  async close(): Promise<void> {
    await this.#server.tmux('kill-pane', '-t', this.id);
  }

  async #format(format: string): Promise<string> {
    return await this.#server.tmux('display-message', '-p', '-t', this.id, format);
  }
}
