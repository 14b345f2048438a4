// Counts what the scripted agent would have used, so that its figures grow as a real agent's do.

/** USD per million tokens: the list prices that Claude Code 2.1.329 carries (facts/claude-code.md 2). */
interface Prices {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

export interface Model {
  readonly id: string;
  readonly prices: Prices;
}

const MODELS: Readonly<Record<string, Model>> = {
  opus: { id: 'claude-opus-5-5', prices: { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 } },
  sonnet: { id: 'claude-sonnet-5-5', prices: { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 } },
  haiku: { id: 'claude-haiku-5-5', prices: { input: 0.1, output: 0.5, cacheWrite: 0.125, cacheRead: 0.01 } },
};
const DEFAULT_MODEL = 'opus';
const CHARACTERS_PER_TOKEN = 3.5;

export const CONTEXT_WINDOW_TOKENS = 1_000_000;

/** The model that an alias stands for; a full name keeps it and is priced by the family in it. */
export function resolveModel(name: string): Model {
  const family = Object.keys(MODELS).find((alias) => name.includes(alias)) ?? DEFAULT_MODEL;
  const model = MODELS[family] ?? (MODELS[DEFAULT_MODEL] as Model);
  return name.startsWith('claude-') ? { ...model, id: name } : model;
}

export interface RequestUsage {
  readonly input: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** The tokens of one conversation (the agent's, or a subagent's), request by request. */
export class TokenMeter {
  #context: number;
  #news: number;
  readonly totals = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0, requests: 0 };

  /** @param startTokens what every conversation carries: system prompt and tools */
  constructor(startTokens: number) {
    this.#context = startTokens;
    this.#news = 0;
  }

  /** Something was added to the conversation that the next request will carry. */
  hear(text: string): void {
    this.#news += tokensOf(text);
  }

  /** A request is made: everything so far comes from the cache, what is new is written to it. */
  request(): RequestUsage {
    const usage = { input: 4, cacheWrite: this.#news, cacheRead: this.#context };
    this.#context += this.#news;
    this.#news = 0;
    this.totals.input += usage.input;
    this.totals.cacheWrite += usage.cacheWrite;
    this.totals.cacheRead += usage.cacheRead;
    this.totals.requests += 1;
    return usage;
  }

  /** The model wrote something. */
  speak(text: string): void {
    this.totals.output += tokensOf(text);
    this.hear(text);
  }
}

/** What totals cost, USD. */
export function costOf(totals: TokenMeter['totals'], prices: Prices): number {
  const { input, output, cacheWrite, cacheRead } = totals;
  const sum =
    input * prices.input + output * prices.output + cacheWrite * prices.cacheWrite + cacheRead * prices.cacheRead;
  return sum / 1_000_000;
}

export function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
