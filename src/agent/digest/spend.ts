// Tokens and cost of an attempt: what the agent's last result reports, plus an estimate of what
// came after it (facts/claude-code.md 2). Totals of several results are never added up.
import type { TokenCounts } from '../../core/receipt.ts';
import type {
  AssistantBlock,
  AssistantMessage,
  ModelUsage,
  RequestEndMessage,
  ResultMessage,
} from '../stream/message-types.ts';
import {
  type Amount,
  addAmounts,
  addTokens,
  addToModel,
  isNothing,
  type ModelSpend,
  NO_TOKENS,
  NOTHING,
  withoutPart,
} from './amount.ts';
import { entryOf, withKey } from './bounded.ts';
import { costOf, type PricedTokens, priceOf } from './prices.ts';

/** The request that a conversation is in: the CLI repeats its usage on every line of one message. */
interface OpenRequest {
  readonly messageId: string;
  readonly model: string;
  readonly promptTokens: number;
  /** As estimated so far; null once the agent has told the real count. */
  readonly outputTokens: number | null;
}

export interface SpendState {
  /** Of the last result: running totals of the process. */
  readonly reported: Amount | null;
  /** What was seen after the last result, or all of it without one. */
  readonly estimated: Amount;
  /** What the session had cost when the process began, and newer versions count in. */
  readonly carried: Amount;
  /** Of the processes before this one, where a log holds several. */
  readonly earlier: Amount;
  readonly earlierIsEstimate: boolean;
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

export const EMPTY_SPEND: SpendState = {
  reported: null,
  estimated: NOTHING,
  carried: NOTHING,
  earlier: NOTHING,
  earlierIsEstimate: false,
  requests: {},
  thinkingTokens: 0,
};

const CONVERSATION_LIMIT = 256;
/** Measured on real requests: facts/claude-code.md 2. */
const CHARACTERS_PER_TOKEN = 3.5;
const NO_PROMPT = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** Counts a request's prompt once, with its first line, and every block's output as it comes. */
export function spendOnAssistant(state: SpendState, message: AssistantMessage): SpendState {
  const { messageId, model, usage, blocks } = message;
  if (message.synthetic || model === null || messageId === null) return state;
  const conversation = message.parentToolUseId ?? '';
  const open = entryOf(state.requests, conversation);
  const known = open?.messageId === messageId ? open : null;
  const promptTokens = known?.promptTokens ?? usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const output = known?.outputTokens === null ? 0 : estimateOutputTokens(blocks, state.thinkingTokens);
  const outputTokens = known === null ? output : known.outputTokens === null ? null : known.outputTokens + output;
  return {
    ...state,
    estimated: addRequest(state.estimated, model, { ...(known === null ? usage : NO_PROMPT), output }, promptTokens),
    requests: withRequest(state.requests, conversation, { messageId, model, promptTokens, outputTokens }),
    thinkingTokens: blocks.some((block) => block.type === 'thinking') ? 0 : state.thinkingTokens,
  };
}

/** The real output of a request takes the place of what its blocks were estimated at. */
export function spendOnRequestEnd(state: SpendState, message: RequestEndMessage): SpendState {
  const conversation = message.parentToolUseId ?? '';
  const open = entryOf(state.requests, conversation);
  if (open === null || open.outputTokens === null) return state;
  const output = message.outputTokens - open.outputTokens;
  return {
    ...state,
    estimated: addRequest(state.estimated, open.model, { ...NO_PROMPT, output }, open.promptTokens),
    requests: withRequest(state.requests, conversation, { ...open, outputTokens: null }),
  };
}

/** A result replaces everything that was known before. One without a total leaves the estimate. */
export function spendOnResult(state: SpendState, message: ResultMessage): SpendState {
  if (message.totalCostUsd === null) return state;
  const total = { costUsd: Math.max(0, message.totalCostUsd), models: modelsOf(message.models) };
  const carried = message.index === 0 ? carriedBy(message) : state.carried;
  return { ...state, reported: withoutPart(total, carried), estimated: NOTHING, carried, thinkingTokens: 0 };
}

/** What the first result of a process counts beyond the process: the session's cost before it was resumed. */
function carriedBy({ models, modelsSinceLast }: ResultMessage): Amount {
  if (modelsSinceLast === null) return NOTHING;
  const own = modelsOf(modelsSinceLast);
  const before = withoutPart({ costUsd: 0, models: modelsOf(models) }, { costUsd: 0, models: own });
  const costUsd = Object.values(before.models).reduce((sum, spend) => sum + spend.costUsd, 0);
  return { costUsd, models: before.models };
}

export function modelsOf(usages: ReadonlyMap<string, ModelUsage>): Amount['models'] {
  let models: Amount['models'] = {};
  for (const [name, { input, output, cacheRead, cacheWrite, costUsd }] of usages) {
    models = addToModel(models, name, { tokens: { input, output, cacheRead, cacheWrite }, costUsd });
  }
  return models;
}

/** Another process begins to count at nothing; what was known stays. */
export function spendOfNextProcess(state: SpendState): SpendState {
  const { reported, estimated, earlier, earlierIsEstimate } = state;
  return {
    ...EMPTY_SPEND,
    earlier: addAmounts(addAmounts(earlier, reported ?? NOTHING), estimated),
    earlierIsEstimate: earlierIsEstimate || !isNothing(estimated),
  };
}

export function spendTotals(state: SpendState): SpendTotals {
  const { reported, estimated, earlier, earlierIsEstimate } = state;
  const { costUsd, models } = addAmounts(addAmounts(earlier, reported ?? NOTHING), estimated);
  return {
    tokens: Object.values(models).reduce((sum, model) => addTokens(sum, model.tokens), NO_TOKENS),
    costUsd,
    costBasis: reported !== null && isNothing(estimated) && !earlierIsEstimate ? 'reported' : 'estimated',
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

function withRequest(
  requests: SpendState['requests'],
  conversation: string,
  request: OpenRequest,
): SpendState['requests'] {
  return withKey(requests, conversation, request, CONVERSATION_LIMIT) ?? { [conversation]: request };
}
