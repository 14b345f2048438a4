// Frames of the engine's stats as Docker 20.10 sends them on cgroup v1, cut to what is read, and the v2 names.
import { expect, test } from 'vitest';
import { vitalsOfFrame } from '../../../src/sandbox/docker/stats-frame.ts';

const FRAME = {
  read: '2026-11-21T10:17:37.608945147Z',
  pids_stats: { current: 8 },
  cpu_stats: { cpu_usage: { total_usage: 4971365975 }, system_cpu_usage: 4561390000000, online_cpus: 2 },
  precpu_stats: { cpu_usage: { total_usage: 4021860822 }, system_cpu_usage: 4559390000000, online_cpus: 2 },
  memory_stats: { usage: 74985472, stats: { inactive_file: 1, total_inactive_file: 462848 }, limit: 314572800 },
};

test('a running container', () => {
  expect(vitalsOfFrame(FRAME)).toEqual({
    at: '2026-11-21T10:17:37.608Z',
    memoryBytes: 74985472 - 462848,
    limitBytes: 314572800,
    cpuPercent: expect.closeTo(94.95, 2),
    processes: 8,
  });
});

test('cgroup v2 has no totals', () => {
  const frame = { ...FRAME, memory_stats: { usage: 1000, stats: { inactive_file: 400 }, limit: 2000 } };
  expect(vitalsOfFrame(frame)?.memoryBytes).toBe(600);
});

test('the first frame has nothing before it', () => {
  const first = { ...FRAME, precpu_stats: { cpu_usage: { total_usage: 0 } } };
  expect(vitalsOfFrame(first)?.cpuPercent).toBeLessThan(1);
});

test('a container that has ended', () => {
  expect(vitalsOfFrame({ read: '0001-01-01T00:00:00Z', pids_stats: {}, cpu_stats: {}, memory_stats: {} })).toBe(null);
});
