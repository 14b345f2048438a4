import { expect, test } from 'vitest';
import { isKnownZone, momentsOf, wallTimeAt } from '../../../src/agent/outcome/wall-clock.ts';

function moments(zone: string, ...[year, month, day, hour, minute]: [number, number, number, number, number]) {
  return momentsOf({ year, month, day, hour, minute }, zone).map((atMs) => new Date(atMs).toISOString().slice(0, 16));
}

test.each<[string, [number, number, number, number, number], string[]]>([
  ['UTC', [2026, 11, 21, 9, 48], ['2026-11-21T09:48']],
  ['Asia/Kolkata', [2027, 1, 18, 13, 39], ['2027-01-18T08:09']],
  ['Pacific/Chatham', [2026, 7, 1, 0, 0], ['2026-06-30T11:15']],
  ['Pacific/Kiritimati', [2026, 1, 1, 0, 0], ['2025-12-31T10:00']],
  ['America/New_York', [2026, 7, 1, 0, 0], ['2026-07-01T04:00']],
  // Clocks are set back at 2:00: this hour comes twice.
  ['America/New_York', [2026, 11, 1, 1, 30], ['2026-11-01T05:30', '2026-11-01T06:30']],
  ['Europe/Berlin', [2026, 10, 25, 2, 0], ['2026-10-25T00:00', '2026-10-25T01:00']],
  ['Australia/Lord_Howe', [2026, 4, 5, 1, 45], ['2026-04-04T14:45', '2026-04-04T15:15']],
  // Clocks are set forward at 2:00: this hour never comes.
  ['Europe/Berlin', [2026, 3, 29, 2, 30], ['2026-03-29T01:30']],
  ['UTC', [2026, 2, 30, 0, 0], []],
])('%s %j', (zone, wall, expected) => {
  expect(moments(zone, ...wall)).toEqual(expected);
});

test('zones that there are', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'EST', 'CET', '+02:00', 'Etc/GMT+5'])
    expect(isKnownZone(zone)).toBe(true);
  for (const zone of ['Mars/Olympus', '', 'my zone', '../etc']) expect(isKnownZone(zone)).toBe(false);
});

test('a zone’s clock', () => {
  expect(wallTimeAt(Date.parse('2026-11-21T23:59:59.999Z'), 'Asia/Kolkata')).toEqual({
    year: 2026,
    month: 11,
    day: 22,
    hour: 5,
    minute: 29,
  });
});
