import { describe, expect, test } from 'vitest';
import { resetFromInfo, resetFromText } from '../../../src/agent/outcome/reset-time.ts';
import { wallTimeAt } from '../../../src/agent/outcome/wall-clock.ts';
import { parseRateLimitInfo } from '../../../src/agent/stream/rate-limit-info.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { below, seeded } from '../random.ts';
import { readTranscript, transcriptNames } from '../transcripts.ts';

const NOW = '2026-11-21T08:00:20.000Z';

describe('from a message', () => {
  test.each<[string, string]>([
    ["You've hit your 5-hour limit · resets 9:48am (UTC)", '2026-11-21T09:48'],
    ["You've hit your session limit · resets 10am (UTC)", '2026-11-21T10:00'],
    ["You've hit your 5-hour limit · resets 12am (UTC)", '2026-11-22T00:00'],
    ["You've hit your 5-hour limit · resets 12pm (UTC)", '2026-11-21T12:00'],
    ["You've hit your 5-hour limit · resets 12:30am (UTC)", '2026-11-22T00:30'],
    ["You've hit your 5-hour limit · resets 7:59am (UTC)", '2026-11-22T07:59'],
    // Cut to the minute: it may lie a few seconds behind.
    ["You've hit your 5-hour limit · resets 8am (UTC)", '2026-11-21T08:00'],
    ["You've hit your weekly limit · resets Nov 24, 7:48am (UTC)", '2026-11-24T07:48'],
    ["You've hit your weekly limit · resets Nov 24, 3:03am (America/New_York)", '2026-11-24T08:03'],
    ["You've hit your weekly limit · resets Jan 18, 2027, 1:39pm (Asia/Kolkata)", '2027-01-18T08:09'],
    ["You've hit your weekly limit · resets Jan 2, 12am (UTC)", '2027-01-02T00:00'],
    [
      "You've hit your team's pooled group budget. It resets Dec 1, 12am (UTC). /model to switch models.",
      '2026-12-01T00:00',
    ],
    [
      "You've hit your individual spend limit · ask your admin · your 5-hour limit resets 1:15pm (UTC)",
      '2026-11-21T13:15',
    ],
    ["You've hit your limit · resets 5pm", '2026-11-21T17:00'],
    ["You've hit your limit · resets Oct 9 at 5pm", '2026-10-09T17:00'],
    ["You've hit your limit · resets Dec 9 at 5pm (Europe/Berlin)", '2026-12-09T16:00'],
    ["You've hit your limit · resets Dec 1", '2026-12-01T00:00'],
    ["You've hit your limit · resets December 1, 2026 at 5:05 PM (UTC)", '2026-12-01T17:05'],
    ["You've hit your limit · resets 5:05\u202fPM (UTC)", '2026-11-21T17:05'],
    ["You've hit your limit · resets 5:05\u00a0p.m. (UTC)", '2026-11-21T17:05'],
    ["You've hit your limit · resets at 17:05 (UTC)", '2026-11-21T17:05'],
    ["You've hit your limit · resets 5pm (Mars/Olympus)", '2026-11-21T17:00'],
    ["You've hit your limit · resets 5pm (CET)", '2026-11-21T16:00'],
    ["You've hit your limit · resets 5pm (+02:00)", '2026-11-21T15:00'],
    ['5-hour limit reached ∙ resets 3pm', '2026-11-21T15:00'],
    ['Claude AI usage limit reached|1795251102', '2026-11-21T08:51'],
    ['Claude AI usage limit reached|1795251102000', '2026-11-21T08:51'],
    ['API Error: Request rejected (429) · Claude AI usage limit reached|1795251102', '2026-11-21T08:51'],
    ['API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.', '2026-12-01T00:00'],
    ['API usage limits. You will regain access on 2026-12-01 at 13:30 UTC.', '2026-12-01T13:30'],
  ])('%s', (text, expected) => {
    expect(resetFromText(text, NOW)?.slice(0, 16)).toBe(expected);
  });

  test.each([
    "You've hit your 5-hour limit",
    "You've hit your limit · resets soon",
    "You've hit your limit · resets 25pm (UTC)",
    "You've hit your limit · resets 7",
    "You've hit your limit · resets Feb 30, 5pm (UTC)",
    "You've hit your limit · resets 5:75pm (UTC)",
    'usage limit reached|12345',
    // No month: what stands behind it may be of any day.
    "You've hit your limit · resets Thursday 5pm (UTC)",
    "You've hit your limit · resets Foo 24, 5pm (UTC)",
    'You will regain access on 2026-13-41 at 00:00 UTC.',
    '',
  ])('no time in: %s', (text) => {
    expect(resetFromText(text, NOW)).toBeNull();
  });

  test('without the time of the message only a whole date or an epoch says anything', () => {
    expect(resetFromText('resets Jan 18, 2027, 1:39pm (Asia/Kolkata)', null)).toBe('2027-01-18T08:09:00.000Z');
    expect(resetFromText('reached|1795251102', null)).toBe('2026-11-21T08:51:42.000Z');
    expect(resetFromText('resets 5pm (UTC)', null)).toBeNull();
    expect(resetFromText('resets Nov 24, 5pm (UTC)', null)).toBeNull();
  });

  test('an hour that comes twice: the first one that is still ahead', () => {
    const at = (now: string) => resetFromText('resets 1:30am (America/New_York)', now);
    expect(at('2026-11-01T05:00:00.000Z')).toBe('2026-11-01T05:30:00.000Z');
    expect(at('2026-11-01T06:00:00.000Z')).toBe('2026-11-01T06:30:00.000Z');
    expect(at('2026-11-01T06:45:00.000Z')).toBe('2026-11-02T06:30:00.000Z');
  });

  test('days of 23 and 25 hours are days', () => {
    expect(resetFromText('resets 5am (Europe/Berlin)', '2026-03-28T22:30:00.000Z')).toBe('2026-03-29T03:00:00.000Z');
    expect(resetFromText('resets 5am (Europe/Berlin)', '2026-10-24T22:30:00.000Z')).toBe('2026-10-25T04:00:00.000Z');
  });
});

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const made = formatters.get(key) ?? new Intl.DateTimeFormat('en-US', options);
  formatters.set(key, made);
  return made;
}

