// Small immutable collections with an upper bound: a digest is written to disk again and again,
// and the agent's output must not make it grow without end.

/** A copy with `key` set; null when that would be one key too many. Safe for keys like `__proto__`. */
export function withKey<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: T,
  limit: number,
): Record<string, T> | null {
  if (!Object.hasOwn(record, key) && Object.keys(record).length >= limit) return null;
  return { ...record, [key]: value };
}

export function entryOf<T>(record: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}

/** A copy with the entry at its end; the oldest ones make room. */
export function withEntry<T>(list: readonly T[], entry: T, limit: number): readonly T[] {
  return [...list.slice(Math.max(0, list.length + 1 - limit)), entry];
}
