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

// Making a formatter costs 50 times as much as using it, and logs have a time on every line.
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

function parts(at: Moment, timeZone: string | undefined): Parts {
  const date = new Date(at);
  const unknown: Parts = { year: '----', month: '--', day: '--', hour: '--', minute: '--', second: '--' };
  if (Number.isNaN(date.getTime())) return unknown;
  const found = formatterFor(timeZone)
    .formatToParts(date)
    .map((part) => [part.type, part.value] as const);
  return { ...unknown, ...Object.fromEntries(found) };
}

function formatterFor(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
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
  formatters.set(timeZone, formatter);
  return formatter;
}
