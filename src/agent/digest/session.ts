// Whose messages make a digest: those of the session that we chose; where nobody chose one, those of the session that
// the log is in. A log may hold several: a loop that appends all its attempts to one file, or `/clear` within one.
import type { AgentMessage } from '../stream/message-types.ts';
import type { AgentDigest } from './digest.ts';
import { spendOfNextProcess } from './spend.ts';
import { EMPTY_SUBAGENTS } from './subagents.ts';

/**
 * Whether a message belongs to this attempt. Subagents may have sessions of their own, so that their lines count by
 * the call that they carry; a result never comes from a subagent.
 */
export function isOurs(digest: AgentDigest, message: AgentMessage): boolean {
  if (digest.sessionId === null || message.sessionId === digest.sessionId) return true;
  if (message.parentToolUseId !== null && message.kind !== 'result') return true;
  return changesSession(digest, message);
}

/** The digest as a message of another session finds it; the same for all others. */
export function inSessionOf(digest: AgentDigest, message: AgentMessage): AgentDigest {
  if (digest.sessionId === null) return { ...digest, sessionId: message.sessionId };
  if (!changesSession(digest, message)) return digest;
  const moved = { ...digest, sessionId: message.sessionId, sessionBefore: digest.sessionId };
  return message.sessionId === digest.sessionBefore ? moved : { ...moved, ...OF_ONE_SESSION, ...begun(digest) };
}

/**
 * The agent begins a session with its `init`; a line alone may be somebody else's, who wrote to the agent's output.
 * Whoever was there before is heard again, so that an `init` of that kind hides nothing.
 */
function changesSession(digest: AgentDigest, message: AgentMessage): boolean {
  if (digest.sessionChosen || message.sessionId === null || message.sessionId === digest.sessionId) return false;
  if (message.parentToolUseId !== null) return false;
  return message.kind === 'init' || message.sessionId === digest.sessionBefore;
}

/** What is known of a session and not of the log. */
const OF_ONE_SESSION = {
  model: null,
  agentVersion: null,
  apiKeySource: null,
  workdir: null,
  runningTools: [],
  rateLimit: null,
  backgroundTasks: [],
  context: { tokens: 0, peakTokens: 0, windowTokens: null },
  result: null,
  turnOver: false,
  syntheticError: null,
  compactError: null,
  interrupted: false,
} satisfies Partial<AgentDigest>;

function begun(digest: AgentDigest): Partial<AgentDigest> {
  const { started, finished } = digest.subagents;
  return { spend: spendOfNextProcess(digest.spend), subagents: { ...EMPTY_SUBAGENTS, started, finished } };
}
