import { expect, test } from 'vitest';
import {
  isAlive,
  parseStat,
  readBootId,
  readStat,
  wasStartedWith,
} from '../../../src/system/processes/process-table.ts';

const TAIL = '0 -1 4194560 120 40 0 0 7 5 3 2 20 0 1 0 165579 2654208 134 18446744073709551615';

test.each([
  ['a plain name', `4242 (sh) S 41 4242 4242 ${TAIL}`],
  ['spaces', `4242 (tmux: server) S 41 4242 4242 ${TAIL}`],
  ['brackets that look like the end', `4242 (a) R 1 1) S 41 4242 4242 ${TAIL}`],
])('a stat line with %s in the name', (_, line) => {
  expect(parseStat(line)).toEqual({ pid: 4242, parentPid: 41, state: 'S', startTicks: 165579, cpuTicks: 17 });
});

test.each(['', 'nonsense', '12 (cut', '12 (sh) S 41'])('%j is no stat line', (line) => {
  expect(parseStat(line)).toBeNull();
});

test('this process is alive, and another with its pid would not be it', () => {
  const own = readStat(process.pid);
  expect(own).toMatchObject({ pid: process.pid, parentPid: process.ppid });
  expect(isAlive({ pid: process.pid, startTicks: own?.startTicks ?? -1 })).toBe(true);
  expect(isAlive({ pid: process.pid, startTicks: (own?.startTicks ?? 0) + 1 })).toBe(false);
  expect(readStat(2 ** 22 + 1)).toBeNull();
});

test('an environment entry counts only whole', () => {
  const path = process.env.PATH ?? '';
  expect(wasStartedWith(process.pid, `PATH=${path}`)).toBe(true);
  expect(wasStartedWith(process.pid, `PATH=${path.slice(0, -1)}`)).toBe(false);
  expect(wasStartedWith(process.pid, `ATH=${path}`)).toBe(false);
});

test('the boot id is a UUID', () => {
  expect(readBootId()).toMatch(/^[0-9a-f-]{36}$/);
});
