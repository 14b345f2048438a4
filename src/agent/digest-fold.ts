// The fold behind the digest: one message after the other, each making the next digest.
import { textClaimsDone } from './claim.ts';
import type { AgentDigest, ApiRetries, ContextGauge, SyntheticError } from './digest.ts';
import { findOpen, subagentsOnAssistant, subagentsOnTask, subagentsOnUser } from './digest-subagents.ts';
import { toolsOnAssistant, toolsOnResult, toolsOnSubagentEnd, toolsOnUser } from './digest-tools.ts';
import type {
  AgentMessage,
  AssistantMessage,
  BackgroundTask,
  InitMessage,
  ResultMessage,
  RetryMessage,
  TaskMessage,
} from './message-types.ts';
import { excerpt } from './narrow.ts';
import { spendOnAssistant, spendOnResult } from './spend.ts';
import { withUsage } from './usage-windows.ts';

const TEXT_LIMIT = 4_000;
const SHORT_LIMIT = 500;
const TASK_LIMIT = 32;
const ERROR_LIMIT = 5;

/**
 * Whether a message belongs to this attempt. Subagents may have sessions of their own, so that
 * their lines count by the call that they carry; a result never comes from a subagent.
 */
export function isOurs(digest: AgentDigest, message: AgentMessage): boolean {
  if (digest.sessionId === null || message.sessionId === digest.sessionId) return true;
  return message.parentToolUseId !== null && message.kind !== 'result';
}

/** `at`: when the line arrived, ISO 8601, for messages that carry no time. */
export function digestMessage(digest: AgentDigest, message: AgentMessage, at: string | null = null): AgentDigest {
  if (!isOurs(digest, message)) return { ...digest, foreignLines: digest.foreignLines + 1 };
  const when = message.at ?? at;
  return {
    ...digest,
    sessionId: digest.sessionId ?? message.sessionId,
    messages: digest.messages + 1,
    firstAt: digest.firstAt ?? when,
    lastAt: when ?? digest.lastAt,
    ...changesOf(digest, message, when),
  };
}

type Changes = Partial<AgentDigest>;

function changesOf(digest: AgentDigest, message: AgentMessage, at: string | null): Changes {
  switch (message.kind) {
    case 'init':
      return onInit(digest, message);
    case 'assistant':
      return onAssistant(digest, message, at);
    case 'user':
      return {
        ...toolsOnUser(digest, message, at),
        subagents: subagentsOnUser(digest.subagents, message),
        turnOver: digest.turnOver && message.parentToolUseId !== null,
      };
    case 'result':
      return onResult(digest, message, at);
    case 'task':
      return onTask(digest, message);
    case 'api_retry':
      return { apiRetries: retriesOn(digest.apiRetries, message, at) };
    case 'rate_limit':
      return { rateLimit: message.info, usage: withUsage(digest.usage, message.info, at) };
    case 'compacted': {
      const tokens = message.postTokens ?? 0;
      return { compactions: digest.compactions + 1, context: { ...digest.context, tokens } };
    }
    case 'background_tasks':
      return { backgroundTasks: message.tasks.slice(0, TASK_LIMIT).map(boundTask) };
    case 'thinking_tokens':
      return { spend: { ...digest.spend, thinkingTokens: message.estimatedTokens ?? 0 } };
    case 'status':
    case 'notice':
    case 'unknown':
      return {};
  }
}

function boundTask(task: BackgroundTask): BackgroundTask {
  return { ...task, description: task.description === null ? null : excerpt(task.description, SHORT_LIMIT) };
}

function retriesOn(retries: ApiRetries, message: RetryMessage, at: string | null): ApiRetries {
  const { attempt, maxRetries, delayMs, status, error } = message;
  return {
    count: retries.count + 1,
    refusedInRow: status === 401 || status === 403 ? retries.refusedInRow + 1 : 0,
    last: { attempt, maxRetries, delayMs, status, error, at },
  };
}

