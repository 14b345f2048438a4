// List prices by model, for estimates until the agent reports the real figure
// (facts/claude-code.md 2: the table of Claude Code 2.1.329).

/** USD per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

/** Tokens of one request or of many, cache writes by their lifetime. */
export interface PricedTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

interface PriceRow extends ModelPrice {
  readonly family: string;
  /** First and last version that the row holds for: 4.5 is [4, 5]. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Requests with a prompt above so many tokens cost `times` as much. */
  readonly longPrompt?: { readonly aboveTokens: number; readonly times: number };
}

function row(
  family: string,
  from: readonly [number, number],
  to: readonly [number, number],
  [input, output, cacheWrite5m, cacheWrite1h, cacheRead]: readonly [number, number, number, number, number],
  longPrompt?: PriceRow['longPrompt'],
): PriceRow {
  return { family, from, to, input, output, cacheWrite5m, cacheWrite1h, cacheRead, ...(longPrompt && { longPrompt }) };
}

const PRICES: readonly PriceRow[] = [
  row('sonnet', [3, 5], [4, 6], [3, 15, 3.75, 6, 0.3]),
  row('sonnet', [5, 0], [5, 0], [2, 10, 2.5, 4, 0.2]),
  row('sonnet', [5, 5], [5, 5], [2, 10, 2.5, 4, 0.1]),
  row('haiku', [3, 5], [3, 5], [0.8, 4, 1, 1.6, 0.08]),
  row('haiku', [4, 5], [4, 5], [1, 5, 1.25, 2, 0.1]),
  row('haiku', [5, 5], [5, 5], [0.1, 0.5, 0.125, 0.2, 0.01], { aboveTokens: 100_000, times: 5 }),
  row('opus', [4, 0], [4, 1], [15, 75, 18.75, 30, 1.5]),
  row('opus', [4, 5], [5, 0], [5, 25, 6.25, 10, 0.5]),
  row('opus', [5, 5], [5, 5], [4, 20, 5, 8, 0.2]),
  row('fable', [5, 0], [5, 0], [10, 50, 12.5, 20, 1]),
  row('fable', [5, 1], [5, 1], [10, 50, 12.5, 20, 0.25]),
  row('fable', [5, 2], [5, 2], [8, 40, 10, 16, 0.2]),
];

/** The agent itself prices models that it does not know like this. */
const UNKNOWN_MODEL: ModelPrice = { input: 5, output: 25, cacheWrite5m: 6.25, cacheWrite1h: 10, cacheRead: 0.5 };

const FAMILY_FIRST = /(sonnet|haiku|opus|fable)-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/;
const VERSION_FIRST = /claude-(\d{1,2})(?:[-.](\d{1,2}))?-(sonnet|haiku|opus|fable)/;

/**
 * The price of a request. `model` is the id in any of its spellings (with a date, a region before
 * it, `claude-3-5-sonnet`); `promptTokens` counts everything sent, cached or not.
 */
export function priceOf(model: string, promptTokens: number): { readonly price: ModelPrice; readonly known: boolean } {
  const found = findRow(model);
  if (found === undefined) return { price: UNKNOWN_MODEL, known: false };
  const times =
    found.longPrompt !== undefined && promptTokens > found.longPrompt.aboveTokens ? found.longPrompt.times : 1;
  if (times === 1) return { price: found, known: true };
  return {
    price: {
      input: found.input * times,
      output: found.output * times,
      cacheWrite5m: found.cacheWrite5m * times,
      cacheWrite1h: found.cacheWrite1h * times,
      cacheRead: found.cacheRead * times,
    },
    known: true,
  };
}

/** USD. */
export function costOf(price: ModelPrice, tokens: PricedTokens): number {
  return (
    (tokens.input * price.input +
      tokens.output * price.output +
      tokens.cacheRead * price.cacheRead +
      tokens.cacheWrite5m * price.cacheWrite5m +
      tokens.cacheWrite1h * price.cacheWrite1h) /
    1_000_000
  );
}

// A log asks the same few names again for every message.
const foundRows = new Map<string, PriceRow | undefined>();

function findRow(model: string): PriceRow | undefined {
  if (foundRows.has(model)) return foundRows.get(model);
  const found = searchRow(model);
  // The name comes out of the agent's output: what is remembered has to stay small.
  if (foundRows.size >= 64) foundRows.clear();
  foundRows.set(model, found);
  return found;
}

function searchRow(model: string): PriceRow | undefined {
  const name = model.toLowerCase();
  const familyFirst = FAMILY_FIRST.exec(name);
  const versionFirst = familyFirst === null ? VERSION_FIRST.exec(name) : null;
  const family = familyFirst?.[1] ?? versionFirst?.[3];
  const version = ordinal([
    Number(familyFirst?.[2] ?? versionFirst?.[1]),
    Number(familyFirst?.[3] ?? versionFirst?.[2] ?? 0),
  ]);
  return PRICES.find(
    (entry) => entry.family === family && ordinal(entry.from) <= version && version <= ordinal(entry.to),
  );
}

function ordinal([major, minor]: readonly [number, number]): number {
  return major * 100 + minor;
}
