// Reads the content blocks of assistant and user messages.
import type {
  ApiErrorFacts,
  AssistantBlock,
  AssistantMessage,
  FileChange,
  MessageBase,
  RequestUsage,
  ToolResultBlock,
  UserMessage,
} from './message-types.ts';
import { asAmount, asArray, asLabel, asNumber, asObject, asString, isObject, type JsonObject } from './narrow.ts';
import { parseRateLimitInfo } from './rate-limit-info.ts';

const SYNTHETIC_MODEL = '<synthetic>';

// These two make nearly all messages of a log, so that their fields are written out: spreading costs as much as reading.

export function parseAssistant({ sessionId, parentToolUseId, at }: MessageBase, line: JsonObject): AssistantMessage {
  const message = asObject(line.message);
  const model = asLabel(message.model);
  return {
    kind: 'assistant',
    sessionId,
    parentToolUseId,
    at,
    messageId: asLabel(message.id),
    model,
    synthetic: model === SYNTHETIC_MODEL,
    usage: parseUsage(message.usage),
    blocks: contentBlocks(message.content).flatMap(parseAssistantBlock),
    apiError: parseApiError(line),
  };
}

export function parseUser({ sessionId, parentToolUseId, at }: MessageBase, line: JsonObject): UserMessage {
  const blocks = contentBlocks(asObject(line.message).content);
  const result = asObject(line.tool_use_result);
  return {
    kind: 'user',
    sessionId,
    parentToolUseId,
    at,
    results: blocks.flatMap(parseToolResult),
    text: blocks.flatMap(textOf).join('\n'),
    fileChange: parseFileChange(result),
    linesRead: asNumber(asObject(result.file).numLines),
    // Parts before the last one are the CLI's own notes.
    subagentReport:
      asString(result.agentId) === null ? null : (contentBlocks(result.content).flatMap(textOf).at(-1) ?? ''),
  };
}

/** Content is a list of blocks, or a string that stands for one text block. */
function contentBlocks(content: unknown): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return asArray(content).filter(isObject);
}

function parseAssistantBlock(block: JsonObject): AssistantBlock[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: asString(block.text) ?? '' }];
    case 'thinking':
      return [{ type: 'thinking', text: asString(block.thinking) ?? '' }];
    case 'redacted_thinking':
      return [{ type: 'thinking', text: '' }];
    case 'tool_use': {
      const id = asLabel(block.id);
      const name = asLabel(block.name);
      return id === null || name === null ? [] : [{ type: 'tool_use', id, name, input: asObject(block.input) }];
    }
    default:
      return [];
  }
}

function textOf(block: JsonObject): string[] {
  const text = block.type === 'text' ? asString(block.text) : null;
  return text === null ? [] : [text];
}

function parseToolResult(block: JsonObject): ToolResultBlock[] {
  const toolUseId = block.type === 'tool_result' ? asLabel(block.tool_use_id) : null;
  if (toolUseId === null) return [];
  const parts = contentBlocks(block.content);
  const texts = parts.flatMap(textOf);
  return [
    { toolUseId, isError: block.is_error === true, text: texts.join('\n'), otherParts: parts.length - texts.length },
  ];
}

/** Cache writes without the split by lifetime count as the five-minute kind, which is the default. */
function parseUsage(value: unknown): RequestUsage {
  const usage = asObject(value);
  const split = asObject(usage.cache_creation);
  const cacheWrite1h = asAmount(split.ephemeral_1h_input_tokens);
  return {
    input: asAmount(usage.input_tokens),
    cacheRead: asAmount(usage.cache_read_input_tokens),
    cacheWrite5m: Math.max(
      asAmount(usage.cache_creation_input_tokens) - cacheWrite1h,
      asAmount(split.ephemeral_5m_input_tokens),
    ),
    cacheWrite1h,
  };
}

function parseApiError(line: JsonObject): ApiErrorFacts | null {
  const error = asLabel(line.error);
  if (error === null && line.is_api_error_message !== true) return null;
  const rateLimit = asObject(line.api_error_params).rate_limit_info;
  return {
    error,
    apiError: asLabel(line.api_error),
    apiErrorType: asLabel(line.api_error_type),
    status: asNumber(line.api_error_status),
    rateLimit: isObject(rateLimit) ? parseRateLimitInfo(rateLimit) : null,
  };
}

/** What Write and Edit report; a new file counts its lines as added. */
function parseFileChange(result: JsonObject): FileChange | null {
  const path = asLabel(result.filePath);
  if (path === null || !Array.isArray(result.structuredPatch)) return null;
  let linesAdded = 0;
  let linesRemoved = 0;
  for (const hunk of asArray(result.structuredPatch)) {
    for (const line of asArray(asObject(hunk).lines)) {
      if (typeof line !== 'string') continue;
      if (line.startsWith('+')) linesAdded += 1;
      else if (line.startsWith('-')) linesRemoved += 1;
    }
  }
  if (result.type === 'create') linesAdded += countLines(asString(result.content) ?? '');
  return { path, linesAdded, linesRemoved };
}

function countLines(text: string): number {
  if (text === '') return 0;
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