/** As the agent writes it (facts/claude-code.md 4), from a moment: the time alone when it is under 24 hours away. */
function written(resetMs: number, nowMs: number, zone: string, space: string): string {
  const reset = wallTimeAt(resetMs, zone);
  const withDate = resetMs - nowMs > 86_400_000;
  const options: Intl.DateTimeFormatOptions = {
    timeZone: zone,
    hour: 'numeric',
    hour12: true,
    ...(reset.minute === 0 ? {} : { minute: '2-digit' }),
    ...(withDate ? { month: 'short', day: 'numeric' } : {}),
    ...(withDate && reset.year !== wallTimeAt(nowMs, zone).year ? { year: 'numeric' } : {}),
  };
  const text = formatter(options).format(resetMs);
  return `resets ${text.replace(/\s([AP]M)/, (_, half: string) => `${space}${half.toLowerCase()}`)} (${zone})`;
}

/** The first moment ahead that reads the same: all that a text can tell. Offsets of zones differ by quarter hours. */
function firstThatReads(text: string, resetMs: number, nowMs: number, zone: string, space: string): string {
  const minute = Math.floor(resetMs / 60_000) * 60_000;
  const dated = resetMs - nowMs > 86_400_000;
  let first = minute;
  for (let atMs = minute; atMs > Math.max(nowMs - 60_000, minute - 26 * 3_600_000); atMs -= 900_000) {
    // Written from a time at which it has the same form.
    const reads = written(atMs, dated ? atMs - 2 * 86_400_000 : atMs - 1, zone, space);
    if (reads === text) first = atMs;
  }
  return new Date(first).toISOString();
}

