// Reads what the agent says at the end of a turn: how it went, and what everything has cost so far.
import type { MessageBase, ModelUsage, ResultMessage } from './message-types.ts';
import {
  asAmount,
  asArray,
  asBoolean,
  asLabel,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from './narrow.ts';

export function parseResult(base: MessageBase, line: JsonObject): ResultMessage {
  return {
    kind: 'result',
    ...base,
    subtype: asLabel(line.subtype),
    isError: asBoolean(line.is_error),
    text: asString(line.result) ?? '',
    errors: asArray(line.errors).filter((error) => typeof error === 'string'),
    terminalReason: asLabel(line.terminal_reason),
    stopReason: asLabel(line.stop_reason),
    turns: asNumber(line.num_turns),
    durationMs: asNumber(line.duration_ms),
    apiErrorStatus: asNumber(line.api_error_status),
    apiErrorType: asLabel(line.api_error_type),
    apiError: asLabel(line.api_error),
    totalCostUsd: asNumber(line.total_cost_usd),
    models: parseModels(asObject(line.modelUsage)),
    modelsSinceLast: isObject(line.model_usage_since_last_result)
      ? parseModels(line.model_usage_since_last_result)
      : null,
    index: asNumber(line.result_index),
  };
}

function parseModels(models: JsonObject): ReadonlyMap<string, ModelUsage> {
  return new Map(Object.entries(models).map(([model, usage]) => [model, parseModelUsage(usage)]));
}

function parseModelUsage(value: unknown): ModelUsage {
  const usage = asObject(value);
  return {
    input: asAmount(usage.inputTokens),
    output: asAmount(usage.outputTokens),
    cacheRead: asAmount(usage.cacheReadInputTokens),
    cacheWrite: asAmount(usage.cacheCreationInputTokens),
    costUsd: asAmount(usage.costUSD),
    contextWindowTokens: asNumber(usage.contextWindow),
  };
}
