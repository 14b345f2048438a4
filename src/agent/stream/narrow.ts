// Reads values of unknown shape without ever throwing: the agent's output is not ours to trust.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Of ids, enums and names, in UTF-16 units. */
export const LABEL_LIMIT = 1_000;

const EMPTY: JsonObject = Object.freeze({});

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : EMPTY;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Ids, enums and names: what is longer is cut, everywhere in the same way, so that they still match. */
export function asLabel(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, LABEL_LIMIT) : null;
}

export function asBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** Finite numbers only. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A count or an amount: 0 for everything that is no number or below zero. */
export function asAmount(value: unknown): number {
  const number = asNumber(value);
  return number !== null && number > 0 ? number : 0;
}

/** Epoch seconds as ISO 8601 in UTC; null for what is no time of this or the next centuries. */
export function isoFromEpochSeconds(value: unknown): string | null {
  const seconds = asNumber(value);
  if (seconds === null || seconds <= 0 || seconds > 32_503_680_000) return null;
  return new Date(seconds * 1000).toISOString();
}

/** What Date.parse understands, without the cost of asking it for every line of a log. */
const ISO_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** An ISO 8601 time in UTC as it is, else null. */
export function asIsoTime(value: unknown): string | null {
  return typeof value === 'string' && ISO_TIME.test(value) ? value : null;
}

/** At most `limit` characters: the start, and the end of it where it had to be cut. */
export function excerpt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) / 2);
  const tail = limit - 1 - head;
  return `${text.slice(0, head)}…${text.slice(text.length - tail)}`.toWellFormed();
}

/** One line: runs of white space become single spaces; at most `limit` characters. Still raw otherwise. */
export function oneLine(text: string, limit: number): string {
  // Only what can be shown is worked on: texts reach a megabyte.
  const flat = text
    .slice(0, limit * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1)}…`.toWellFormed();
}
