// A program on a terminal of its own, as script(1) of util-linux makes one: what it writes comes without a detour, so
// that milliseconds can be told. Nobody looks at the screen but the bench.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { waitFor } from '../../../test/harness/wait-for.ts';

export interface PtyOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

/** CLK_TCK on Linux: proc(5) counts in hundredths of a second. */
const TICK_MS = 10;
const DEADLINE_MS = 20_000;

export class PtyProgram {
  readonly #script: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  /** What it has written since `forget`. */
  #written = '';
  #listener: (() => void) | null = null;
  readonly startedMs = performance.now();

  constructor(argv: readonly string[], { cwd, env, columns, rows }: PtyOptions) {
    const words = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const command = `stty rows ${rows} cols ${columns}; exec ${words}`;
    this.#script = spawn('script', ['-qfec', command, '/dev/null'], { cwd, env: { ...env, TERM: 'xterm-256color' } });
    this.#ended = new Promise((resolve) => this.#script.once('exit', resolve));
    this.#script.stdin.on('error', () => undefined);
    this.#script.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
      this.#listener?.();
    });
  }

  /** Resolves with the milliseconds since `sinceMs` at the moment when it has written this. */
  async hasWritten(text: string | RegExp, sinceMs: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const has = () => (typeof text === 'string' ? this.#written.includes(text) : text.test(this.#written));
    const look = () => has() && resolve(performance.now() - sinceMs);
    const timer = setTimeout(
      () => reject(new Error(`${text} was never written; at last: ${JSON.stringify(this.#written.slice(-2_000))}`)),
      DEADLINE_MS,
    );
    this.#listener = look;
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listener = null;
    });
  }

  /** What was written until now does not count any more. */
  forget(): void {
    this.#written = '';
  }

  press(keys: string): void {
    this.#script.stdin.write(keys);
  }

  /** Milliseconds that it has kept a core busy so far, in its own code and in the kernel's. */
  async cpuMs(): Promise<number> {
    const stat = await readFile(`/proc/${await this.#pid()}/stat`, 'utf8');
    // proc_pid_stat(5): fields 14 and 15; the name before them may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** Resident memory. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${await this.#pid()}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** Closes its terminal, and resolves when it has ended. */
  async end(): Promise<void> {
    this.#script.kill('SIGTERM');
    await this.#ended;
  }

  /** Of the program itself, not of the shell that it has replaced. */
  async #pid(): Promise<number> {
    const { pid } = this.#script;
    const look = async () => Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
    return waitFor(look, { what: 'the program on its terminal' });
  }
}