/** Follow-up turns begin with an init of their own; the first one's facts stand. */
function onInit(digest: AgentDigest, message: InitMessage): Changes {
  return {
    model: digest.model ?? message.model,
    agentVersion: digest.agentVersion ?? message.agentVersion,
    apiKeySource: digest.apiKeySource ?? message.apiKeySource,
    workdir: digest.workdir ?? message.workdir,
    turnOver: false,
    syntheticError: null,
  };
}

function onAssistant(digest: AgentDigest, message: AssistantMessage, at: string | null): Changes {
  const next = {
    ...toolsOnAssistant(digest, message, digest.workdir, at),
    subagents: subagentsOnAssistant(digest.subagents, message),
    spend: spendOnAssistant(digest.spend, message),
    apiRetries:
      message.synthetic || digest.apiRetries.refusedInRow === 0
        ? digest.apiRetries
        : { ...digest.apiRetries, refusedInRow: 0 },
  };
  if (message.parentToolUseId !== null) return next;
  const text = message.blocks.findLast((block) => block.type === 'text')?.text ?? null;
  if (message.synthetic) {
    const failed = message.apiError === null ? digest.syntheticError : syntheticError(message, text, at);
    return { ...next, turnOver: false, syntheticError: failed };
  }
  const thinking = message.blocks.findLast((block) => block.type === 'thinking' && block.text !== '');
  return {
    ...next,
    context: gaugeOn(digest.context, message),
    lastText: text === null ? digest.lastText : excerpt(text, TEXT_LIMIT),
    lastTextClaimsDone: text === null ? digest.lastTextClaimsDone : textClaimsDone(text),
    lastThinking: thinking?.type === 'thinking' ? excerpt(thinking.text, TEXT_LIMIT) : digest.lastThinking,
    turnOver: false,
    syntheticError: null,
  };
}

function syntheticError(message: AssistantMessage, text: string | null, at: string | null): SyntheticError {
  const facts = message.apiError ?? { error: null, apiError: null, apiErrorType: null, status: null, rateLimit: null };
  return { ...facts, text: excerpt(text ?? '', TEXT_LIMIT), at };
}

function gaugeOn(gauge: ContextGauge, message: AssistantMessage): ContextGauge {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = message.usage;
  const tokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return tokens === 0 ? gauge : { ...gauge, tokens, peakTokens: Math.max(gauge.peakTokens, tokens) };
}

function onResult(digest: AgentDigest, message: ResultMessage, at: string | null): Changes {
  const usage =
    message.models.get(digest.model ?? '') ?? (message.models.size === 1 ? [...message.models.values()][0] : undefined);
  return {
    ...toolsOnResult(digest),
    spend: spendOnResult(digest.spend, message),
    context: { ...digest.context, windowTokens: usage?.contextWindowTokens ?? digest.context.windowTokens },
    results: digest.results + 1,
    turnOver: true,
    result: {
      subtype: message.subtype,
      isError: message.isError,
      text: excerpt(message.text, TEXT_LIMIT),
      claimsDone: textClaimsDone(message.text),
      errors: message.errors.slice(0, ERROR_LIMIT).map((error) => excerpt(error, SHORT_LIMIT)),
      terminalReason: message.terminalReason,
      stopReason: message.stopReason,
      turns: message.turns,
      durationMs: message.durationMs,
      apiErrorStatus: message.apiErrorStatus,
      apiErrorType: message.apiErrorType,
      apiError: message.apiError,
      at,
    },
  };
}

function onTask(digest: AgentDigest, message: TaskMessage): Changes {
  const subagent = message.event === 'ended' ? findOpen(digest.subagents, message) : undefined;
  const subagents = subagentsOnTask(digest.subagents, message);
  if (subagent === undefined) return { subagents };
  return { ...toolsOnSubagentEnd(digest, subagent.toolUseId), subagents };
}
