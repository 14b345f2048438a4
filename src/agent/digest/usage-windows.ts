// How full the plan's usage windows are (five hours, a week), as the agent hears it from the API, in
// the few cells of a status line, and when one of them will be full if it goes on like this.
import { formatAge } from '../../text/duration.ts';
import type { RateLimitInfo, UsageWindow } from '../stream/message-types.ts';
import { withEntry } from './bounded.ts';

export interface UsageWindows {
  readonly fiveHour: UsageWindow | null;
  readonly sevenDay: UsageWindow | null;
}

export interface UsageSample extends UsageWindows {
  /** ISO 8601; null where neither the line nor its reader knew a time. */
  readonly at: string | null;
}

export type WindowName = keyof UsageWindows;

export interface WindowForecast {
  readonly window: WindowName;
  /** ISO 8601: when it is full at the pace of the samples; always before its reset. */
  readonly fullAt: string;
}

/** A pace needs few samples, and a digest is written to disk again and again. */
const SAMPLE_LIMIT = 32;
/** Less time than this between two samples says nothing about a pace. */
const SHORTEST_PACE_MS = 60_000;
const NEAR_MS = 2 * 3_600_000;

const LABELS: Readonly<Record<WindowName, string>> = { fiveHour: '5h', sevenDay: 'wk' };
const NAMES: readonly WindowName[] = ['fiveHour', 'sevenDay'];

/**
 * What one event says of the windows (facts/claude-code.md 1): newer versions list both in
 * `unifiedWindows`; older ones tell of the window that the event is about, and how full it is only near its end.
 */
export function usageWindows(info: RateLimitInfo): UsageWindows {
  const own = { utilization: info.utilization, resetsAt: info.resetsAt };
  return {
    fiveHour: info.fiveHour ?? (info.limit === 'five_hour' ? own : null),
    sevenDay: info.sevenDay ?? (info.limit === 'seven_day' ? own : null),
  };
}

/** The samples with what this event says; a window that it leaves out stays as it was. */
export function withUsage(
  samples: readonly UsageSample[],
  info: RateLimitInfo,
  at: string | null,
): readonly UsageSample[] {
  const { fiveHour, sevenDay } = usageWindows(info);
  if (fiveHour === null && sevenDay === null) return samples;
  const before = samples.at(-1);
  const sample = {
    at,
    fiveHour: fiveHour ?? before?.fiveHour ?? null,
    sevenDay: sevenDay ?? before?.sevenDay ?? null,
  };
  return withEntry(samples, sample, SAMPLE_LIMIT);
}

/**
 * `5h 62% wk 31%`, with `full in 24m` behind a window that will be full soon; null when nothing is known.
 * A window that has been reset since is left out. `now` is ISO 8601.
 */
export function usageText(samples: readonly UsageSample[], now: string): string | null {
  const latest = samples.at(-1);
  if (latest === undefined) return null;
  const forecast = usageForecast(samples, now);
  const parts = NAMES.flatMap((name) => {
    const window = latest[name];
    if (window === null || window.utilization === null || isOver(window, now)) return [];
    const full = Math.max(0, window.utilization) * 100;
    // 99.6 % is not full yet, and a window that is full should say so.
    const percent = full < 100 ? Math.min(99, Math.round(full)) : 100;
    const soon = forecast?.window === name ? ` full in ${minutes(forecast.fullAt, now)}` : '';
    return [`${LABELS[name]} ${percent}%${soon}`];
  });
  return parts.length === 0 ? null : parts.join(' ');
}

/**
 * The window that will be full first, if that is within two hours and before its reset. The pace is the
 * straight line through the first and the last sample of that same window (it has the same reset time).
 */
export function usageForecast(samples: readonly UsageSample[], now: string): WindowForecast | null {
  const found = NAMES.flatMap((window) => {
    const fullAtMs = fullAt(samples, window, Date.parse(now));
    return fullAtMs === null ? [] : [{ window, fullAtMs }];
  }).sort((a, b) => a.fullAtMs - b.fullAtMs)[0];
  return found === undefined ? null : { window: found.window, fullAt: new Date(found.fullAtMs).toISOString() };
}

function fullAt(samples: readonly UsageSample[], name: WindowName, nowMs: number): number | null {
  const latest = samples.at(-1)?.[name] ?? null;
  if (latest === null || latest.resetsAt === null || latest.utilization === null || latest.utilization >= 1)
    return null;
  const points = samples.flatMap((sample) => {
    const window = sample[name];
    if (sample.at === null || window === null || window.utilization === null || window.resetsAt !== latest.resetsAt)
      return [];
    return [{ atMs: Date.parse(sample.at), share: window.utilization }];
  });
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_PACE_MS) return null;
  const perMs = (last.share - first.share) / (last.atMs - first.atMs);
  if (!(perMs > 0)) return null;
  const atMs = Math.max(nowMs, last.atMs + (1 - last.share) / perMs);
  return atMs < Date.parse(latest.resetsAt) && atMs - nowMs <= NEAR_MS ? atMs : null;
}

function isOver(window: UsageWindow, now: string): boolean {
  return window.resetsAt !== null && Date.parse(window.resetsAt) <= Date.parse(now);
}

function minutes(until: string, now: string): string {
  return formatAge(Math.max(60_000, Date.parse(until) - Date.parse(now)));
}
