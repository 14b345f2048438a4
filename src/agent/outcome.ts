// How an attempt ended, decided from evidence alone: the agent's last result, the exit code, the
// sandbox's word and what we ourselves did (design, section 6). Never from text a model wrote.
import type { Outcome, OutcomeKind } from '../core/outcome.ts';
import { type Exit, type SandboxErrorCode, SECRETS_MISSING } from '../core/sandbox.ts';
import { formatEstimatedUsd, formatUsd } from '../text/money.ts';
import { plural } from '../text/plural.ts';
import { sanitize } from '../text/sanitize.ts';
import type { AgentDigest, ResultFacts } from './digest.ts';
import { explainExitCode } from './exit-codes.ts';
import { oneLine } from './narrow.ts';
import { spendTotals } from './spend.ts';

/** What we did to the attempt before it ended. */
export interface OurAction {
  readonly kind: 'stop' | 'kill';
  /** A person's command, or the supervisor's own doing. */
  readonly by: 'person' | 'supervisor';
}

export interface StartFailure {
  readonly code: SandboxErrorCode | 'workspace';
  readonly message: string;
}

export interface Evidence {
  readonly digest: AgentDigest;
  /** Null when the sandbox never existed. */
  readonly exit: Exit | null;
  /** The end of standard error, some kilobytes. */
  readonly stderrTail: string;
  readonly ourAction: OurAction | null;
  readonly startFailed: StartFailure | null;
}

/** Evidence of an attempt whose sandbox existed and ended. */
interface EndEvidence extends Evidence {
  readonly exit: Exit;
}

type Verdict = Pick<Outcome, 'kind' | 'message'> & Partial<Pick<Outcome, 'resetsAt'>>;
type Rule = (evidence: EndEvidence) => Verdict | null;

const TEXT_LIMIT = 300;

/** First hit wins: our own doing, then the sandbox's evidence, then what the agent says, then the bare exit code. */
const RULES: readonly Rule[] = [
  stoppedByPerson,
  stoppedBySupervisor,
  lostSight,
  neverWorked,
  outOfMemory,
  interrupted,
  killed,
  completed,
  unknownModel,
  endedWithError,
];

/** Always an answer; its message is one line that is safe to show and holds no key. */
export function judge(evidence: Evidence): Outcome {
  const verdict = verdictOf(evidence);
  return { kind: verdict.kind, message: clean(verdict.message), resetsAt: verdict.resetsAt ?? null };
}

function verdictOf(evidence: Evidence): Verdict {
  if (evidence.startFailed !== null) return couldNotStart(evidence.startFailed, evidence.ourAction);
  const { exit } = evidence;
  if (exit === null) return { kind: 'infra', message: 'the sandbox is gone, and nobody knows how it ended' };
  const ended: EndEvidence = { ...evidence, exit };
  for (const rule of RULES) {
    const verdict = rule(ended);
    if (verdict !== null) return verdict;
  }
  return crashed(ended);
}

function couldNotStart(failure: StartFailure, ourAction: OurAction | null): Verdict {
  if (ourAction?.by === 'person')
    return { kind: 'stopped', message: `${byPerson(ourAction)} before the agent started` };
  const kind: OutcomeKind = failure.code === 'start_failed' || failure.code === 'workspace' ? 'config' : 'infra';
  return { kind, message: `could not start: ${failure.message}` };
}

function stoppedByPerson({ ourAction, digest }: EndEvidence): Verdict | null {
  if (ourAction?.by !== 'person') return null;
  return { kind: 'stopped', message: `${byPerson(ourAction)} ${afterWork(digest)}` };
}

/** The supervisor stops what has ended its work already and is only held by tasks in the background. */
function stoppedBySupervisor({ ourAction, digest }: EndEvidence): Verdict | null {
  if (ourAction?.by !== 'supervisor') return null;
  if (isGood(digest.result)) {
    return { kind: 'completed', message: `${summary(digest)}, then stopped: ${backgroundWork(digest)}` };
  }
  const verb = ourAction.kind === 'kill' ? 'killed' : 'stopped';
  return { kind: 'interrupted', message: `${verb} by the supervisor ${afterWork(digest)}` };
}

function lostSight({ exit, digest }: EndEvidence): Verdict | null {
  if (exit.code === null) {
    return { kind: 'infra', message: `the sandbox was gone ${afterWork(digest)}, and its exit code with it` };
  }
  if (!exit.daemonGap || exit.oomKilled || (exit.code !== 143 && exit.code !== 137)) return null;
  return {
    kind: 'infra',
    message: `the engine went away ${afterWork(digest)} and took the sandbox along (exit ${exit.code})`,
  };
}

/** Bad flag, empty prompt, root refused, no such program: nothing on stdout, the reason elsewhere. */
function neverWorked({ exit, digest, stderrTail }: EndEvidence): Verdict | null {
  if (exit.startError?.includes(SECRETS_MISSING)) {
    return { kind: 'infra', message: 'the supervisor died while it started the sandbox' };
  }
  if (exit.startError !== null) return { kind: 'config', message: `the agent could not start: ${exit.startError}` };
  if (digest.messages > 0 || digest.skippedLines > 0) return null;
  const reason = firstLine(stderrTail);
  if (exit.code === 126 || exit.code === 127) {
    const what = exit.code === 127 ? 'its program was not found' : 'its program cannot be run';
    return { kind: 'config', message: `the agent could not start: ${reason ?? what} (exit ${exit.code})` };
  }
  if (exit.code !== 1 || reason === null) return null;
  return { kind: 'config', message: `the agent refused to start: ${reason} (exit 1)` };
}

