// Builds the message of the Messages API that a step stands for.
import { randomBytes } from 'node:crypto';
import type { ContentBlock, Step, StepUsage } from './scenario.ts';

export interface ApiUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
  readonly output_tokens: number;
  readonly server_tool_use?: { readonly web_search_requests: number };
  readonly service_tier: 'standard';
}

export interface AnswerMessage {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly ContentBlock[];
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly usage: ApiUsage;
}

/** The whole answer, in the order thinking, text, tools. `model` is the requested one. */
export function buildAnswer(step: Step, model: string): AnswerMessage {
  const blocks = contentOf(step).map((block) =>
    block.type === 'tool_use' ? { ...block, id: block.id ?? newId('toolu'), input: block.input ?? {} } : block,
  );
  const callsTool = blocks.some((block) => block.type === 'tool_use');
  return {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model: step.model ?? model,
    content: blocks,
    stop_reason: step.stopReason ?? (callsTool ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    usage: apiUsage(step.usage ?? {}),
  };
}

/** An id of the API's shape: `msg_…`, `toolu_…`, `req_…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

function contentOf(step: Step): readonly ContentBlock[] {
  if (step.content) return step.content;
  const thinking = step.thinking
    ? [{ type: 'thinking', thinking: step.thinking, signature: Buffer.from('made up').toString('base64') }]
    : [];
  const text = step.text ? [{ type: 'text', text: step.text }] : [];
  const tools = (step.tools ?? []).map((tool) => ({ ...tool, type: 'tool_use' }));
  return [...thinking, ...text, ...tools];
}

function apiUsage(usage: StepUsage): ApiUsage {
  const { input = 1000, output = 50, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, webSearches = 0 } = usage;
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: output,
    ...(webSearches > 0 ? { server_tool_use: { web_search_requests: webSearches } } : {}),
    service_tier: 'standard',
  };
}
