// A repository of a test's own, and commands typed in it: what they print, and their exit code.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { type Commands, READER_COMMANDS } from '../../src/commands/line/commands.ts';
import type { CommandContext, Output } from '../../src/commands/line/context.ts';
import { runProgram } from '../../src/commands/line/program.ts';
import { repositoryKey, stateRoot } from '../../src/journal/folders.ts';
import type { Story } from '../core/story.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { layOutRun, RUN, type RunFolder } from '../viewer/run-folder.ts';

export interface Typed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface TypeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly now?: number;
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly recoverRun?: CommandContext['recoverRun'];
  /** The terminal's locale has no more than ASCII. */
  readonly isAscii?: boolean;
  readonly start?: Commands['start'];
  /** Called with everything that is printed, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export class Desk {
  readonly home: string;
  readonly repository: string;

  constructor(home: string, repository: string) {
    this.home = home;
    this.repository = repository;
  }

  get environment(): Record<string, string> {
    return { HOME: this.home, PATH: process.env.PATH ?? '', DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  }

  /** Tells a run's story into the state folder, as its supervisor would. */
  async run(story: Story, run: string = RUN): Promise<RunFolder> {
    return layOutRun(stateRoot(this.environment, this.home), repositoryKey(this.repository), story, run);
  }

  async type(argv: readonly string[], options: TypeOptions = {}): Promise<Typed> {
    const stdout = collector(options);
    const stderr = collector({ ...options, onOutput: undefined });
    const start = options.start ?? (async () => Promise.reject(new Error('nothing was to be started')));
    const context = { ...this.context(options), stdout, stderr };
    const exitCode = await runProgram(argv, context, { ...READER_COMMANDS, start });
    return { stdout: stdout.text(), stderr: stderr.text(), exitCode };
  }

  /** What a command gets that is called without a command line. */
  context(options: TypeOptions = {}): CommandContext {
    return {
      cwd: options.cwd ?? this.repository,
      environment: { ...this.environment, ...options.environment },
      stdout: collector(options),
      stderr: collector({}),
      stdin: Readable.from([options.stdin ?? '']),
      signal: options.signal ?? new AbortController().signal,
      now: () => options.now ?? Date.parse('2026-11-21T10:10:00.000Z'),
      recoverRun: options.recoverRun ?? (async () => Promise.reject(new Error('nothing to recover'))),
    };
  }
}

/** A fresh repository with a home beside it; both go when the test is over. */
export async function openDesk(): Promise<Desk> {
  const folder = await temporaryFolder();
  const [home, repository] = [join(folder, 'home'), join(folder, 'acme')];
  await mkdir(home);
  await execa('git', ['init', '--quiet', '--initial-branch', 'main', repository], {
    env: { HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
  });
  return new Desk(home, repository);
}

function collector({
  onOutput,
  isAscii = false,
}: Pick<TypeOptions, 'onOutput' | 'isAscii'>): Output & { text(): string } {
  const chunks: Buffer[] = [];
  return {
    isTTY: false,
    isAscii,
    columns: 80,
    text: () => Buffer.concat(chunks).toString(),
    write: async (chunk) => {
      chunks.push(Buffer.from(chunk));
      onOutput?.(Buffer.from(chunk).toString());
    },
  };
}
