// Runs our own program, and others, the way a person does: as a process, with arguments, and what it prints.
import { join } from 'node:path';
import { execa } from 'execa';
import { NODE, PROJECT_ROOT } from './project.ts';
import { waitFor } from './wait-for.ts';

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard input; without it, it is at its end from the beginning. */
  readonly input?: string;
  /** Killed after so long: 60 s where nothing is said. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface RunningProgram {
  readonly pid: number;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout or stderr has the text; rejects with both when it ends before or takes too long. */
  waitForOutput(text: string | RegExp, timeoutMs?: number): Promise<void>;
  kill(signal?: NodeJS.Signals): void;
  readonly ended: Promise<ProgramResult>;
}

/**
 * Our command line: from the sources, or the file that RALPH_TEST_CLI names (`dist/cli.js`, to test what is shipped).
 */
export function cliCommand(): readonly [program: string, ...args: string[]] {
  return [NODE, process.env.RALPH_TEST_CLI ?? join(PROJECT_ROOT, 'src/cli.ts')];
}

/** Runs `ralph-tui` with these arguments to its end. */
export function ralph(args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return runProgram([...cliCommand(), ...args], options);
}

/** Starts `ralph-tui` and leaves it running. */
export function spawnRalph(args: readonly string[], options: ProgramOptions): RunningProgram {
  return spawnProgram([...cliCommand(), ...args], options);
}

export function runProgram(command: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return spawnProgram(command, options).ended;
}

export function spawnProgram(command: readonly string[], options: ProgramOptions): RunningProgram {
  const [program = '', ...args] = command;
  const child = execa(program, args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    timeout: options.timeoutMs ?? 60_000,
    reject: false,
    stripFinalNewline: false,
    buffer: false,
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  let result: ProgramResult | null = null;
  const ended = child.then((end) => {
    // Not started, or cut off by us: the program itself could not say so.
    if (end.timedOut || (end.exitCode === undefined && end.signal === undefined)) printed.stderr += end.shortMessage;
    result = { ...printed, exitCode: end.exitCode ?? null, signal: end.signal ?? null };
    return result;
  });
  const has = (text: string | RegExp): boolean =>
    [printed.stdout, printed.stderr].some((output) =>
      typeof text === 'string' ? output.includes(text) : text.test(output),
    );
  return {
    pid: child.pid ?? -1,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    ended,
    async waitForOutput(text, timeoutMs = 10_000) {
      const story = () => `stdout:\n${printed.stdout}\nstderr:\n${printed.stderr}`;
      const seen = await waitFor(() => (has(text) ? 'yes' : result && 'ended'), {
        what: `${text} in the output of ${args.join(' ')}`,
        timeoutMs,
        detail: story,
      });
      if (seen === 'ended') {
        throw new Error(`${args.join(' ')} ended with ${result?.exitCode} without ${text}.\n${story()}`);
      }
    },
  };
}
