// The one place that starts git: with an environment from nothing, a deadline, and a limit on what it says.
import { simpleGit } from 'simple-git';
import { CodedError } from '../../core/coded-error.ts';
import { messageOf } from '../../system/system-error.ts';
import type { Environment } from './environment.ts';

/** After this, looking at a repository is given up: something in it keeps git from ending. */
export const LOOK_DEADLINE_MS = 30_000;
export const PUSH_DEADLINE_MS = 120_000;

const OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;
/** A helper that git left behind can keep its output open for ever; what git wrote is read long before. */
const AFTER_EXIT_MS = 1_000;

export interface GitCall {
  readonly environment: Environment;
  /** Working directory: one that the agent cannot write. */
  readonly folder: string;
  readonly input?: Buffer;
  readonly deadlineMs?: number;
  readonly outputLimitBytes?: number;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The output was cut at its limit, and git ended. */
  readonly truncated: boolean;
}

export type GitErrorCode = 'git_missing' | 'deadline' | 'failed' | 'bad_argument';

/** Git could not be run, or could not tell. */
export class GitError extends CodedError<GitErrorCode> {
  override readonly name = 'GitError';
}

/**
 * Runs git and answers whatever its exit code is.
 *
 * simple-git refuses GIT_* variables, configuration paths and askpass unless they are named here
 * (facts/sandbox.md 6). Each call has an instance of its own, because deadline and limit are one call's.
 *
 * @throws GitError `deadline`, `git_missing`, `failed` (it could not be started)
 */
export async function runGit(argv: readonly string[], call: GitCall): Promise<GitAnswer> {
  const limitBytes = call.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
  const deadlineMs = call.deadlineMs ?? LOOK_DEADLINE_MS;
  const stop = new AbortController();
  const chunks: Buffer[] = [];
  let stdoutBytes = 0;
  let truncated = false;
  let late = false;
  let exitCode = -1;
  let stderr = '';
  const git = simpleGit({
    baseDir: call.folder,
    abort: stop.signal,
    completion: { onClose: true, onExit: AFTER_EXIT_MS },
    allowEnvironment: Object.keys(call.environment),
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeAskPass: true },
    ...(call.input === undefined ? {} : { input: () => call.input }),
    // Exit codes are answers here ("is it an ancestor?"); only what kept git from running stays an error.
    errors: (error, result) => {
      exitCode = result.exitCode;
      return result.exitCode >= 0 ? undefined : (error ?? Buffer.concat(result.stdErr));
    },
  });
  git.env({ ...call.environment });
  git.outputHandler((_command, stdout, errorStream) => {
    stdout.on('data', (chunk: Buffer) => {
      if (truncated) return;
      const room = limitBytes - stdoutBytes;
      truncated = chunk.length > room;
      chunks.push(truncated ? chunk.subarray(0, room) : chunk);
      stdoutBytes += Math.min(chunk.length, room);
      if (truncated) stop.abort();
    });
    errorStream.on('data', (chunk: Buffer) => {
      if (stderr.length < 64 * 1024) stderr += chunk.toString('utf8');
    });
    // After a git that said nothing at all simple-git waits another 50 ms for words; an empty one will do.
    stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)));
  });
  const { promise: deadline, resolve: passDeadline } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
    passDeadline();
  }, deadlineMs);
  try {
    await Promise.race([git.raw([...argv]), deadline]);
  } catch (cause) {
    if (!truncated && !late) throw startFailure(cause);
  } finally {
    clearTimeout(timer);
  }
  if (late) throw new GitError('deadline', `git ${argv[0] ?? ''} did not end within ${deadlineMs / 1000} s`);
  return { exitCode, stdout: Buffer.concat(chunks), stderr: stderr.trim(), truncated };
}

/**
 * Runs git where only success makes sense, and answers its output.
 *
 * @throws GitError
 */
export async function askGit(argv: readonly string[], call: GitCall): Promise<Buffer> {
  const answer = await runGit(argv, call);
  if (answer.truncated) throw new GitError('failed', `git ${argv[0] ?? ''} answered more than can be taken in`);
  if (answer.exitCode !== 0) {
    const [reason = ''] = answer.stderr.split('\n');
    throw new GitError('failed', `git ${argv[0] ?? ''} failed (exit ${answer.exitCode}): ${reason}`);
  }
  return answer.stdout;
}

function startFailure(cause: unknown): GitError {
  const message = messageOf(cause);
  if (message.includes('ENOENT'))
    return new GitError('git_missing', 'git is not installed, or not in PATH: install it', { cause });
  return new GitError('failed', `git could not be run: ${message.split('\n')[0] ?? ''}`, { cause });
}
