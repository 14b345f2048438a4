// How an attempt ended, decided from evidence alone: the agent's last result, the exit code, the
// sandbox's word and what we ourselves did (design, section 6). Never from text a model wrote.
import type { Outcome, OutcomeKind } from '../../core/outcome.ts';
import type { Exit } from '../../core/sandbox.ts';
import { safeLine } from '../../text/sanitize.ts';
import type { AgentDigest } from '../digest/digest.ts';
import { failedTurn } from './api-failure.ts';
import type { EndEvidence, Evidence, OurAction, Rule, StartFailure, Verdict } from './evidence.ts';
import { explainExitCode } from './exit-codes.ts';
import { failureOf, failureText, isGood } from './failure.ts';
import { byPerson, loginRefused, stoppedByPerson, stoppedBySupervisor } from './our-doing.ts';
import { aborted, killed, lostSight, neverWorked, outOfMemory, signalled } from './sandbox-rules.ts';
import { afterWork, exitWords, lastReason, summary, whileDoing } from './words.ts';

/** First hit wins: our own doing, then the sandbox's evidence, then what the agent says, then the bare exit code. */
const RULES: readonly Rule[] = [
  stoppedByPerson,
  stoppedBySupervisor,
  lostSight,
  neverWorked,
  outOfMemory,
  aborted,
  failedTurn,
  loginRefused,
  signalled,
  killed,
  completed,
  endedWithError,
];

/** Always an answer; its message is one line that is safe to show and holds no key. */
export function judge(evidence: Evidence): Outcome {
  const { exit, digest } = evidence;
  if (evidence.startFailed !== null) return outcomeOf(couldNotStart(evidence.startFailed, evidence.ourAction));
  if (exit === null) {
    return outcomeOf({ kind: 'infra', message: 'the sandbox is gone, and nobody knows how it ended' });
  }
  const ended: EndEvidence = { ...evidence, exit };
  if (exit.code === null) {
    const ours = stoppedByPerson(ended) ?? stoppedBySupervisor(ended);
    const message = `the sandbox was gone ${afterWork(digest)}, and its exit code with it`;
    return outcomeOf(ours ?? { kind: 'infra', message });
  }
  return outcomeOf(byRules(ended));
}

/** What is known of a log that somebody kept, whoever ran the agent. */
export interface LogEvidence {
  readonly digest: AgentDigest;
  /** Null when nobody knows: the stream alone decides. */
  readonly exitCode: number | null;
  readonly stderrTail: string;
  readonly oomKilled: boolean;
  /** Somebody stopped it on purpose. */
  readonly stopped: boolean;
  /** ISO 8601: stands in for the time of messages that carry none. */
  readonly endedAt: string | null;
}

/** The same for a log without a sandbox around it. */
export function judgeLog(evidence: LogEvidence): Outcome {
  const { digest, stderrTail, exitCode, oomKilled, endedAt } = evidence;
  const exit: Exit = {
    code: exitCode,
    oomKilled,
    oomKillCount: null,
    startError: null,
    killEventSeen: false,
    daemonGap: false,
    startedAt: null,
    finishedAt: endedAt,
  };
  const ourAction: OurAction | null = evidence.stopped ? { kind: 'stop', by: 'person' } : null;
  return outcomeOf(byRules({ digest, exit, stderrTail, ourAction, startFailed: null }));
}

function byRules(evidence: EndEvidence): Verdict {
  for (const rule of RULES) {
    const verdict = rule(evidence);
    if (verdict !== null) return verdict;
  }
  return crashed(evidence);
}

function couldNotStart(failure: StartFailure, ourAction: OurAction | null): Verdict {
  if (ourAction?.by === 'person')
    return { kind: 'stopped', message: `${byPerson(ourAction)} before the agent started` };
  const kind: OutcomeKind = failure.code === 'start_failed' || failure.code === 'workspace' ? 'config' : 'infra';
  return { kind, message: `could not start: ${failure.message}` };
}

function completed({ exit, digest }: EndEvidence): Verdict | null {
  if ((exit.code !== 0 && exit.code !== null) || !isGood(digest.result)) return null;
  const toolKilled = exit.oomKilled ? '; a tool was killed for memory on the way' : '';
  const wentOn = digest.turnOver ? '' : '; it went on behind its result, and what came of that is not known';
  return { kind: 'completed', message: `${summary(digest)}${toolKilled}${wentOn}` };
}

function endedWithError({ exit, digest }: EndEvidence): Verdict | null {
  const failure = failureOf(digest);
  if (failure === null) return null;
  const message = `ended with an error ${afterWork(digest)}: ${failureText(failure)}${exitWords(exit.code)}`;
  return { kind: 'crashed', message };
}

function crashed({ exit, digest, stderrTail }: EndEvidence): Verdict {
  const reason = lastReason(stderrTail);
  const said = reason === null ? '' : `: ${reason}`;
  const result = digest.result === null ? 'without a result' : 'behind its result';
  if (exit.code === null) {
    return { kind: 'crashed', message: `the log ends ${result} ${whileDoing(digest)}, exit code unknown${said}` };
  }
  if (exit.code === 0) return { kind: 'crashed', message: `ended ${result} ${whileDoing(digest)} (exit 0)${said}` };
  const meaning = explainExitCode(exit.code);
  const code = meaning === null ? `exit ${exit.code}` : `${meaning}, exit ${exit.code}`;
  return { kind: 'crashed', message: `crashed ${result} ${whileDoing(digest)} (${code})${said}` };
}

function outcomeOf(verdict: Verdict): Outcome {
  const message = safeLine(verdict.message).trim();
  return { kind: verdict.kind, message, resetsAt: verdict.resetsAt ?? null };
}
