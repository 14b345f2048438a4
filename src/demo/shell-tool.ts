// Runs a shell command as Claude Code's Bash tool does: in a session of its own, its output into one file, through
// CLAUDE_CODE_SHELL_PREFIX if that is set (seen with 2.1.329).
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signalProcess } from '../system/processes/signal-process.ts';
import { quoteForShell } from '../text/shell-word.ts';

export interface ShellResult {
  readonly code: number;
  /** stdout and stderr together, without the last line end. */
  readonly output: string;
}

export class ShellTool {
  readonly #cwd: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ralph-demo-agent-'));
  #calls = 0;
  #running: ChildProcess | null = null;

  constructor(cwd: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#cwd = cwd;
    this.#environment = environment;
  }

  async run(command: string): Promise<ShellResult> {
    this.#calls += 1;
    const path = join(this.#folder, `${this.#calls}.output`);
    const output = openSync(path, 'w', 0o600);
    const line = `eval ${quoteForShell(command)} < /dev/null && pwd -P >| ${quoteForShell(join(this.#folder, 'cwd'))}`;
    const prefix = this.#environment.CLAUDE_CODE_SHELL_PREFIX;
    const child = spawn('/bin/bash', ['-c', prefix ? `${quoteForShell(prefix)} ${quoteForShell(line)}` : line], {
      cwd: this.#cwd,
      env: { ...this.#environment, SHELL: '/bin/bash' },
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#running = child;
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exitCode) => resolve(exitCode ?? 137));
    });
    this.#running = null;
    return { code, output: readFileSync(path, 'utf8').trimEnd() };
  }

  /** Ends the command that runs, with all of its session, and takes the output files away. */
  close(): void {
    if (this.#running?.pid !== undefined) signalProcess(-this.#running.pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
