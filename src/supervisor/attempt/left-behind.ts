// Reads what an attempt left in its files: the digest of its output, the end of its stderr, its peak of memory.
import { readFile } from 'node:fs/promises';
import { type AgentDigest, emptyDigest } from '../../agent/digest/digest.ts';
import { readLog } from '../../agent/stream/read-log.ts';
import type { AttemptFiles } from '../../journal/folders.ts';
import { fileTail } from '../../system/file-tail.ts';
import { hasRecord, type VitalsRecord } from './recorder.ts';

const STDERR_TAIL_BYTES = 8 * 1024;

export async function digestFromFile(files: AttemptFiles, sessionId: string | null): Promise<AgentDigest> {
  return hasRecord(files) ? (await readLog(files.raw, sessionId)).digest : emptyDigest(sessionId);
}

/** Highest sample, bytes; null without any. */
export async function peakMemory(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  let peak: number | null = null;
  for (const line of text.split('\n')) {
    const memoryBytes = memoryIn(line);
    if (memoryBytes !== null) peak = Math.max(peak ?? 0, memoryBytes);
  }
  return peak;
}

/** Null for a line that a crash or a full disk has cut. */
function memoryIn(line: string): number | null {
  try {
    const { memoryBytes } = JSON.parse(line) as VitalsRecord;
    return typeof memoryBytes === 'number' ? memoryBytes : null;
  } catch {
    return null;
  }
}

/** The end of standard error, some kilobytes. */
export async function stderrTailOf(path: string): Promise<string> {
  return fileTail(path, STDERR_TAIL_BYTES).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
}
