// Fills the placeholders in a step's strings, as deep as they stand:
//   {{cwd}}             the CLI's working directory, for the paths that Write and Edit want
//   {{now}} {{now+60}}  epoch seconds;  {{iso-60}}  the same as an RFC 3339 time
//   {{repeat:3:ab}}     ababab

export interface PlaceholderValues {
  readonly cwd: string;
  readonly nowMs: number;
}

/** A copy of `value` with every placeholder filled. What is no placeholder stays as it is. */
export function fillPlaceholders<T>(value: T, values: PlaceholderValues): T {
  return walk(value, values) as T;
}

function walk(value: unknown, values: PlaceholderValues): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => walk(item, values));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, values)]));
  }
  return value;
}

function fillText(text: string, { cwd, nowMs }: PlaceholderValues): string {
  return text
    .replaceAll('{{cwd}}', () => cwd)
    .replace(/\{\{repeat:(\d+):([^}]*)\}\}/g, (_, count: string, part: string) => part.repeat(Number(count)))
    .replace(/\{\{(now|iso)([+-]\d+)?\}\}/g, (_, kind: string, shift: string | undefined) => {
      const seconds = Math.floor(nowMs / 1000) + Number(shift ?? 0);
      return kind === 'now' ? String(seconds) : new Date(seconds * 1000).toISOString();
    });
}
