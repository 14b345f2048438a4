// The fold behind the digest: one message after the other, each making the next digest.
import type {
  AgentMessage,
  AssistantMessage,
  BackgroundTask,
  InitMessage,
  RetryMessage,
  TaskMessage,
  UserMessage,
} from '../stream/message-types.ts';
import { excerpt } from '../stream/narrow.ts';
import { textClaimsDone } from './claim.ts';
import type { AgentDigest, ApiRetries, ContextGauge, SyntheticError } from './digest.ts';
import { onResult } from './result.ts';
import { inSessionOf, isOurs } from './session.ts';
import { spendOnAssistant, spendOnRequestEnd } from './spend.ts';
import { findOpen, subagentsOnAssistant, subagentsOnTask, subagentsOnUser } from './subagents.ts';
import { toolsOnAssistant, toolsOnSubagentEnd, toolsOnUser } from './tools.ts';
import { withUsage } from './usage-windows.ts';

const TEXT_LIMIT = 4_000;
const SHORT_LIMIT = 500;
const TASK_LIMIT = 32;

/** `at`: when the line arrived, ISO 8601, for messages that carry no time. */
export function digestMessage(digest: AgentDigest, message: AgentMessage, at: string | null = null): AgentDigest {
  if (!isOurs(digest, message)) return { ...digest, foreignLines: digest.foreignLines + 1 };
  const when = message.at ?? at;
  const before = inSessionOf(digest, message);
  return {
    ...before,
    messages: before.messages + 1,
    firstAt: before.firstAt ?? when,
    lastAt: when ?? before.lastAt,
    ...changesOf(before, message, when),
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
        interrupted: digest.interrupted || tellsInterruption(message),
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
      return { compactions: digest.compactions + 1, context: { ...digest.context, tokens }, compactError: null };
    }
    case 'background_tasks':
      return { backgroundTasks: message.tasks.slice(0, TASK_LIMIT).map(boundTask) };
    case 'thinking_tokens':
      return { spend: { ...digest.spend, thinkingTokens: message.estimatedTokens ?? 0 } };
    case 'request_end':
      return { spend: spendOnRequestEnd(digest.spend, message) };
    case 'status':
      return message.compactError === null ? {} : { compactError: excerpt(message.compactError, SHORT_LIMIT) };
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
    begunAnew: true,
    syntheticError: null,
    compactError: null,
    interrupted: false,
  };
}

/** The agent's own note: tools' results are no text of the message. */
function tellsInterruption({ parentToolUseId, text }: UserMessage): boolean {
  return parentToolUseId === null && text.startsWith('[Request interrupted by user');
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
    const failed = message.apiError === null ? digest.syntheticError : syntheticError(digest, message, text, at);
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
    compactError: null,
    interrupted: false,
  };
}

function syntheticError(
  { compactError }: AgentDigest,
  message: AssistantMessage,
  text: string | null,
  at: string | null,
): SyntheticError {
  const facts = message.apiError ?? { error: null, apiError: null, apiErrorType: null, status: null, rateLimit: null };
  return { ...facts, text: excerpt(text ?? '', TEXT_LIMIT), compactError, at };
}

function gaugeOn(gauge: ContextGauge, message: AssistantMessage): ContextGauge {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = message.usage;
  const tokens = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return tokens === 0 ? gauge : { ...gauge, tokens, peakTokens: Math.max(gauge.peakTokens, tokens) };
}

function onTask(digest: AgentDigest, message: TaskMessage): Changes {
  const subagent = message.event === 'ended' ? findOpen(digest.subagents, message) : undefined;
  const subagents = subagentsOnTask(digest.subagents, message);
  if (subagent === undefined) return { subagents };
  return { ...toolsOnSubagentEnd(digest, subagent.toolUseId), subagents };
}
