// Reads a raw log from a file, whoever wrote it, and says whether it is one of the agent's at all.
import { open } from 'node:fs/promises';
import type { AgentDigest } from '../digest/digest.ts';
import { StreamReader } from './stream-reader.ts';

const CHUNK_BYTES = 1024 * 1024;
const HEAD_BYTES = 1024;
/** How a line of the agent begins: a part of this is all that may be left of a log that was cut in its first one. */
const BEGINNINGS = ['{"type":', '{"session_id":', '{"subtype":'];
/** Nothing yet, or what a crash of the machine made of it. */
const BEFORE_FIRST_LINE = /^(?:\xef\xbb\xbf)?[\s\0]*/;
/** gzip, zstd, xz, zip. */
const COMPRESSED = ['\x1f\x8b', '\x28\xb5\x2f\xfd', '\xfd7zXZ', 'PK\x03\x04'];
/** How the agent's own record of a session names it, in each of its lines; its output writes `session_id`. */
const OWN_RECORD = '"sessionId":"';

export interface ReadLog {
  readonly digest: AgentDigest;
  /** Of the file's last change, ISO 8601. */
  readonly modifiedAt: string;
  /** False for a file with something in it that is no output of the agent. */
  readonly isStream: boolean;
  /** Of a program that packs files: what is in it nobody knows. */
  readonly isCompressed: boolean;
}

/**
 * @param sessionId the one that we asked for; null for whichever the log is in
 * @throws what the file system says
 */
export async function readLog(path: string, sessionId: string | null = null): Promise<ReadLog> {
  await using file = await open(path);
  const { mtime } = await file.stat();
  const reader = new StreamReader({ sessionId, wantEntries: false });
  // One buffer is filled while the other one is looked through.
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  const fill = (turn: number) => file.read(turn % 2 === 0 ? buffers[0] : buffers[1], 0, CHUNK_BYTES, null);
  let head = '';
  let filling = fill(0);
  for (let turn = 1; ; turn++) {
    const { buffer, bytesRead } = await filling;
    if (bytesRead === 0) break;
    filling = fill(turn);
    const chunk = buffer.subarray(0, bytesRead);
    if (turn === 1) head = chunk.subarray(0, HEAD_BYTES).toString('latin1');
    reader.feed(chunk);
  }
  reader.end();
  return {
    digest: reader.digest,
    modifiedAt: mtime.toISOString(),
    isStream: isStream(reader.digest, head),
    isCompressed: COMPRESSED.some((magic) => head.startsWith(magic)),
  };
}

/**
 * An empty file is an attempt that said nothing. Otherwise some message has to be there that only the agent writes
 * (every line of its own carries a session), or the beginning of its first line.
 */
function isStream(digest: AgentDigest, head: string): boolean {
  if (digest.messages === 0) return digest.skippedLines === 0 || beginsLikeStream(head);
  if (digest.sessionId === null && head.includes(OWN_RECORD)) return false;
  return (
    digest.sessionId !== null ||
    digest.agentVersion !== null ||
    digest.results > 0 ||
    digest.toolCalls > 0 ||
    digest.lastText !== null ||
    digest.syntheticError !== null
  );
}

function beginsLikeStream(head: string): boolean {
  const text = head.replace(BEFORE_FIRST_LINE, '');
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text));
}
