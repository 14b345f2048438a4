// Moments as people read them, in their own time zone or a named one.

/** A moment: milliseconds since 1970, ISO 8601 text, or a Date. */
export type Moment = number | string | Date;

/** Time of day, `23:41:02`. `timeZone` is an IANA name; without one it is this machine's. */
export function formatTimeOfDay(at: Moment, timeZone?: string): string {
  const { hour, minute, second } = parts(at, timeZone);
  return `${hour}:${minute}:${second}`;
}

/** Time of day without seconds, `23:41`. */
export function formatHourMinute(at: Moment, timeZone?: string): string {
  const { hour, minute } = parts(at, timeZone);
  return `${hour}:${minute}`;
}

/** Date in a zone, `2026-11-21`. */
export function formatDate(at: Moment, timeZone?: string): string {
  const { year, month, day } = parts(at, timeZone);
  return `${year}-${month}-${day}`;
}

/** `23:41` on the same day as `now` in that zone, else `2026-11-22 23:41`. */
export function formatWhen(at: Moment, now: Moment, timeZone?: string): string {
  const time = formatHourMinute(at, timeZone);
  const date = formatDate(at, timeZone);
  return date === formatDate(now, timeZone) ? time : `${date} ${time}`;
}

type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>;

interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  /** By the second since 1970: a screen asks for the same moments ten times a second. */
  readonly known: Map<number, Parts>;
}

const KNOWN_LIMIT = 1_000;

// Making a formatter costs 50 times as much as using it, and logs have a time on every line.
const zones = new Map<string | undefined, Zone>();

function parts(at: Moment, timeZone: string | undefined): Parts {
  const second = Math.floor(new Date(at).getTime() / 1000);
  if (Number.isNaN(second)) return UNKNOWN;
  const { formatter, known } = zoneOf(timeZone);
  const before = known.get(second);
  if (before !== undefined) return before;
  const found = formatter.formatToParts(second * 1000).map((part) => [part.type, part.value] as const);
  const all: Parts = { ...UNKNOWN, ...Object.fromEntries(found) };
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(second, all);
  return all;
}

const UNKNOWN: Parts = { year: '----', month: '--', day: '--', hour: '--', minute: '--', second: '--' };

function zoneOf(timeZone: string | undefined): Zone {
  const before = zones.get(timeZone);
  if (before !== undefined) return before;
  const formatter = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const zone: Zone = { formatter, known: new Map() };
  zones.set(timeZone, zone);
  return zone;
}
