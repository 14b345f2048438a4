// What the sandbox's evidence and the exit code say: gone, never started, out of memory, ended by a signal.
import { SECRETS_MISSING } from '../../core/sandbox.ts';
import type { AgentDigest } from '../digest/digest.ts';
import type { EndEvidence, Verdict } from './evidence.ts';
import { failureOf } from './failure.ts';
import { afterWork, exitWords, firstReason, whileDoing } from './words.ts';

export function lostSight({ exit, digest }: EndEvidence): Verdict | null {
  if (!exit.daemonGap || exit.oomKilled || (exit.code !== 143 && exit.code !== 137)) return null;
  return {
    kind: 'infra',
    message: `the engine went away ${afterWork(digest)} and took the sandbox along (exit ${exit.code})`,
  };
}

/** Bad flag, empty prompt, root refused, no such program: nothing on stdout, the reason elsewhere. */
export function neverWorked({ exit, digest, stderrTail }: EndEvidence): Verdict | null {
  if (exit.startError?.includes(SECRETS_MISSING)) {
    return { kind: 'infra', message: 'the supervisor died while it started the sandbox' };
  }
  if (exit.startError !== null) return { kind: 'config', message: `the agent could not start: ${exit.startError}` };
  const refusal = refusalToStart(digest);
  if (refusal !== null) return { kind: 'config', message: `the agent refused to start: ${refusal}` };
  if (hasBegun(digest)) return null;
  const reason = firstReason(stderrTail);
  if (reason !== null && NO_ENGINE.test(reason)) return { kind: 'infra', message: `no engine: ${reason}` };
  const couldNot = COULD_NOT_START[exit.code ?? 0];
  if (couldNot !== undefined) {
    return { kind: 'config', message: `the agent could not start: ${reason ?? couldNot} (exit ${exit.code})` };
  }
  if ((exit.code !== 1 && exit.code !== null) || reason === null) return null;
  return { kind: 'config', message: `the agent refused to start: ${reason}${exitWords(exit.code)}` };
}

/** A session to resume that is not there, a broken configuration: a result is all that the agent prints. */
function refusalToStart(digest: AgentDigest): string | null {
  const { result } = digest;
  const isRefusal = digest.messages === 1 && result?.subtype === 'error_during_execution' && result.turns === 0;
  return isRefusal ? (failureOf(digest)?.text ?? null) : null;
}

/** What `docker run` says where its engine is not there. */
const NO_ENGINE = /Cannot connect to the Docker daemon|^error during connect:/i;

/** Exit codes of shells and of `docker run`, which a log of another loop may carry. */
const COULD_NOT_START: Readonly<Record<number, string>> = {
  125: 'its container could not be started',
  126: 'its program cannot be run',
  127: 'its program was not found',
};

/** Hooks of the session's start report before the agent does. */
function hasBegun(digest: AgentDigest): boolean {
  return (
    digest.skippedLines > 0 ||
    digest.agentVersion !== null ||
    digest.model !== null ||
    digest.results > 0 ||
    digest.toolCalls > 0 ||
    digest.lastText !== null ||
    digest.syntheticError !== null ||
    digest.apiRetries.count > 0
  );
}

/**
 * 137 with the provider's word. A kill through the engine's own API explains the 137 by itself:
 * then the word is about a tool that had been killed before (facts/sandbox.md 1.2).
 */
export function outOfMemory({ exit, digest }: EndEvidence): Verdict | null {
  const evidence = exit.oomKilled || (exit.oomKillCount ?? 0) > 0;
  // Without a code: an agent that ended its turn was not what was killed.
  const killed = exit.code === 137 || (exit.code === null && !digest.turnOver);
  if (!killed || !evidence || exit.killEventSeen) return null;
  const count = exit.oomKillCount ?? 0;
  const kills = count > 1 ? `, ${count} processes killed` : '';
  return { kind: 'oom', message: `over its memory limit ${whileDoing(digest)}${kills}${exitWords(exit.code)}` };
}

/** The agent itself says that it was interrupted: exit 0 or 1, depending on its version (facts/claude-code.md 3). */
export function aborted({ exit, digest }: EndEvidence): Verdict | null {
  const isAborted = digest.result?.terminalReason?.startsWith('aborted_') ?? false;
  // Interrupted before the first word of an answer, there is no result; older versions do not say why it failed.
  const isNoted = digest.interrupted && (!digest.turnOver || digest.result?.subtype === 'error_during_execution');
  if (!isAborted && !isNoted) return null;
  return { kind: 'interrupted', message: `interrupted from outside ${afterWork(digest)}${exitWords(exit.code)}` };
}

export function signalled({ exit, digest }: EndEvidence): Verdict | null {
  const signal = { 129: 'SIGHUP', 130: 'SIGINT', 143: 'SIGTERM' }[exit.code ?? 0];
  if (signal === undefined) return null;
  return {
    kind: 'interrupted',
    message: `ended by ${signal} from outside ${whileDoing(digest)} (exit ${exit.code})`,
  };
}

export function killed({ exit, digest }: EndEvidence): Verdict | null {
  if (exit.code !== 137) return null;
  const who = exit.killEventSeen
    ? 'through the engine, not by this program,'
    : 'from outside, without a sign of a memory kill,';
  return { kind: 'killed', message: `killed ${who} ${whileDoing(digest)} (exit 137)` };
}
