// Durations the way the screen shows them (`8s`, `11m14`, `2h46`) and the way people type them.
import { InvalidValueError } from './invalid-value-error.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The two largest units: `0s`, `8s`, `2m14`, `9m02`, `2h46`, `1d02`. Cut down to the second, negative counts as 0. */
export function formatDuration(elapsedMs: number): string {
  const ms = Math.max(0, elapsedMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}s`;
  if (ms < HOUR_MS) return pair(ms, MINUTE_MS, 'm', SECOND_MS);
  if (ms < DAY_MS) return pair(ms, HOUR_MS, 'h', MINUTE_MS);
  return pair(ms, DAY_MS, 'd', HOUR_MS);
}

/** The same with less detail, for ages and columns: `8s`, `13m`, `1h18`, `2d03`. */
export function formatAge(elapsedMs: number): string {
  const ms = Math.max(0, elapsedMs);
  return ms >= MINUTE_MS && ms < HOUR_MS ? `${Math.floor(ms / MINUTE_MS)}m` : formatDuration(ms);
}

function pair(ms: number, largeMs: number, unit: string, smallMs: number): string {
  const small = Math.floor((ms % largeMs) / smallMs);
  return `${Math.floor(ms / largeMs)}${unit}${String(small).padStart(2, '0')}`;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};

const NEXT_SMALLER: Readonly<Record<string, string>> = { d: 'h', h: 'm', m: 's' };

/**
 * Reads `30s`, `10m`, `1h30m`, `1.5h`, `500ms`, `2d`, and what `formatDuration` writes (`11m14`, `2h46`).
 * Units go from large to small, each at most once. Returns milliseconds.
 * @throws InvalidValueError for anything else, a bare number included: nobody can know its unit.
 */
export function parseDuration(text: string): number {
  const source = text.trim().toLowerCase();
  const parts = [...source.matchAll(/(\d{1,9}(?:\.\d{1,6})?)\s*(ms|[smhd])?\s*/gy)];
  const consumed = parts.reduce((length, part) => length + part[0].length, 0);
  if (parts.length === 0 || consumed !== source.length) throw noDuration(text);
  let total = 0;
  let previousUnit: string | null = null;
  for (const [, digits = '', written] of parts) {
    const unit: string | undefined = written ?? (previousUnit === null ? undefined : NEXT_SMALLER[previousUnit]);
    const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
    if (unit === undefined || unitMs === undefined) throw noDuration(text);
    if (previousUnit !== null && unitMs >= (UNIT_MS[previousUnit] ?? 0)) throw noDuration(text);
    total += Number(digits) * unitMs;
    previousUnit = unit;
  }
  return Math.round(total);
}

function noDuration(text: string): InvalidValueError {
  return new InvalidValueError(`${JSON.stringify(text)} is not a duration; write for example 30s, 10m or 1h30m`);
}
