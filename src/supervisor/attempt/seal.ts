// Seals an attempt that ended: reads what it left, judges it, and writes its receipt.
import { readFile } from 'node:fs/promises';
import { claimsDone } from '../../agent/claim.ts';
import { type AgentDigest, emptyDigest } from '../../agent/digest.ts';
import { judge } from '../../agent/outcome.ts';
import { spendTotals } from '../../agent/spend.ts';
import { digestOf } from '../../agent/stream-reader.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { Survey } from '../../core/events.ts';
import type { CommitInfo, Receipt } from '../../core/receipt.ts';
import type { CurrentAttempt } from '../../core/run-state.ts';
import { type AttemptFiles, attemptFiles } from '../../journal/folders.ts';
import { uncommitted } from '../../workspace/git/changes.ts';
import { readLog } from '../../workspace/git/history.ts';
import type { SupervisorContext } from '../context.ts';
import { hasRecord, type VitalsRecord } from './recorder.ts';

/** A receipt lists so many commits at most; more than that in one attempt is no loop any more. */
const COMMIT_LIMIT = 100;
const STDERR_TAIL_BYTES = 8 * 1024;

/** @param digest what was read while the attempt ran; null after a recovery, when the files are read instead. */
export async function sealAttempt(
  context: SupervisorContext,
  ref: AttemptRef,
  digest: AgentDigest | null,
): Promise<void> {
  // Ticks and commits of the last moments belong to this attempt.
  const survey = await context.facts.look();
  const current = context.state().current;
  if (current === null) return;
  const files = attemptFiles(context.files.folder, ref);
  const receipt = await makeReceipt(
    context,
    current,
    survey,
    files,
    digest ?? (await digestFromFile(files, current.sessionId)),
  );
  context.dispatch({ type: 'attempt_sealed', ...ref, receipt, before: current.before, survey });
}

async function makeReceipt(
  context: SupervisorContext,
  current: CurrentAttempt,
  survey: Survey,
  files: AttemptFiles,
  digest: AgentDigest,
): Promise<Receipt> {
  const endedAt = current.exit?.finishedAt ?? context.now();
  const startedAt = current.startedAt ?? current.startingAt;
  const spend = spendTotals(digest.spend);
  const [commits, files_, peakMemoryBytes, stderrTail] = await Promise.all([
    commitsSince(context, current.before.head, survey.head),
    countUncommitted(context, survey.head),
    peakMemory(files.vitals),
    tailOf(files.stderr),
  ]);
  return {
    iteration: current.iteration,
    attempt: current.attempt,
    outcome: judge({
      digest,
      exit: current.exit,
      stderrTail,
      ourAction: current.stopAsked === null ? null : { kind: current.stopAsked.kind, by: 'person' },
      startFailed: current.startFailed,
    }),
    startedAt,
    endedAt,
    elapsedMs: Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)),
    exitCode: current.exit?.code ?? null,
    tokens: spend.tokens,
    costUsd: spend.costUsd,
    costBasis: spend.costBasis,
    contextPeakTokens: digest.context.peakTokens,
    contextWindowTokens: digest.context.windowTokens,
    model: digest.model,
    agentVersion: digest.agentVersion,
    sessionId: digest.sessionId ?? current.sessionId,
    toolCalls: digest.toolCalls,
    commits,
    uncommittedFiles: files_,
    tasksFinished: current.tasksFinished,
    tasksAdded: current.tasksAdded,
    openAfter: survey.plan?.open ?? 0,
    peakMemoryBytes,
    memoryLimitBytes: current.memoryLimitBytes,
    baseCommit: current.before.head,
    headCommit: survey.head,
    promptHash: current.promptHash,
    claimedDone: claimsDone(digest),
    warnings: warningsOf(digest, current),
  };
}

function warningsOf(digest: AgentDigest, current: CurrentAttempt): string[] {
  const { exit } = current;
  return [
    ...(exit?.oomKilled === true && exit.code !== 137 ? ['a command in it was killed for memory'] : []),
    ...(digest.foreignLines > 0 ? [`${digest.foreignLines} lines of its output are not from its session`] : []),
  ];
}

async function digestFromFile(files: AttemptFiles, sessionId: string | null): Promise<AgentDigest> {
  return hasRecord(files) ? digestOf(await readFile(files.raw), sessionId) : emptyDigest(sessionId);
}

/** Git that cannot tell is no reason not to seal. */
async function commitsSince(
  context: SupervisorContext,
  base: string | null,
  head: string | null,
): Promise<readonly CommitInfo[]> {
  if (head === null || head === base) return [];
  return readLog(context.shadow, base, head, COMMIT_LIMIT).catch(() => []);
}

async function countUncommitted(context: SupervisorContext, head: string | null): Promise<number | null> {
  const changes = await uncommitted(context.shadow, head).catch(() => 'unknown' as const);
  return changes === 'unknown' ? null : changes.length;
}

async function peakMemory(path: string): Promise<number | null> {
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

async function tailOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return bytes.subarray(-STDERR_TAIL_BYTES).toString('utf8');
}