describe('1,400 made resets, in zones around their changes of clocks', () => {
  const ZONES: readonly (readonly [string, readonly string[]])[] = [
    ['UTC', ['2026-12-31T23:00Z']],
    ['America/New_York', ['2026-03-08T07:00Z', '2026-11-01T06:00Z']],
    ['Europe/Berlin', ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-12-31T23:00Z']],
    ['Australia/Lord_Howe', ['2026-04-04T15:00Z', '2026-10-03T15:30Z']],
    ['America/Santiago', ['2026-04-05T03:00Z', '2026-09-06T04:00Z']],
    ['Asia/Kolkata', ['2026-12-31T18:30Z']],
    ['Pacific/Chatham', ['2026-04-04T14:00Z', '2026-09-26T14:00Z']],
    ['Africa/Casablanca', ['2026-02-15T02:00Z', '2026-03-22T02:00Z']],
    ['Asia/Beirut', ['2026-03-28T22:00Z', '2026-10-24T21:00Z']],
  ];

  test.each(ZONES)('%s', (zone, changes) => {
    const random = seeded(zone.length);
    let early = 0;
    for (const change of changes) {
      for (let round = 0; round < 80; round++) {
        const nowMs = Date.parse(change) + (below(random, 144) - 72) * 3_600_000 + below(random, 3_600_000);
        const aheadMs = 1000 + below(random, round % 2 === 0 ? 86_000_000 : 8 * 86_400_000);
        const resetMs = Math.floor((nowMs + aheadMs) / 1000) * 1000;
        const space = ['', ' ', '\u202f'][round % 3] ?? '';
        const text = written(resetMs, nowMs, zone, space);
        const read = resetFromText(text, new Date(nowMs).toISOString());
        const story = `${text} at ${new Date(nowMs).toISOString()}`;
        expect(read, story).toBe(firstThatReads(text, resetMs, nowMs, zone, space));
        if (Date.parse(read ?? '') < resetMs - 60_000) early += 1;
      }
    }
    // Where clocks change a text may fit two moments; that costs one refused request.
    expect(early).toBeLessThanOrEqual(4);
  });
});

test('every recorded limit says the same in words as in figures', () => {
  let checked = 0;
  for (const name of transcriptNames()) {
    const { result, rateLimit } = digestOf(readTranscript(name).bytes);
    const exact = resetFromInfo(rateLimit);
    if (rateLimit?.status !== 'rejected' || rateLimit.isUsingOverage || exact === null) continue;
    if (result === null || !/resets/.test(result.text)) continue;
    // They were recorded on this day, at the latest five minutes before the API was asked.
    const now = new Date(Date.parse(exact) - (/resets [A-Z]/.test(result.text) ? 25 * 3_600_000 : 7_200_000));
    const read = resetFromText(result.text, now.toISOString());
    expect(read?.slice(0, 16), name).toBe(exact.slice(0, 16));
    checked += 1;
  }
  expect(checked).toBeGreaterThan(15);
});

test.each<[string, object, string | null]>([
  ['the limit alone', { resetsAt: 1_795_254_515 }, '2026-11-21T09:48:35.000Z'],
  [
    'extra usage opens earlier',
    { resetsAt: 1_795_254_515, overageResetsAt: 1_795_250_000 },
    '2026-11-21T08:33:20.000Z',
  ],
  ['extra usage opens later', { resetsAt: 1_795_254_515, overageResetsAt: 1_795_990_000 }, '2026-11-21T09:48:35.000Z'],
  ['only extra usage', { overageResetsAt: 1_795_250_000 }, '2026-11-21T08:33:20.000Z'],
  ['neither', {}, null],
])('from figures: %s', (_name, info, expected) => {
  expect(resetFromInfo(parseRateLimitInfo(info))).toBe(expected);
});
