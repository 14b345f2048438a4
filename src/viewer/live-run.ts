// Opens a run as its files tell it: the replayed journal, and what is known of the attempt that runs.
import type { AgentDigest } from '../agent/digest/digest.ts';
import { spendTotals } from '../agent/digest/spend.ts';
import { usageText } from '../agent/digest/usage-windows.ts';
import type { Event } from '../core/events.ts';
import { replay } from '../core/state/apply.ts';
import type { RunState } from '../core/state/run-state.ts';
import { type RepositoryFolders, runFiles } from '../journal/folders.ts';
import { lockHolder } from '../journal/lock.ts';
import { fullDiskOf } from '../journal/no-space.ts';
import { readJournal } from '../journal/read.ts';
import type { LiveFacts } from '../report/live-facts.ts';
import { type AttemptReading, readAttempt } from './attempt-reading.ts';

export interface LiveRun {
  readonly folder: string;
  readonly state: RunState;
  /** Null while no attempt runs. */
  readonly live: LiveFacts | null;
  readonly supervisorAlive: boolean;
  /** Where the disk of its files is mounted, if it is full. */
  readonly fullDisk: string | null;
}

/** @throws the system's error (`ENOENT`) for a run that does not exist, Error for a journal that tells nothing. */
export async function openRun(folders: RepositoryFolders, run: string): Promise<LiveRun> {
  const { folder, journal } = runFiles(folders, run);
  const [{ events }, holder, fullDisk] = await Promise.all([
    readJournal<Event>(journal),
    lockHolder(folders.lock),
    fullDiskOf(folder),
  ]);
  const state = replay(events);
  return {
    folder,
    state,
    live: await liveFacts(folder, state),
    supervisorAlive: holder?.run === run,
    fullDisk,
  };
}

async function liveFacts(folder: string, state: RunState): Promise<LiveFacts | null> {
  const { current } = state;
  if (current === null) return null;
  const reading = await readAttempt(folder, current, current.sessionId);
  const window = state.receipts.findLast((receipt) => receipt.contextWindowTokens !== null)?.contextWindowTokens;
  return asLiveFacts(reading, window ?? null);
}

/** @param knownWindowTokens of earlier attempts: the agent tells it only when it ends. */
export function asLiveFacts(reading: AttemptReading, knownWindowTokens: number | null): LiveFacts {
  const { digest, samples, lastOutputAt } = reading;
  const { tokens, costUsd, costBasis } = spendTotals(digest.spend);
  return {
    runningTools: digest.runningTools.map(({ name, summary, startedAt }) => ({ name, summary, startedAt })),
    lastOutputAt,
    retry: retryNow(digest),
    usage: usageText(digest.usage, new Date().toISOString()),
    contextTokens: digest.context.tokens,
    contextWindowTokens: digest.context.windowTokens ?? knownWindowTokens,
    vitals: samples.at(-1) ?? null,
    peakMemoryBytes:
      samples.length === 0 ? null : samples.reduce((peak, sample) => Math.max(peak, sample.memoryBytes), 0),
    sessionId: digest.sessionId,
    model: digest.model,
    toolCalls: digest.toolCalls,
    filesChanged: digest.filesChanged.length + digest.unlistedChanges,
    tokens,
    costUsd,
    costBasis,
  };
}

/** The last retry, if nothing came after it. */
function retryNow({ apiRetries: { last }, lastAt }: AgentDigest): LiveFacts['retry'] {
  return last === null || last.at === null || last.at !== lastAt ? null : last;
}
