// The events of a streamed answer. As with the real API, message_start carries a tiny output count and message_delta
// the final one: a reader that takes the first for the truth is found out.
import type { AnswerMessage } from './answer.ts';
import type { ContentBlock } from './scenario.ts';

export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** All events in their order; texts and tool inputs come in pieces of `chunkChars` characters. */
export function* streamEvents(message: AnswerMessage, chunkChars: number): Generator<StreamEvent> {
  const { content, stop_reason, stop_sequence, usage, ...rest } = message;
  yield {
    type: 'message_start',
    message: {
      ...rest,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: Math.min(1, usage.output_tokens) },
    },
  };
  yield { type: 'ping' };
  for (const [index, block] of content.entries()) {
    const { empty, deltas } = splitBlock(block, chunkChars);
    yield { type: 'content_block_start', index, content_block: empty };
    for (const delta of deltas) yield { type: 'content_block_delta', index, delta };
    yield { type: 'content_block_stop', index };
  }
  yield { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage };
  yield { type: 'message_stop' };
}

interface SplitBlock {
  /** The block as content_block_start shows it. */
  readonly empty: ContentBlock;
  /** What fills it. */
  readonly deltas: readonly ContentBlock[];
}

function splitBlock(block: ContentBlock, chunkChars: number): SplitBlock {
  switch (block.type) {
    case 'text':
      return {
        empty: { ...block, text: '' },
        deltas: chunksOf(String(block.text), chunkChars).map((text) => ({ type: 'text_delta', text })),
      };
    case 'thinking':
      return {
        empty: { ...block, thinking: '', signature: '' },
        deltas: [
          ...chunksOf(String(block.thinking), chunkChars).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    case 'tool_use':
      return {
        empty: { ...block, input: {} },
        deltas: chunksOf(JSON.stringify(block.input), chunkChars).map((partial_json) => ({
          type: 'input_json_delta',
          partial_json,
        })),
      };
    default:
      return { empty: block, deltas: [] };
  }
}

/** By code point, so that no emoji is cut into two invalid halves. */
function chunksOf(text: string, size: number): string[] {
  const points = [...text];
  const chunks: string[] = [];
  for (let start = 0; start < points.length; start += size) chunks.push(points.slice(start, start + size).join(''));
  return chunks;
}
