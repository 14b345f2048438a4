// Reads an agent's output as it comes: bytes in, lines for people out, and a digest that can be
// saved and taken up again at the byte where it stopped.
import { type AgentDigest, DIGEST_SCHEMA, emptyDigest } from '../digest/digest.ts';
import { digestMessage } from '../digest/fold.ts';
import { isOurs } from '../digest/session.ts';
import type { LogEntry } from '../log/draft.ts';
import { FOLDED, type LogFolding } from '../log/folding.ts';
import { logEntries } from '../log/log-entries.ts';
import { LineSplitter, type StreamLine } from './line-splitter.ts';
import type { AgentMessage } from './message-types.ts';
import { isBlank, parseArray, parseLine } from './messages.ts';
import { asNumber, isObject } from './narrow.ts';
import { parseForDigest } from './parse-for-digest.ts';

/** The cache beside a raw log: what its first `offset` bytes, all of them whole lines, tell. */
export interface DigestSnapshot {
  readonly offset: number;
  readonly digest: AgentDigest;
}

/** A line of the stream, and what it tells people. */
export interface ReadLine {
  /** Byte of the stream at which it begins. */
  readonly offset: number;
  readonly entries: readonly LogEntry[];
}

export interface StreamReaderOptions {
  /** Where to go on; a fresh stream without it. */
  readonly from?: DigestSnapshot;
  /** The session that was asked for with `--session-id`; null to take the stream's own. */
  readonly sessionId?: string | null;
  /** False for readers that want the digest only. */
  readonly wantEntries?: boolean;
  /** How much of long texts the entries show; default: their beginnings and ends. */
  readonly fold?: LogFolding;
  readonly lineLimitBytes?: number;
}

export class StreamReader {
  private readonly splitter: LineSplitter;
  private readonly wantEntries: boolean;
  private readonly fold: LogFolding;
  private current: AgentDigest;
  private readonly skippedBefore: number;
  private unreadable = 0;

  constructor(options: StreamReaderOptions = {}) {
    this.splitter = new LineSplitter(options.from?.offset ?? 0, options.lineLimitBytes);
    this.current = options.from?.digest ?? emptyDigest(options.sessionId ?? null);
    this.skippedBefore = this.current.skippedLines;
    this.wantEntries = options.wantEntries ?? true;
    this.fold = options.fold ?? FOLDED;
  }

  /** Bytes behind the last complete line are in neither digest nor offset yet. */
  get digest(): AgentDigest {
    const skippedLines = this.skippedBefore + this.unreadable + this.splitter.skippedLines;
    return skippedLines === this.current.skippedLines ? this.current : { ...this.current, skippedLines };
  }

  get offset(): number {
    return this.splitter.offset;
  }

  snapshot(): DigestSnapshot {
    return { offset: this.offset, digest: this.digest };
  }

  /** `at`: when the bytes arrived, ISO 8601; null when nobody knows. Never throws on what they hold. */
  feed(chunk: Uint8Array, at: string | null = null): LogEntry[] {
    return this.feedLines(chunk, at).flatMap(({ entries }) => entries);
  }

  /** The same, with the place of each line that tells something. */
  feedLines(chunk: Uint8Array, at: string | null = null): ReadLine[] {
    return this.splitter.push(chunk).flatMap((line) => this.read(line, at));
  }

  /** The stream has ended: reads what stands behind the last line feed, a line that was cut by a kill most often. */
  end(at: string | null = null): LogEntry[] {
    return this.endLines(at).flatMap(({ entries }) => entries);
  }

  endLines(at: string | null = null): ReadLine[] {
    const rest = this.splitter.end();
    return rest === null ? [] : this.read(rest, at);
  }

  private read({ offset, bytes }: StreamLine, at: string | null): ReadLine[] {
    const message = this.wantEntries ? parseLine(bytes) : parseForDigest(bytes);
    const messages = message === null ? parseArray(bytes) : [message];
    if (messages.length === 0 && !isBlank(bytes)) this.unreadable += 1;
    const entries = messages.flatMap((one) => this.take(one, at));
    return entries.length === 0 ? [] : [{ offset, entries }];
  }

  private take(message: AgentMessage, at: string | null): readonly LogEntry[] {
    const before = this.current;
    this.current = digestMessage(before, message, at);
    return this.wantEntries && isOurs(before, message) ? logEntries(message, before, at, this.fold) : [];
  }
}

/** The digest of a whole log. */
export function digestOf(bytes: Uint8Array, sessionId: string | null = null): AgentDigest {
  const reader = new StreamReader({ sessionId, wantEntries: false });
  reader.feed(bytes);
  reader.end();
  return reader.digest;
}

/** What JSON.parse made of a cache file; null for one of another shape, which has to be made again. */
export function asSnapshot(value: unknown): DigestSnapshot | null {
  if (!isObject(value) || !isObject(value.digest) || value.digest.schema !== DIGEST_SCHEMA) return null;
  const offset = asNumber(value.offset);
  if (offset === null || offset < 0 || !Number.isSafeInteger(offset)) return null;
  // Written by this very program: the schema number stands for the shape.
  return { offset, digest: value.digest as unknown as AgentDigest };
}
