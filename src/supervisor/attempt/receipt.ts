// Writes an attempt's receipt: pure, from everything that is known of it.
import { claimsDone } from '../../agent/digest/claim.ts';
import type { AgentDigest } from '../../agent/digest/digest.ts';
import { spendTotals } from '../../agent/digest/spend.ts';
import { shortPath } from '../../agent/log/tool-summary.ts';
import type { OurAction } from '../../agent/outcome/evidence.ts';
import { judge } from '../../agent/outcome/outcome.ts';
import type { AttemptTraits, CommitInfo, Receipt } from '../../core/receipt.ts';
import type { CurrentAttempt } from '../../core/state/run-state.ts';
import type { Survey } from '../../core/survey.ts';
import { plural } from '../../text/plural.ts';
import { safeLine } from '../../text/sanitize.ts';
import { type WorkTree, workTreeMoved } from './work-tree.ts';

/** Beyond it the agent answers worse and worse: the playbook's smart zone ends there. */
const CONTEXT_WARNING = 0.6;
const TRAIT_LIMIT = 120;
const FILES_LISTED = 50;

export interface ReceiptFacts {
  readonly current: CurrentAttempt;
  readonly digest: AgentDigest;
  readonly survey: Survey;
  readonly commits: readonly CommitInfo[];
  readonly workTree: WorkTree;
  /** Of the attempt before; null for the first. */
  readonly workTreeHashBefore: string | null;
  /** Highest sample. */
  readonly peakMemoryBytes: number | null;
  readonly stderrTail: string;
  /** ISO 8601: stands in where the sandbox does not say when it ended. */
  readonly now: string;
}

export function makeReceipt(facts: ReceiptFacts): Receipt {
  const { current, digest, survey, commits, workTree } = facts;
  const endedAt = current.exit?.finishedAt ?? facts.now;
  const startedAt = current.startedAt ?? current.startingAt;
  const spend = spendTotals(digest.spend);
  return {
    iteration: current.iteration,
    attempt: current.attempt,
    outcome: judge({
      digest,
      exit: current.exit,
      stderrTail: facts.stderrTail,
      ourAction: ourAction(current),
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
    uncommittedFiles: workTree.files,
    tasksFinished: current.tasksFinished,
    tasksAdded: current.tasksAdded,
    openAfter: survey.plan?.open ?? 0,
    peakMemoryBytes: peakOf(facts),
    memoryLimitBytes: current.memoryLimitBytes,
    baseCommit: current.before.head,
    headCommit: survey.head,
    foundCommit: current.foundCommit,
    promptHash: current.promptHash,
    claimedDone: claimsDone(digest),
    progress: {
      commits: survey.head !== current.before.head,
      plan: survey.planHash !== current.before.planHash,
      workTree: workTreeMoved(facts.workTreeHashBefore, workTree.hash),
      workTreeHash: workTree.hash,
    },
    traits: traitsOf(digest),
    warnings: warningsOf(digest, current),
    check: null,
  };
}

/** What eats its memory up between two samples was at its limit all the same when the kernel killed it. */
function peakOf({ peakMemoryBytes, current: { exit, memoryLimitBytes } }: ReceiptFacts): number | null {
  if (exit?.oomKilled !== true || memoryLimitBytes === null) return peakMemoryBytes;
  return Math.max(peakMemoryBytes ?? 0, memoryLimitBytes);
}

/** A person's word counts more than what the supervisor did by itself. */
function ourAction({ stopAsked, overdue }: CurrentAttempt): OurAction | null {
  if (stopAsked !== null) return { kind: stopAsked.kind, by: 'person' };
  if (overdue === null) return null;
  const { why, limit } = overdue;
  return { kind: why === 'flood' ? 'kill' : 'stop', by: 'supervisor', why, ...(limit === null ? {} : { limit }) };
}

function traitsOf(digest: AgentDigest): AttemptTraits {
  const error = digest.syntheticError?.text ?? (digest.result?.isError === true ? digest.result.text : null);
  const call = digest.lastCall;
  return {
    error: error === null || error === '' ? null : short(error),
    lastTool: call === null ? null : short(`${call.name} ${call.summary}`),
    filesRead: digest.filesRead,
    filesChanged: digest.filesChanged.slice(0, FILES_LISTED).map(({ path }) => shortPath(path, digest.workdir)),
  };
}

function short(text: string): string {
  return safeLine(text).slice(0, TRAIT_LIMIT);
}

function warningsOf(digest: AgentDigest, { exit, tasksFinished }: CurrentAttempt): string[] {
  const { peakTokens, windowTokens } = digest.context;
  const share = windowTokens === null || windowTokens === 0 ? 0 : peakTokens / windowTokens;
  return [
    ...(exit?.oomKilled === true && exit.code !== 137 ? ['a command in it was killed for memory'] : []),
    ...(digest.foreignLines > 0
      ? [`${plural(digest.foreignLines, 'line')} of its output came from another session`]
      : []),
    ...(digest.noVerifyUsed ? ['used --no-verify'] : []),
    ...(tasksFinished.length > 1 ? [`finished ${tasksFinished.length} tasks instead of one`] : []),
    ...(digest.compactions > 0 ? [`its context was compacted ${plural(digest.compactions, 'time')}`] : []),
    ...(share > CONTEXT_WARNING ? [`its context was ${Math.round(share * 100)} % full`] : []),
  ];
}
