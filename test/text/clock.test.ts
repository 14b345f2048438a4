import { describe, expect, it } from 'vitest';
import { formatDate, formatHourMinute, formatTimeOfDay, formatWhen } from '../../src/text/clock.ts';

describe('clock', () => {
  it.each([
    ['2026-11-21T22:41:02Z', 'Europe/Berlin', '2026-11-21', '23:41:02'],
    ['2026-11-21T23:30:00Z', 'Europe/Berlin', '2026-11-22', '00:30:00'],
    ['2026-07-01T12:00:00Z', 'Europe/Berlin', '2026-07-01', '14:00:00'],
    ['2026-11-21T00:00:00Z', 'America/New_York', '2026-11-20', '19:00:00'],
    ['2026-11-21T00:00:00Z', 'UTC', '2026-11-21', '00:00:00'],
    ['2026-11-21T00:00:00Z', 'Asia/Kolkata', '2026-11-21', '05:30:00'],
  ])('%s in %s is %s %s', (at, zone, date, time) => {
    expect(formatDate(at, zone)).toBe(date);
    expect(formatTimeOfDay(at, zone)).toBe(time);
    expect(formatHourMinute(Date.parse(at), zone)).toBe(time.slice(0, 5));
  });

  it('names the day only when it is another one', () => {
    const now = '2026-11-21T22:00:00Z';
    expect(formatWhen('2026-11-21T22:30:00Z', now, 'UTC')).toBe('22:30');
    expect(formatWhen('2026-11-22T02:55:00Z', now, 'UTC')).toBe('2026-11-22 02:55');
    expect(formatWhen('2026-11-22T02:55:00Z', now, 'America/New_York')).toBe('21:55');
  });

  it('has a form for what is no moment', () => {
    expect(formatTimeOfDay('soon', 'UTC')).toBe('--:--:--');
    expect(formatDate(Number.NaN)).toBe('----------');
  });
});
