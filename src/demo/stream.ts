// Writes stream-json lines of the shape that Claude Code 2.1.329 writes (facts/claude-code.md 1).
import { randomBytes, randomUUID } from 'node:crypto';
import type { Model, RequestUsage } from './token-meter.ts';
import { CONTEXT_WINDOW_TOKENS, costOf, TokenMeter } from './token-meter.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A subagent's lines carry where it was called from. */
export interface Subagent {
  readonly toolUseId: string;
  readonly agentId: string;
  readonly type: string;
  readonly description: string;
}

export interface StreamOptions {
  readonly sessionId: string;
  readonly cwd: string;
  readonly model: Model;
  readonly write: (line: string) => void;
}

interface Conversation {
  readonly meter: TokenMeter;
  request: { readonly messageId: string; readonly requestId: string; readonly usage: RequestUsage } | null;
}

const START_TOKENS = 15_000;
const SUBAGENT_START_TOKENS = 6_000;

/** One session's output. Counts turns and tokens as it goes. */
export class AgentStream {
  readonly #options: StreamOptions;
  readonly #startedMs = performance.now();
  readonly #main: Conversation = { meter: new TokenMeter(START_TOKENS), request: null };
  readonly #subagents = new Map<string, Conversation>();
  #toolResults = 0;

  constructor(options: StreamOptions, prompt: string) {
    this.#options = options;
    this.#main.meter.hear(prompt);
  }

  init(): void {
    this.system('init', {
      cwd: this.#options.cwd,
      tools: ['Task', 'Bash', 'Edit', 'Read', 'Write'],
      mcp_servers: [],
      model: this.#options.model.id,
      permissionMode: 'bypassPermissions',
      slash_commands: [],
      apiKeySource: 'none',
      claude_code_version: '2.1.329 (demo)',
      output_style: 'default',
      agents: ['Explore', 'general-purpose'],
      skills: [],
      plugins: [],
    });
  }

  think(text: string): void {
    let estimated = 0;
    for (const part of text.match(/[\s\S]{1,40}/g) ?? []) {
      const delta = Math.ceil(part.length / 3.5);
      estimated += delta;
      this.system('thinking_tokens', { estimated_tokens: estimated, estimated_tokens_delta: delta });
    }
    this.#assistant({ type: 'thinking', thinking: text, signature: 'ZGVtbw==' }, text, null);
  }

  say(text: string): void {
    this.#assistant({ type: 'text', text }, text, null);
  }

  /** @returns the id that the result has to carry */
  toolUse(name: string, input: Fields, subagent: Subagent | null): string {
    const id = makeId('toolu');
    this.#assistant({ id, input, type: 'tool_use', name }, JSON.stringify(input), subagent);
    return id;
  }

  toolResult(
    id: string,
    result: { content: unknown; isError?: boolean; details?: unknown },
    subagent: Subagent | null,
  ): void {
    if (subagent === null) this.#toolResults += 1;
    const block = {
      tool_use_id: id,
      type: 'tool_result',
      content: result.content,
      ...(result.isError !== undefined && { is_error: result.isError }),
    };
    this.#user(block, subagent, {
      ...(result.details !== undefined && subagent === null && { tool_use_result: result.details }),
      tool_result_meta: [{ id, permission_decision: { decision: 'accept', source: 'config', reason_type: 'mode' } }],
    });
  }

  /** What a subagent was asked. */
  subagentPrompt(text: string, subagent: Subagent): void {
    this.#user({ type: 'text', text }, subagent, {});
  }

  system(subtype: string, fields: Fields): void {
    this.#write({ type: 'system', subtype, ...fields });
  }

  /** The last line: the answer and what everything cost. */
  result(text: string): void {
    const { model } = this.#options;
    const own = this.#main.meter.totals;
    const all = [this.#main, ...this.#subagents.values()].map((conversation) => conversation.meter.totals);
    const sum = (field: keyof typeof own) => all.reduce((total, totals) => total + totals[field], 0);
    const costUsd = all.reduce((total, totals) => total + costOf(totals, model.prices), 0);
    const durationMs = Math.round(performance.now() - this.#startedMs);
    this.#write({
      duration_api_ms: durationMs,
      stop_reason: 'end_turn',
      total_cost_usd: costUsd,
      usage: {
        input_tokens: own.input,
        cache_creation_input_tokens: own.cacheWrite,
        cache_read_input_tokens: own.cacheRead,
        output_tokens: own.output,
        server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
        service_tier: 'standard',
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: own.cacheWrite },
      },
      modelUsage: {
        [model.id]: {
          inputTokens: sum('input'),
          outputTokens: sum('output'),
          cacheReadInputTokens: sum('cacheRead'),
          cacheCreationInputTokens: sum('cacheWrite'),
          webSearchRequests: 0,
          costUSD: costUsd,
          contextWindow: CONTEXT_WINDOW_TOKENS,
          maxOutputTokens: 128_000,
        },
      },
      permission_denials: [],
      terminal_reason: 'completed',
      is_error: false,
      num_turns: this.#toolResults + 1,
      subtype: 'success',
      api_error_status: null,
      result: text,
      type: 'result',
      duration_ms: durationMs,
    });
  }

  #conversation(subagent: Subagent | null): Conversation {
    if (subagent === null) return this.#main;
    const known = this.#subagents.get(subagent.agentId);
    if (known !== undefined) return known;
    const created: Conversation = { meter: new TokenMeter(SUBAGENT_START_TOKENS), request: null };
    this.#subagents.set(subagent.agentId, created);
    return created;
  }

  /** One line a content block; the blocks of one request share its id and its usage, whose output is a placeholder. */
  #assistant(block: Fields, spoken: string, subagent: Subagent | null): void {
    const conversation = this.#conversation(subagent);
    conversation.request ??= {
      messageId: makeId('msg'),
      requestId: makeId('req'),
      usage: conversation.meter.request(),
    };
    const { messageId, requestId, usage } = conversation.request;
    conversation.meter.speak(spoken);
    this.#write({
      type: 'assistant',
      message: {
        id: messageId,
        type: 'message',
        role: 'assistant',
        model: this.#options.model.id,
        content: [block],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: usage.input,
          cache_creation_input_tokens: usage.cacheWrite,
          cache_read_input_tokens: usage.cacheRead,
          cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
          output_tokens: 1,
          service_tier: 'standard',
        },
        context_management: null,
      },
      ...origin(subagent),
      timestamp: new Date().toISOString(),
      request_id: requestId,
    });
  }

  #user(block: Fields, subagent: Subagent | null, fields: Fields): void {
    const conversation = this.#conversation(subagent);
    conversation.meter.hear(JSON.stringify(block));
    conversation.request = null;
    this.#write({
      type: 'user',
      message: { role: 'user', content: [block] },
      ...origin(subagent),
      timestamp: new Date().toISOString(),
      ...fields,
    });
  }

  #write(fields: Fields): void {
    this.#options.write(`${JSON.stringify({ ...fields, session_id: this.#options.sessionId, uuid: randomUUID() })}\n`);
  }
}

export function makeId(kind: string): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}

function origin(subagent: Subagent | null): Fields {
  if (subagent === null) return { parent_tool_use_id: null };
  return {
    parent_tool_use_id: subagent.toolUseId,
    agent_id: subagent.agentId,
    subagent_type: subagent.type,
    task_description: subagent.description,
  };
}
