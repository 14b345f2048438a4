// When a usage limit is over: from the API's own figures where the agent passes them on, else from the
// text of its message (facts/claude-code.md 4, “Reset time from text”).
import type { RateLimitInfo } from '../stream/message-types.ts';
import { isKnownZone, momentsOf, wallTimeAt } from './wall-clock.ts';

const MINUTE_MS = 60_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Any space that a locale's formatter may write; newer ICU puts U+202F in front of am and pm. */
const S = '[\\s\\u00a0\\u2009\\u202f]';
const RESETS = new RegExp(
  `\\bresets?${S}+(?:at${S}+|on${S}+)?` +
    // Nov 24, · Nov 24 at · Jan 2, 2027, · Nov 24,
    `(?:([A-Z][a-z]{2})[a-z]*\\.?${S}+(\\d{1,2})(?:,${S}*(\\d{4}))?(?:${S}*,${S}*|${S}+(?:at${S}+)?))?` +
    // 3am · 3:03 am · 15:03
    `(\\d{1,2})(?::(\\d{2}))?(?::\\d{2})?${S}*(?:([ap])\\.?m\\b\\.?)?` +
    // (America/New_York)
    `(?:${S}*\\(([^()\\s]{1,64})\\))?`,
  'i',
);
/** Only the day: `Dec 1`. */
const RESETS_ON_DAY = new RegExp(
  `\\bresets?${S}+(?:on${S}+)?([A-Z][a-z]{2})[a-z]*\\.?${S}+(\\d{1,2})(?:,${S}*(\\d{4}))?(?!\\d)(?:${S}*\\(([^()\\s]{1,64})\\))?`,
  'i',
);
/** Of the API itself, to a key: `You will regain access on 2026-12-01 at 00:00 UTC.` */
const REGAIN = /\bregain access on (\d{4}-\d\d-\d\d)(?: at (\d\d:\d\d))?/;
/** Of older versions and of gateways: `Claude AI usage limit reached|1749924000`, in seconds or milliseconds. */
const EPOCH = /\|(\d{10}|\d{13})(?!\d)/;

/**
 * The moment (ISO 8601 in UTC) at which the next request can go through: the earlier of the limit's own reset and
 * that of extra usage. Null where the API told neither.
 */
