// `ralph-tui logs`: what the agent said and did, of one attempt, or as it goes on.
import { stat } from 'node:fs/promises';
import type { LogEntry } from '../agent/log/draft.ts';
import { logLine } from '../agent/log/log-line.ts';
import { StreamReader } from '../agent/stream/stream-reader.ts';
import { ConfigError } from '../config/config-error.ts';
import { type AttemptRef, isEarlier } from '../core/attempt-ref.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { attemptFiles, runFiles } from '../journal/folders.ts';
import { listAttempts } from '../journal/list-runs.ts';
import { tailBytes } from '../journal/tail.ts';
import { plural } from '../text/plural.ts';
import { type Redactor, redactKeys } from '../text/redact.ts';
import { arrivalSlices } from '../viewer/arrival-times.ts';
import { followAttempts } from '../viewer/follow-attempts.ts';
import { readVitals, type VitalsSample } from '../viewer/vitals-file.ts';
import { redactorFor } from './known-secrets.ts';
import { type CommandContext, forPeople, type Output, say } from './line/context.ts';
import { findRunPlace } from './place.ts';
import { keepSupervised } from './reach.ts';

export interface LogsOptions {
  /** `7`, or `7.2` for its second attempt; null for the newest. */
  readonly attempt: string | null;
  readonly run: string | null;
  /** Go on with what comes, across attempts, until the run ends. */
  readonly follow: boolean;
  /** The agent's bytes as they are. */
  readonly raw: boolean;
  /** Only calls of this tool, and what they answered. */
  readonly tool: string | null;
}

export async function logsCommand(context: CommandContext, options: LogsOptions): Promise<number> {
  const { folders, run } = await findRunPlace(context, options.run);
  const { folder, journal } = runFiles(folders, run);
  // The log for people has been redacted; what is made of the raw one here has not.
  const redact = options.tool === null ? redactKeys : await redactorFor(context.environment, folders, run);
  const attempts = await listAttempts(folder);
  const meant = options.attempt === null ? (attempts.at(-1) ?? null) : findAttempt(attempts, options.attempt);
  if (options.follow) {
    await keepSupervised(context);
    for await (const attempt of followAttempts(journal, context.signal)) {
      if (meant !== null && isEarlier(attempt, meant)) continue;
      if (!options.raw) await say(context.stdout, heading(attempt));
      await print(context, folder, attempt, { ...options, redact }, attempt.ended);
    }
    return EXIT_CODES.finished;
  }
  if (meant === null) throw new ConfigError('this run has no output yet; wait for it with: ralph-tui logs -f');
  await print(context, folder, meant, { ...options, redact }, AbortSignal.abort());
  return EXIT_CODES.finished;
}

function findAttempt(attempts: readonly AttemptRef[], name: string): AttemptRef {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(name);
  if (match === null) throw new ConfigError(`"${name}" is no iteration; write its number, such as 7 (or 7.2)`);
  const [, iteration, attempt] = match;
  const found = attempts.findLast(
    (ref) => ref.iteration === Number(iteration) && (attempt === undefined || ref.attempt === Number(attempt)),
  );
  if (found !== undefined) return found;
  const last = attempts.at(-1);
  const known = last === undefined ? 'this run has no output yet' : `the newest is ${last.iteration}`;
  throw new ConfigError(`there is no log of iteration ${name}; ${known}`);
}

/** Prints what there is, and what comes until `ended`. */
async function print(
  context: CommandContext,
  folder: string,
  ref: AttemptRef,
  options: LogsOptions & { readonly redact: Redactor },
  ended: AbortSignal,
): Promise<void> {
  const files = attemptFiles(folder, ref);
  const filter =
    options.raw || options.tool === null
      ? null
      : new ToolFilter(options.tool, await readVitals(files.vitals), options.redact);
  const path = options.raw || filter !== null ? files.raw : files.log;
  const shown = options.raw ? (bytes: Uint8Array) => bytes : inSigns(context.stdout);
  let printed = 0;
  for await (const { bytes, offset } of tailBytes(path, { finished: ended, signal: context.signal })) {
    // A recovered supervisor writes the log for people again from its beginning.
    const fresh = bytes.subarray(Math.max(0, printed - offset));
    printed = Math.max(printed, offset + bytes.length);
    if (fresh.length === 0) continue;
    if (filter === null) await context.stdout.write(shown(fresh));
    else await context.stdout.write(forPeople(context.stdout, filter.take(fresh, await lastWriteAt(path))));
  }
  if (filter === null) return;
  await context.stdout.write(forPeople(context.stdout, filter.end()));
  if (!options.follow && filter.calls === 0) {
    await say(context.stderr, `no call of ${options.tool}; used were: ${filter.usedTools()}`);
  }
}

/** The bytes of a log for people, in signs that their terminal has; a sign may come in two pieces. */
function inSigns(output: Output): (bytes: Uint8Array) => string | Uint8Array {
  if (!output.isAscii) return (bytes) => bytes;
  const decoder = new TextDecoder();
  return (bytes) => forPeople(output, decoder.decode(bytes, { stream: true }));
}

/** When the newest bytes came; samples know of the others. */
async function lastWriteAt(path: string): Promise<string | null> {
  return stat(path).then(
    ({ mtime }) => mtime.toISOString(),
    () => null,
  );
}

/** Lets calls of one tool through, with their answers; tool names are compared without case. */
class ToolFilter {
  calls = 0;
  readonly #tool: string;
  readonly #samples: readonly VitalsSample[];
  readonly #redact: Redactor;
  readonly #reader = new StreamReader();
  readonly #ids = new Set<string>();
  #offset = 0;

  /** @param samples tell when the bytes came: older agents put no time on their lines */
  constructor(tool: string, samples: readonly VitalsSample[], redact: Redactor) {
    this.#tool = tool.toLowerCase();
    this.#samples = samples;
    this.#redact = redact;
  }

  take(bytes: Uint8Array, at: string | null): string {
    const begin = this.#offset;
    let text = '';
    for (const slice of arrivalSlices(this.#samples, begin, begin + bytes.length, at)) {
      text += this.#lines(this.#reader.feed(bytes.subarray(this.#offset - begin, slice.end - begin), slice.at));
      this.#offset = slice.end;
    }
    return text;
  }

  end(): string {
    return this.#lines(this.#reader.end());
  }

  usedTools(): string {
    const counts = Object.entries(this.#reader.digest.toolCounts);
    return counts.length === 0
      ? 'none'
      : counts.map(([name, calls]) => `${name} (${plural(calls, 'call')})`).join(', ');
  }

  #lines(entries: readonly LogEntry[]): string {
    let text = '';
    for (const entry of entries) {
      if (entry.toolUseId === null) continue;
      if (entry.kind === 'tool' && entry.tag.toLowerCase() === this.#tool) {
        this.#ids.add(entry.toolUseId);
        this.calls += 1;
      }
      if (this.#ids.has(entry.toolUseId)) text += `${logLine(entry, this.#redact)}\n`;
    }
    return text;
  }
}

function heading({ iteration, attempt }: AttemptRef): string {
  return `==> iteration ${iteration}${attempt > 1 ? `, attempt ${attempt}` : ''} <==`;
}
