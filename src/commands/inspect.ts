// `ralph-tui inspect`: how an attempt ended and what it cost, from any raw log, also one of somebody else's loop.
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { judgeLog } from '../agent/outcome/outcome.ts';
import { readLog } from '../agent/stream/read-log.ts';
import { ConfigError } from '../config/config-error.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { fileTail } from '../system/file-tail.ts';
import { messageOf, systemErrorCode } from '../system/system-error.ts';
import { safeLine } from '../text/sanitize.ts';
import { inspectionLines, totalLines } from './inspect-lines.ts';
import { type Inspection, inspectionOf, totalOf } from './inspection.ts';
import { type CommandContext, say, sayAsIs } from './line/context.ts';

export interface InspectOptions {
  /** Files and folders, as typed. */
  readonly paths: readonly string[];
  /** What is known of the one attempt beside its log; null and false where nothing was said. */
  readonly exitCode: number | null;
  readonly stderrPath: string | null;
  readonly oomKilled: boolean;
  readonly stopped: boolean;
  readonly format: 'text' | 'json';
}

/** What loops call their raw logs: ours, and those of other tools. */
const LOG_NAME = /\.(?:jsonl|log\.raw|raw)$/;
const STDERR_TAIL_BYTES = 8 * 1024;

/** JSON is one object a line: one for each file, then `{total}` where there can be several. */
export async function inspectCommand(context: CommandContext, options: InspectOptions): Promise<number> {
  const { files, hasFolder, problems } = await findLogs(context.cwd, options.paths);
  const isOne = !hasFolder && options.paths.length === 1;
  const knowsMore = options.exitCode !== null || options.stderrPath !== null || options.oomKilled || options.stopped;
  if (knowsMore && !isOne) {
    throw new ConfigError('--exit-code, --stderr, --oom-killed and --stopped belong to one attempt; give one file');
  }
  const stderrTail = options.stderrPath === null ? '' : await tailOf(resolve(context.cwd, options.stderrPath));
  const inspections: Inspection[] = [];
  const write = options.format === 'json' ? sayAsIs : say;
  for (const file of files) {
    const read = await inspectFile(context.cwd, file, stderrTail, options);
    if (typeof read === 'string') problems.push(read);
    else {
      inspections.push(read);
      const text = options.format === 'json' ? [JSON.stringify(read)] : inspectionLines(read, context.stdout.columns);
      for (const line of text) await write(context.stdout, line);
    }
  }
  if (!isOne && inspections.length > 0) {
    const total = totalOf(inspections);
    const text = options.format === 'json' ? [JSON.stringify({ total })] : totalLines(total, context.stdout.columns);
    for (const line of text) await write(context.stdout, line);
  }
  for (const problem of problems) await say(context.stderr, `ralph-tui: ${safeLine(problem)}`);
  return problems.length === 0 ? EXIT_CODES.finished : EXIT_CODES.internalError;
}

interface FoundLogs {
  readonly files: readonly string[];
  readonly hasFolder: boolean;
  /** One line each. */
  readonly problems: string[];
}

/** The files as typed; a folder's logs in the order of their numbers. */
async function findLogs(cwd: string, paths: readonly string[]): Promise<FoundLogs> {
  const files: string[] = [];
  const problems: string[] = [];
  let hasFolder = false;
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const isFolder = await stat(absolute).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      files.push(path);
      continue;
    }
    hasFolder = true;
    const entries = await readdir(absolute, { withFileTypes: true }).catch((error: Error) => error);
    if (entries instanceof Error) {
      problems.push(`${path}: ${entries.message}`);
      continue;
    }
    const names = entries.filter(isLog).map(({ name }) => name);
    if (names.length === 0) problems.push(`${path}: no log in it (*.jsonl, *.log.raw, *.raw)`);
    names.sort(byNumber);
    files.push(...names.map((name) => join(path, name)));
  }
  return { files, hasFolder, problems };
}

const { compare } = new Intl.Collator('en', { numeric: true });

/** The first attempt of an iteration has no number: iteration-2.log.raw comes before iteration-2.2.log.raw. */
function byNumber(a: string, b: string): number {
  return compare(a.replace(LOG_NAME, ''), b.replace(LOG_NAME, '')) || compare(a, b);
}

function isLog(entry: Dirent): boolean {
  return LOG_NAME.test(entry.name) && (entry.isFile() || entry.isSymbolicLink());
}

/** The problem in words where the file cannot be read or is no log of the agent's. */
async function inspectFile(
  cwd: string,
  file: string,
  stderrTail: string,
  options: InspectOptions,
): Promise<Inspection | string> {
  const log = await readLog(resolve(cwd, file)).catch((error: Error) => error);
  if (log instanceof Error) {
    return systemErrorCode(log) === 'ENOENT' ? `${file}: no such file or folder` : `${file}: ${log.message}`;
  }
  if (!log.isStream) {
    const help = log.isCompressed ? 'unpack it first' : 'give the raw log of an attempt (iteration-N.log.raw)';
    return `${file}: no output of claude --output-format stream-json; ${help}`;
  }
  const outcome = judgeLog({
    digest: log.digest,
    exitCode: options.exitCode,
    stderrTail,
    oomKilled: options.oomKilled,
    stopped: options.stopped,
    endedAt: log.modifiedAt,
  });
  return inspectionOf(file, log.digest, outcome);
}

/** @throws ConfigError for a file that cannot be read */
async function tailOf(path: string): Promise<string> {
  try {
    return (await fileTail(path, STDERR_TAIL_BYTES)).toString('utf8');
  } catch (error) {
    throw new ConfigError(`--stderr: ${messageOf(error)}`, { cause: error });
  }
}