export function resetFromInfo(info: RateLimitInfo | null): string | null {
  const times = [info?.resetsAt ?? null, info?.overageResetsAt ?? null].filter((time) => time !== null);
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

/**
 * Reads the reset time out of a limit message: `resets 10am (UTC)`, `resets Nov 24, 3:03am (America/New_York)`,
 * `resets Jan 2, 2027, 12am (UTC)`, `resets Oct 9 at 5pm`, `…reached|1749924000`, `regain access on 2026-12-01`.
 *
 * A time without a date lies within 24 hours after the message, one without a year in the year nearest to it. The
 * text is cut to the minute. In an hour that clocks repeat, the first one that is still ahead is meant: too early
 * costs one refused request, too late an hour. A zone that Intl does not know counts as UTC, like none at all: it is
 * what we set in the sandbox.
 * @param text of a message that is known to be about a limit
 * @param now time of that message, ISO 8601; without it only an epoch or a full date can be read
 * @returns ISO 8601 in UTC, or null when the text names no time
 */
export function resetFromText(text: string, now: string | null): string | null {
  const atMs = fromEpoch(text) ?? fromIsoDate(text) ?? fromWords(text, now === null ? null : Date.parse(now));
  return atMs === null ? null : new Date(atMs).toISOString();
}

function fromEpoch(text: string): number | null {
  const digits = EPOCH.exec(text)?.[1];
  if (digits === undefined) return null;
  return digits.length === 10 ? Number(digits) * 1000 : Number(digits);
}

function fromIsoDate(text: string): number | null {
  const [, day, time = '00:00'] = REGAIN.exec(text) ?? [];
  const atMs = day === undefined ? Number.NaN : Date.parse(`${day}T${time}:00Z`);
  return Number.isNaN(atMs) ? null : atMs;
}

function fromWords(text: string, nowMs: number | null): number | null {
  const match = RESETS.exec(text);
  const time = match === null ? null : timeOf(match[4], match[5], match[6]);
  if (match !== null && time !== null) {
    const date = dateOf(match);
    // Three letters that are no month, and perhaps a day of the week: guessing would be worse than asking again.
    if (match[1] !== undefined && date === null) return null;
    return momentOf({ date, time, zone: zoneOf(match[7]) }, nowMs);
  }
  const day = RESETS_ON_DAY.exec(text);
  const date = day === null ? null : dateOf(day);
  if (date === null) return null;
  return momentOf({ date, time: { hour: 0, minute: 0 }, zone: zoneOf(day?.[4]) }, nowMs);
}

interface Written {
  readonly date: { readonly year: number | null; readonly month: number; readonly day: number } | null;
  readonly time: { readonly hour: number; readonly minute: number };
  readonly zone: string;
}

function momentOf({ date, time, zone }: Written, nowMs: number | null): number | null {
  if (date === null) return nowMs === null ? null : nextMoment(time, zone, nowMs);
  if (date.year !== null) return firstAhead(momentsOf({ ...date, year: date.year, ...time }, zone), nowMs);
  if (nowMs === null) return null;
  // The agent leaves out the year that it is in; a reader whose clock is a little ahead may be in the next one.
  const { year } = wallTimeAt(nowMs, zone);
  const nearest = [year - 1, year, year + 1]
    .map((candidate) =>
      firstAhead(momentsOf({ year: candidate, month: date.month, day: date.day, ...time }, zone), nowMs),
    )
    .filter((atMs) => atMs !== null)
    .sort((a, b) => Math.abs(a - nowMs) - Math.abs(b - nowMs));
  return nearest[0] ?? null;
}

/** The first moment at which clocks show that time, from the running minute on. */
function nextMoment(time: Written['time'], zone: string, nowMs: number): number | null {
  const today = wallTimeAt(nowMs, zone);
  for (const days of [-1, 0, 1, 2]) {
    // The calendar's days, not 24 hours each: one of them may have 23 or 25.
    const noon = new Date(Date.UTC(today.year, today.month - 1, today.day + days, 12));
    const [year, month, day] = [noon.getUTCFullYear(), noon.getUTCMonth() + 1, noon.getUTCDate()];
    const ahead = momentsOf({ year, month, day, ...time }, zone).find((atMs) => isAhead(atMs, nowMs));
    if (ahead !== undefined) return ahead;
  }
  return null;
}

function firstAhead(moments: readonly number[], nowMs: number | null): number | null {
  return moments.find((atMs) => nowMs === null || isAhead(atMs, nowMs)) ?? moments[0] ?? null;
}

/** The text is cut to the minute: a reset in this very minute is written as one that has just passed. */
function isAhead(atMs: number, nowMs: number): boolean {
  return atMs > nowMs - MINUTE_MS;
}

function dateOf(match: RegExpExecArray): Written['date'] {
  const month = MONTHS.indexOf(match[1]?.toLowerCase() ?? '') + 1;
  const day = Number(match[2]);
  if (month === 0 || day < 1 || day > 31) return null;
  return { year: match[3] === undefined ? null : Number(match[3]), month, day };
}

function timeOf(
  hourText: string | undefined,
  minuteText: string | undefined,
  half: string | undefined,
): Written['time'] | null {
  const hour = Number(hourText);
  const minute = Number(minuteText ?? 0);
  if (minute > 59) return null;
  if (half === undefined) return minuteText !== undefined && hour < 24 ? { hour, minute } : null;
  if (hour < 1 || hour > 12) return null;
  return { hour: (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minute };
}

function zoneOf(name: string | undefined): string {
  return name !== undefined && isKnownZone(name) ? name : 'UTC';
}
