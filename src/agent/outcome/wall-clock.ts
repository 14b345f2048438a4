// Wall-clock times of a zone to moments and back, through Intl's zone data: what people call
// “3:03am in New York” exists once, twice or never on a day when clocks change.

/** As a clock on the wall shows it. Month from 1, hour from 0 to 23. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

// Making a formatter costs 50 times as much as using it.
const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** Whether the zone is one that Intl knows: an IANA name, an old link (`EST`), or an offset (`+02:00`). */
export function isKnownZone(zone: string): boolean {
  return formatterOf(zone) !== null;
}

/** What clocks of the zone show at that moment (ms since 1970), cut to the minute. */
export function wallTimeAt(atMs: number, zone: string): WallTime {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone)?.formatToParts(atMs) ?? []) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

/**
 * The moments (ms since 1970, ascending) at which clocks of the zone show that time: one, two in the hour that
 * is repeated when clocks are set back, and none in the hour that is left out; there the moment is given that a
 * clock would show had nobody set it, so that something is always found. A day of the month that does not exist
 * has no moment.
 */
export function momentsOf(wall: WallTime, zone: string): readonly number[] {
  const asIfUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  if (new Date(asIfUtc).getUTCDate() !== wall.day) return [];
  // Offsets before and after any change that could be near.
  const offsets = [asIfUtc - DAY_MS, asIfUtc + DAY_MS].map((atMs) => offsetAt(atMs, zone));
  const candidates = [...new Set(offsets.map((offset) => asIfUtc - offset))].sort((a, b) => a - b);
  const exact = candidates.filter((atMs) => isSameTime(wallTimeAt(atMs, zone), wall));
  return exact.length > 0 ? exact : candidates.slice(-1);
}

function offsetAt(atMs: number, zone: string): number {
  const { year, month, day, hour, minute } = wallTimeAt(atMs, zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function isSameTime(a: WallTime, b: WallTime): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day && a.hour === b.hour && a.minute === b.minute;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  let formatter: Intl.DateTimeFormat | null = null;
  try {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    // RangeError: no such zone.
  }
  // The zone's name comes out of the agent's output: what is remembered has to stay small.
  if (formatters.size >= 64) formatters.clear();
  formatters.set(zone, formatter);
  return formatter;
}
