// Tokens and cost of an attempt: what the agent's last result reports, plus an estimate of what
// came after it (facts/claude-code.md 2). Totals of several results are never added up.
import type { TokenCounts } from '../core/receipt.ts';
import { entryOf, withKey } from './bounded.ts';
import type { AssistantBlock, AssistantMessage, ResultMessage } from './message-types.ts';
import { costOf, type PricedTokens, priceOf } from './prices.ts';

export interface ModelSpend {
  readonly tokens: TokenCounts;
  readonly costUsd: number;
}

interface Amount {
  readonly costUsd: number;
  readonly models: Readonly<Record<string, ModelSpend>>;
}

/** The request that a conversation is in: the CLI repeats its usage on every line of one message. */
interface OpenRequest {
  readonly messageId: string;
  readonly promptTokens: number;
}

export interface SpendState {
  /** Of the last result: running totals of the process. */
  readonly reported: Amount | null;
  /** What was seen after the last result, or all of it without one. */
  readonly estimated: Amount;
  /** By the call that started a subagent; the main conversation is ''. */
  readonly requests: Readonly<Record<string, OpenRequest>>;
  /** Of the thinking that is going on, as the CLI estimates it; 0 between. */
  readonly thinkingTokens: number;
}

export interface SpendTotals {
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  /** `estimated` as soon as any part of it is. */
  readonly costBasis: 'reported' | 'estimated';
  readonly models: Readonly<Record<string, ModelSpend>>;
}

const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const NOTHING: Amount = { costUsd: 0, models: {} };
export const EMPTY_SPEND: SpendState = { reported: null, estimated: NOTHING, requests: {}, thinkingTokens: 0 };

const MODEL_LIMIT = 32;
const CONVERSATION_LIMIT = 256;
const MODEL_NAME_LIMIT = 120;
const OTHER_MODELS = 'other models';
/** Measured on real requests: facts/claude-code.md 2. */
const CHARACTERS_PER_TOKEN = 3.5;

/** Counts a request's prompt once, with its first line, and every block's output as it comes. */
export function spendOnAssistant(state: SpendState, message: AssistantMessage): SpendState {
  if (message.synthetic || message.model === null || message.messageId === null) return state;
  const conversation = message.parentToolUseId ?? '';
  const open = entryOf(state.requests, conversation);
  const isNew = open?.messageId !== message.messageId;
  const usage = message.usage;
  const promptTokens = isNew
    ? usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h
    : open.promptTokens;
  const prompt = isNew ? usage : { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const output = estimateOutputTokens(message.blocks, state.thinkingTokens);
  const request = { messageId: message.messageId, promptTokens };
  return {
    ...state,
    estimated: addRequest(state.estimated, message.model, { ...prompt, output }, promptTokens),
    requests: withKey(state.requests, conversation, request, CONVERSATION_LIMIT) ?? { [conversation]: request },
    thinkingTokens: message.blocks.some((block) => block.type === 'thinking') ? 0 : state.thinkingTokens,
  };
}

/** A result replaces everything that was known before. One without a total leaves the estimate. */
export function spendOnResult(state: SpendState, message: ResultMessage): SpendState {
  if (message.totalCostUsd === null) return state;
  let models: Record<string, ModelSpend> = {};
  for (const [name, usage] of message.models) {
    const tokens = {
      input: usage.input,
      output: usage.output,
      cacheRead: usage.cacheRead,
      cacheWrite: usage.cacheWrite,
    };
    models = addToModel(models, name, { tokens, costUsd: usage.costUsd });
  }
  return {
    ...state,
    reported: { costUsd: Math.max(0, message.totalCostUsd), models },
    estimated: NOTHING,
    thinkingTokens: 0,
  };
}

export function spendTotals(state: SpendState): SpendTotals {
  const { reported, estimated } = state;
  let models = { ...reported?.models };
  for (const [name, spend] of Object.entries(estimated.models)) models = addToModel(models, name, spend);
  return {
    tokens: Object.values(models).reduce((sum, model) => addTokens(sum, model.tokens), NO_TOKENS),
    costUsd: (reported?.costUsd ?? 0) + estimated.costUsd,
    costBasis: reported !== null && Object.keys(estimated.models).length === 0 ? 'reported' : 'estimated',
    models,
  };
}

/** Output of one message's blocks in tokens; thinking counts as the CLI's own estimate where that is higher. */
export function estimateOutputTokens(blocks: readonly AssistantBlock[], thinkingTokens: number): number {
  let tokens = 0;
  for (const block of blocks) {
    const length = block.type === 'tool_use' ? block.name.length + jsonLength(block.input) : block.text.length;
    const estimate = Math.ceil(length / CHARACTERS_PER_TOKEN);
    tokens += block.type === 'thinking' ? Math.max(estimate, thinkingTokens) : estimate;
  }
  return tokens;
}

/** About as long as JSON.stringify would make it, without making it. */
function jsonLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + jsonLength(item) + 1, 1);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + 4 + jsonLength(item), 1);
  }
  return String(value).length;
}

function addRequest(amount: Amount, model: string, tokens: PricedTokens, promptTokens: number): Amount {
  const costUsd = costOf(priceOf(model, promptTokens).price, tokens);
  const counts = {
    input: tokens.input,
    output: tokens.output,
    cacheRead: tokens.cacheRead,
    cacheWrite: tokens.cacheWrite5m + tokens.cacheWrite1h,
  };
  return { costUsd: amount.costUsd + costUsd, models: addToModel(amount.models, model, { tokens: counts, costUsd }) };
}

function addToModel(
  models: Readonly<Record<string, ModelSpend>>,
  name: string,
  spend: ModelSpend,
): Record<string, ModelSpend> {
  const add = (key: string, limit: number) => {
    const before = entryOf(models, key);
    const tokens = before === null ? spend.tokens : addTokens(before.tokens, spend.tokens);
    return withKey(models, key, { tokens, costUsd: (before?.costUsd ?? 0) + spend.costUsd }, limit);
  };
  return add(name.slice(0, MODEL_NAME_LIMIT), MODEL_LIMIT) ?? add(OTHER_MODELS, MODEL_LIMIT + 1) ?? { ...models };
}

function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}
