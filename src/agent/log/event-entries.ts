// What happens around the conversation: results, retries, compactions, subagents' ends, notices.
import { formatCount } from '../../text/count.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatUsd } from '../../text/money.ts';
import { plural } from '../../text/plural.ts';
import { findOpen } from '../digest/subagents.ts';
import type {
  CompactMessage,
  NoticeMessage,
  RateLimitInfo,
  ResultMessage,
  RetryMessage,
  TaskMessage,
} from '../stream/message-types.ts';
import { oneLine } from '../stream/narrow.ts';
import { type Draft, joinParts, type LogContext, ONE_LINE_LIMIT, system } from './draft.ts';

export function resultDraft(message: ResultMessage): Draft {
  const failed = message.isError !== false;
  const reason = message.errors[0] ?? message.text;
  const parts = [
    failed
      ? `${message.subtype === 'success' ? 'error' : (message.subtype ?? 'error')}: ${oneLine(reason, ONE_LINE_LIMIT)}`
      : 'success',
    message.turns === null ? null : plural(message.turns, 'turn'),
    message.durationMs === null ? null : formatDuration(message.durationMs),
    message.totalCostUsd === null ? null : formatUsd(message.totalCostUsd),
  ];
  return { kind: 'result', tag: 'result', isError: failed, text: joinParts(parts) };
}

export function retryDraft(message: RetryMessage): Draft {
  const attempt =
    message.attempt === null
      ? ''
      : `${message.attempt}${message.maxRetries === null ? '' : ` of ${message.maxRetries}`}`;
  const wait = message.delayMs === null ? null : `in ${formatDuration(Math.ceil(message.delayMs / 1000) * 1000)}`;
  const why =
    message.status === null
      ? (message.error ?? 'no answer')
      : `HTTP ${message.status}${message.error === null ? '' : ` ${message.error}`}`;
  return { kind: 'retry', tag: 'retry', isError: true, text: joinParts([attempt, wait, why]) };
}

export function compactDraft(message: CompactMessage): Draft {
  const counts = [message.preTokens, message.postTokens].map((tokens) => (tokens === null ? '?' : formatCount(tokens)));
  return {
    kind: 'compact',
    tag: 'compact',
    text: joinParts([`context ${counts.join(' → ')} tokens`, message.trigger]),
  };
}

export function compactFailureDrafts(error: string | null): Draft[] {
  if (error === null) return [];
  return [{ kind: 'compact', tag: 'compact', isError: true, text: `failed: ${oneLine(error, ONE_LINE_LIMIT)}` }];
}

/** What is well is not worth a line. */
export function windowDrafts({ status, limit, resetsAt }: RateLimitInfo): Draft[] {
  if (status === 'allowed' || status === null) return [];
  return [system(['usage limit', limit, status, resetsAt && `resets ${resetsAt}`])];
}

/** The end of a subagent; a shell command's end is told by its result, one in the background by its summary. */
export function taskDrafts(message: TaskMessage, before: LogContext): Draft[] {
  if (message.event !== 'ended') return [];
  const subagent = findOpen(before.subagents, message);
  if (subagent === undefined) {
    const wasInBackground = before.backgroundTasks.some((task) => task.id === message.taskId);
    return wasInBackground && message.summary !== null ? [system([message.summary])] : [];
  }
  const parts = [
    message.status === 'completed' ? 'done' : (message.status ?? 'ended'),
    message.durationMs === null ? null : formatDuration(message.durationMs),
    message.totalTokens === null ? null : `${formatCount(message.totalTokens)} tokens`,
  ];
  const isError = message.status !== 'completed';
  return [{ kind: 'output', indent: subagent.depth, text: joinParts(parts), isError, toolUseId: subagent.toolUseId }];
}

/** Behind a result, tasks in the background hold the process: that is worth a line. */
export function backgroundDrafts(count: number, before: LogContext): Draft[] {
  return before.results > 0 && count > 0 ? [system([`waits for ${plural(count, 'background task')}`])] : [];
}

export function noticeDrafts(message: NoticeMessage): Draft[] {
  const text = oneLine(message.text, ONE_LINE_LIMIT);
  return [system([message.subtype === 'informational' ? null : message.subtype.replaceAll('_', ' '), text])];
}