/**
 * 137 with the provider's word. A kill through the engine's own API explains the 137 by itself:
 * then the word is about a tool that had been killed before (facts/sandbox.md 1.2).
 */
function outOfMemory({ exit, digest }: EndEvidence): Verdict | null {
  const evidence = exit.oomKilled || (exit.oomKillCount ?? 0) > 0;
  if (exit.code !== 137 || !evidence || exit.killEventSeen) return null;
  const count = exit.oomKillCount ?? 0;
  const kills = count > 1 ? `, ${count} processes killed` : '';
  return { kind: 'oom', message: `over its memory limit ${whileDoing(digest)}${kills} (exit 137)` };
}

function interrupted({ exit, digest }: EndEvidence): Verdict | null {
  const signal = { 129: 'SIGHUP', 130: 'SIGINT', 143: 'SIGTERM' }[exit.code ?? 0];
  if (signal !== undefined) {
    return {
      kind: 'interrupted',
      message: `ended by ${signal} from outside ${whileDoing(digest)} (exit ${exit.code})`,
    };
  }
  if (!digest.result?.terminalReason?.startsWith('aborted_')) return null;
  return { kind: 'interrupted', message: `interrupted from outside ${afterWork(digest)} (exit ${exit.code})` };
}

function killed({ exit, digest }: EndEvidence): Verdict | null {
  if (exit.code !== 137) return null;
  const who = exit.killEventSeen
    ? 'through the engine, not by this program,'
    : 'from outside, without a sign of a memory kill,';
  return { kind: 'killed', message: `killed ${who} ${whileDoing(digest)} (exit 137)` };
}

function completed({ exit, digest }: EndEvidence): Verdict | null {
  if (exit.code !== 0 || !isGood(digest.result)) return null;
  const toolKilled = exit.oomKilled ? '; a tool was killed for memory on the way' : '';
  return { kind: 'completed', message: `${summary(digest)}${toolKilled}` };
}

/** The agent's own word for it, not the model's: the error of its synthetic message. */
function unknownModel({ digest }: EndEvidence): Verdict | null {
  if (!isBad(digest.result) || digest.syntheticError?.error !== 'model_not_found') return null;
  return { kind: 'config', message: errorText(digest) };
}

function endedWithError({ exit, digest }: EndEvidence): Verdict | null {
  if (!isBad(digest.result)) return null;
  return {
    kind: 'crashed',
    message: `ended with an error ${afterWork(digest)}: ${errorText(digest)} (exit ${exit.code})`,
  };
}

function crashed({ exit, digest, stderrTail }: EndEvidence): Verdict {
  const reason = lastLine(stderrTail);
  const said = reason === null ? '' : `: ${reason}`;
  if (exit.code === 0)
    return { kind: 'crashed', message: `ended without a result ${whileDoing(digest)} (exit 0)${said}` };
  const result = digest.result === null ? 'without a result' : 'behind its result';
  const meaning = explainExitCode(exit.code);
  const code = meaning === null ? `exit ${exit.code}` : `${meaning}, exit ${exit.code}`;
  return { kind: 'crashed', message: `crashed ${result} ${whileDoing(digest)} (${code})${said}` };
}

/** Subtype and exit code alone do not tell success (facts/claude-code.md 0.1). */
function isGood(result: ResultFacts | null): boolean {
  return result !== null && result.subtype === 'success' && result.isError === false;
}

/** What does not say that it is good, is not. */
function isBad(result: ResultFacts | null): boolean {
  return result !== null && !isGood(result);
}

function errorText(digest: AgentDigest): string {
  const result = digest.result;
  const text = result?.errors[0] ?? (result?.text || digest.syntheticError?.text || 'no text');
  const subtype = result?.subtype && result.subtype !== 'success' ? `${result.subtype}: ` : '';
  const status = result?.apiErrorStatus ?? digest.syntheticError?.status ?? null;
  return `${subtype}${oneLine(text, TEXT_LIMIT)}${status === null ? '' : ` (HTTP ${status})`}`;
}

function summary(digest: AgentDigest): string {
  const spend = spendTotals(digest.spend);
  const cost = spend.costBasis === 'reported' ? formatUsd(spend.costUsd) : formatEstimatedUsd(spend.costUsd);
  return `completed with ${plural(digest.toolCalls, 'tool call')}, ${cost}`;
}

function byPerson(action: OurAction): string {
  return action.kind === 'kill' ? 'killed by you' : 'stopped by you';
}

function afterWork(digest: AgentDigest): string {
  if (digest.messages === 0) return 'before its first word';
  return digest.toolCalls === 0 ? 'before its first tool call' : `after ${plural(digest.toolCalls, 'tool call')}`;
}

/** The tool that ran at the end, which is what people want to know of a kill. */
function whileDoing(digest: AgentDigest): string {
  const tool = digest.runningTools.at(-1);
  if (tool === undefined) return afterWork(digest);
  const what = tool.summary === '' ? tool.name : `${tool.name} \`${oneLine(tool.summary, 80)}\``;
  return `${afterWork(digest)}, while it ran ${what}`;
}

function backgroundWork(digest: AgentDigest): string {
  const count = digest.backgroundTasks.length;
  return count === 0 ? 'it did not end by itself' : `${plural(count, 'background task')} held it`;
}

function firstLine(text: string): string | null {
  return meaningfulLines(text).at(0) ?? null;
}

function lastLine(text: string): string | null {
  return meaningfulLines(text).at(-1) ?? null;
}

function meaningfulLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) => oneLine(line, TEXT_LIMIT));
}

function clean(message: string): string {
  return sanitize(message, { oneLine: true }).trim();
}
