// Reads one line of the agent's stream-json. Tolerant: what it does not know is skipped,
// wrong types of fields count as absent, nothing throws (facts/claude-code.md 0, 1).
import { parseAssistant, parseUser } from './message-content.ts';
import { parseResult } from './message-result.ts';
import type { AgentMessage, BackgroundTask, MessageBase, TaskMessage } from './message-types.ts';
import {
  asArray,
  asBoolean,
  asIsoTime,
  asLabel,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from './narrow.ts';
import { parseRateLimitInfo } from './rate-limit-info.ts';

/**
 * @returns null for what is no message at all: no JSON object, or one without a `type`.
 * Invalid UTF-8 becomes U+FFFD; NUL bytes, which a crash of the machine leaves in files, are ignored, and so are the
 * mark that some programs put in front of UTF-8 and what a loop in a terminal wrote around the line to paint it: JSON
 * itself has none of them.
 */
export function parseLine(bytes: Uint8Array): AgentMessage | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const value = parseJson(text) ?? parseJson(text.replace(IGNORED, ''));
  return value === null ? null : parseMessage(value);
}

const IGNORED = /^\ufeff|\0+|\x1b(?:\[[\d;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>])/g;

/** Of `--output-format json`, which prints a run's messages at its end, as one array on one line; none of other lines. */
export function parseArray(bytes: Uint8Array): AgentMessage[] {
  if (bytes[0] !== 0x5b) return [];
  try {
    const values: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return asArray(values).flatMap((value) => (isObject(value) ? (parseMessage(value) ?? []) : []));
  } catch {
    return [];
  }
}

/** True for a line that is only white space: nothing was lost when it is skipped. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

function parseJson(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function parseMessage(line: JsonObject): AgentMessage | null {
  const type = asLabel(line.type);
  if (type === null) return null;
  const base: MessageBase = {
    sessionId: asLabel(line.session_id),
    parentToolUseId: asLabel(line.parent_tool_use_id),
    at: asIsoTime(line.timestamp),
  };
  switch (type) {
    case 'assistant':
      return parseAssistant(base, line);
    case 'user':
      return parseUser(base, line);
    case 'result':
      return parseResult(base, line);
    case 'rate_limit_event':
      return { kind: 'rate_limit', ...base, info: parseRateLimitInfo(line.rate_limit_info) };
    case 'stream_event':
      return parseStreamEvent(base, asObject(line.event));
    case 'system':
      return parseSystem(base, line);
    default:
      return { kind: 'unknown', ...base, type };
  }
}

/** Of the API's own events only the last word on a request's output says something that no other message does. */
function parseStreamEvent(base: MessageBase, event: JsonObject): AgentMessage {
  const outputTokens = event.type === 'message_delta' ? asNumber(asObject(event.usage).output_tokens) : null;
  return outputTokens === null || outputTokens < 0
    ? { kind: 'unknown', ...base, type: 'stream_event' }
    : { kind: 'request_end', ...base, outputTokens };
}

function parseSystem(base: MessageBase, line: JsonObject): AgentMessage {
  const subtype = asLabel(line.subtype) ?? '';
  switch (subtype) {
    case 'init':
      return {
        kind: 'init',
        ...base,
        model: asLabel(line.model),
        agentVersion: asLabel(line.claude_code_version),
        apiKeySource: asLabel(line.apiKeySource),
        workdir: asLabel(line.cwd),
      };
    case 'api_retry':
      return {
        kind: 'api_retry',
        ...base,
        attempt: asNumber(line.attempt),
        maxRetries: asNumber(line.max_retries),
        delayMs: asNumber(line.retry_delay_ms),
        status: asNumber(line.error_status),
        error: asLabel(line.error),
      };
    case 'status':
      return {
        kind: 'status',
        ...base,
        status: asLabel(line.status),
        compactResult: asLabel(line.compact_result),
        compactError: asString(line.compact_error),
      };
    case 'compact_boundary': {
      const metadata = asObject(line.compact_metadata);
      return {
        kind: 'compacted',
        ...base,
        trigger: asLabel(metadata.trigger),
        preTokens: asNumber(metadata.pre_tokens),
        postTokens: asNumber(metadata.post_tokens),
      };
    }
    case 'task_started':
      return parseTask(base, line, 'started');
    case 'task_progress':
      return parseTask(base, line, 'progress');
    case 'task_updated':
      return parseTask(base, line, 'updated');
    case 'task_notification':
      return parseTask(base, line, 'ended');
    case 'background_tasks_changed':
      return { kind: 'background_tasks', ...base, tasks: asArray(line.tasks).flatMap(parseBackgroundTask) };
    case 'thinking_tokens':
      return { kind: 'thinking_tokens', ...base, estimatedTokens: asNumber(line.estimated_tokens) };
    case 'informational':
    case 'model_fallback':
    case 'model_refusal_no_fallback':
      return { kind: 'notice', ...base, subtype, text: asString(line.content) ?? '' };
    default:
      return { kind: 'unknown', ...base, type: `system/${subtype}` };
  }
}

function parseTask(base: MessageBase, line: JsonObject, event: TaskMessage['event']): TaskMessage {
  const usage = asObject(line.usage);
  const patch = asObject(line.patch);
  return {
    kind: 'task',
    ...base,
    event,
    taskId: asLabel(line.task_id),
    toolUseId: asLabel(line.tool_use_id),
    taskType: asLabel(line.task_type),
    description: asString(line.description),
    subagentType: asLabel(line.subagent_type),
    inBackground: asBoolean(line.is_backgrounded),
    status: asLabel(line.status) ?? asLabel(patch.status),
    summary: asString(line.summary),
    totalTokens: asNumber(usage.total_tokens),
    toolUses: asNumber(usage.tool_uses),
    durationMs: asNumber(usage.duration_ms),
  };
}

function parseBackgroundTask(value: unknown): BackgroundTask[] {
  const task = asObject(value);
  const id = asLabel(task.task_id);
  return id === null ? [] : [{ id, type: asLabel(task.task_type), description: asString(task.description) }];
}
