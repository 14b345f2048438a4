import { describe, expect, test } from 'vitest';
import { type UsageSample, usageForecast, usageText, withUsage } from '../../../src/agent/digest/usage-windows.ts';
import type { RateLimitInfo } from '../../../src/agent/stream/message-types.ts';
import { parseRateLimitInfo } from '../../../src/agent/stream/rate-limit-info.ts';
import { digestOf, StreamReader } from '../../../src/agent/stream/stream-reader.ts';
import { readTranscript } from '../transcripts.ts';

const NOW = '2026-11-21T10:00:00.000Z';
const IN_TWO_HOURS = '2026-11-21T12:00:00.000Z';
const IN_FOUR_DAYS = '2026-11-25T10:00:00.000Z';

function sample(at: string | null, fiveHour: number, sevenDay: number | null = null): UsageSample {
  return {
    at: at === null ? null : `2026-11-21T${at}:00.000Z`,
    fiveHour: { utilization: fiveHour, resetsAt: IN_TWO_HOURS },
    sevenDay: sevenDay === null ? null : { utilization: sevenDay, resetsAt: IN_FOUR_DAYS },
  };
}

describe('in a status line', () => {
  test.each<[string, UsageSample[], string | null]>([
    ['nothing known', [], null],
    ['both windows', [sample('10:00', 0.62, 0.31)], '5h 62% wk 31%'],
    ['one window', [sample('10:00', 0.62)], '5h 62%'],
    ['full', [sample('10:00', 1, 0.351)], '5h 100% wk 35%'],
    ['nearly full is not full', [sample('10:00', 0.998)], '5h 99%'],
    ['over full', [sample('10:00', 1.2)], '5h 100%'],
    ['soon full', [sample('09:30', 0.6), sample('10:00', 0.84)], '5h 84% full in 20m'],
    ['the week first', [sample('09:30', 0.1, 0.8), sample('10:00', 0.1, 0.9)], '5h 10% wk 90% full in 30m'],
    ['at a pace that lasts', [sample('09:30', 0.6), sample('10:00', 0.62)], '5h 62%'],
  ])('%s', (_name, samples, expected) => {
    expect(usageText(samples, NOW)).toBe(expected);
  });

  test('a window that has been reset since is left out', () => {
    expect(usageText([sample('10:00', 0.62, 0.31)], '2026-11-21T12:00:00.000Z')).toBe('wk 31%');
  });
});

describe('the forecast', () => {
  test.each<[string, UsageSample[], string | null]>([
    ['one sample has no pace', [sample('10:00', 0.9)], null],
    ['nor have two of the same minute', [sample('10:00', 0.5), sample('10:00', 0.9)], null],
    ['nor those without a time', [sample(null, 0.5), sample('10:00', 0.9)], null],
    ['nobody uses it', [sample('09:00', 0.9), sample('10:00', 0.9)], null],
    ['full is no forecast', [sample('09:00', 0.9), sample('10:00', 1)], null],
    ['full after its reset', [sample('08:00', 0.1), sample('10:00', 0.49)], null],
    ['full in time', [sample('09:00', 0.5), sample('10:00', 0.75)], '2026-11-21T11:00:00.000Z'],
  ])('%s', (_name, samples, fullAt) => {
    expect(usageForecast(samples, NOW)?.fullAt ?? null).toBe(fullAt);
  });

  test('what was measured before the last reset says nothing', () => {
    const old = { ...sample('09:00', 0.1), fiveHour: { utilization: 0.1, resetsAt: NOW } };
    expect(usageForecast([old, sample('10:00', 0.9)], NOW)).toBeNull();
  });

  test('a straight line that should have ended already ends now', () => {
    const samples = [sample('08:00', 0.5), sample('09:00', 0.9)];
    expect(usageForecast(samples, NOW)).toEqual({ window: 'fiveHour', fullAt: NOW });
  });
});

describe('what the agent hears', () => {
  const info = (fields: object): RateLimitInfo => parseRateLimitInfo(fields);

  test('an event about one window leaves the other as it was', () => {
    const week = info({ rateLimitType: 'seven_day', utilization: 0.8, resetsAt: 1_795_647_319 });
    const hours = info({ rateLimitType: 'five_hour', utilization: 0.9, resetsAt: 1_795_256_319 });
    expect(withUsage(withUsage([], week, NOW), hours, NOW).at(-1)).toEqual({
      at: NOW,
      fiveHour: { utilization: 0.9, resetsAt: '2026-11-21T10:18:39.000Z' },
      sevenDay: { utilization: 0.8, resetsAt: '2026-11-25T22:55:19.000Z' },
    });
  });

  test('an event about a model or about extra usage says nothing of the windows', () => {
    expect(withUsage([], info({ rateLimitType: 'seven_day_opus', utilization: 0.8 }), NOW)).toEqual([]);
    expect(withUsage([], info({ rateLimitType: 'overage' }), NOW)).toEqual([]);
  });

  test('samples stay few', () => {
    let samples: readonly UsageSample[] = [];
    for (let i = 0; i < 200; i++)
      samples = withUsage(samples, info({ rateLimitType: 'five_hour', utilization: i / 200 }), NOW);
    expect(samples).toHaveLength(32);
    expect(samples.at(-1)?.fiveHour?.utilization).toBe(0.995);
  });

  test('recorded runs of both versions', () => {
    const reader = new StreamReader();
    reader.feed(readTranscript('sub-mid-run').bytes, NOW);
    const { usage } = reader.digest;
    expect(usage.map(({ fiveHour, sevenDay }) => [fiveHour?.utilization, sevenDay?.utilization])).toEqual([
      [0.41, 0.12],
      [0.92, 0.12],
      [1, 0.35],
    ]);
    expect(usageText(usage, '2026-11-21T09:00:00.000Z')).toBe('5h 100% wk 35%');
    expect(
      digestOf(readTranscript('sub-mid-run.v2.1.197').bytes).usage.map(({ fiveHour }) => fiveHour?.utilization),
    ).toEqual([null, 0.92, null]);
  });
});
