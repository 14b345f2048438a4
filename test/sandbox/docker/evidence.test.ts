// The ways to die (facts/sandbox.md 1.2) as evidence.
import { describe, expect, test } from 'vitest';
import type { ContainerState } from '../../../src/sandbox/docker/container-state.ts';
import {
  type EngineEvent,
  type Evidence,
  exitOf,
  exitOfRemoved,
  NO_EVIDENCE,
  withEvent,
  withOomKillCount,
} from '../../../src/sandbox/docker/evidence.ts';
import { engineTime } from '../../../src/sandbox/docker/wait.ts';

function state(changes: Partial<ContainerState>): ContainerState {
  return {
    Status: 'exited',
    Running: false,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: 0,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-11-21T10:17:32.579126026Z',
    FinishedAt: '2026-11-21T10:17:38.147576261Z',
    ...changes,
  };
}

function kill(signal: string): EngineEvent {
  return { Action: 'kill', Actor: { Attributes: { name: 'x', signal } } };
}

const CREATE = { Action: 'create' };
const START = { Action: 'start' };
const OOM = { Action: 'oom' };
const DIE = { Action: 'die' };

function seen(events: readonly EngineEvent[], counts: readonly (number | null)[] = []): Evidence {
  return counts.reduce(withOomKillCount, events.reduce(withEvent, NO_EVIDENCE));
}

const TIMES = { startedAt: '2026-11-21T10:17:32.579126026Z', finishedAt: '2026-11-21T10:17:38.147576261Z' };
const CLEAN = { oomKilled: false, oomKillCount: 0, startError: null, killEventSeen: false, daemonGap: false, ...TIMES };

describe('a container that ended', () => {
  test.each([
    ['exit 0', state({}), seen([CREATE, START, DIE]), { ...CLEAN, code: 0 }],
    ['exit 3', state({ ExitCode: 3 }), seen([CREATE, DIE]), { ...CLEAN, code: 3 }],
    [
      'killed for memory, and the counter was read in time',
      state({ ExitCode: 137, OOMKilled: true }),
      seen([CREATE, OOM, OOM, OOM, DIE], [0, 1]),
      { ...CLEAN, code: 137, oomKilled: true, oomKillCount: 1 },
    ],
    [
      'killed for memory, and events are no count',
      state({ ExitCode: 137, OOMKilled: true }),
      seen([CREATE, OOM, OOM, OOM, DIE], [0, null]),
      { ...CLEAN, code: 137, oomKilled: true, oomKillCount: null },
    ],
    [
      'three children killed for memory, exit 5',
      state({ ExitCode: 5, OOMKilled: true }),
      seen([CREATE, OOM, DIE], [1, 3, 2]),
      { ...CLEAN, code: 5, oomKilled: true, oomKillCount: 3 },
    ],
    [
      'an engine that does not say OOMKilled, but has sent the event',
      state({ ExitCode: 137 }),
      seen([CREATE, OOM, DIE]),
      { ...CLEAN, code: 137, oomKilled: true, oomKillCount: null },
    ],
    [
      'docker kill',
      state({ ExitCode: 137 }),
      seen([CREATE, kill('9'), DIE]),
      { ...CLEAN, code: 137, killEventSeen: true },
    ],
    [
      'docker stop',
      state({ ExitCode: 143 }),
      seen([CREATE, kill('15'), DIE]),
      { ...CLEAN, code: 143, killEventSeen: true },
    ],
    ['a harmless signal', state({ ExitCode: 1 }), seen([CREATE, kill('10'), DIE]), { ...CLEAN, code: 1 }],
    ['kill -9 on the host', state({ ExitCode: 137 }), seen([CREATE, DIE]), { ...CLEAN, code: 137 }],
    [
      'killed for memory while the engine was down',
      state({ ExitCode: 137 }),
      { ...NO_EVIDENCE, gap: true },
      { ...CLEAN, code: 137, oomKillCount: null, daemonGap: true },
    ],
    [
      'an engine that has forgotten',
      state({ ExitCode: 143 }),
      seen([]),
      { ...CLEAN, code: 143, oomKillCount: null, daemonGap: true },
    ],
  ])('%s', (_, containerState, evidence, exit) => {
    expect(exitOf(containerState, evidence, null)).toEqual(exit);
  });
});

test('a short life does not begin after its end', () => {
  const short = state({ StartedAt: '2026-11-21T10:17:32.579126026Z', FinishedAt: '2026-11-21T10:17:32.577576261Z' });
  const end = '2026-11-21T10:17:32.577576261Z';
  expect(exitOf(short, seen([CREATE]), null)).toMatchObject({ startedAt: end, finishedAt: end });
});

describe('a container that never started', () => {
  const never = { StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z', Status: 'created' };

  test('says why', () => {
    const exit = exitOf(state({ ...never, ExitCode: 127, Error: 'exec: "x": not found' }), seen([CREATE]), null);
    expect(exit).toMatchObject({ code: 127, startError: 'exec: "x": not found', startedAt: null, finishedAt: null });
  });

  test('and of which nothing is known has no exit code', () => {
    const exit = exitOf(state(never), seen([CREATE]), null);
    expect(exit).toMatchObject({ code: null, startError: 'it was created, but never started' });
  });
});

test('a removed container keeps what was seen before', () => {
  expect(exitOfRemoved(seen([CREATE, kill('9'), DIE], [0]))).toEqual({
    code: null,
    oomKilled: false,
    oomKillCount: null,
    startError: null,
    killEventSeen: true,
    daemonGap: false,
    startedAt: null,
    finishedAt: null,
  });
});

test.each([
  ['2026-11-21T10:17:32.41825918Z', '1795256252.418259180'],
  ['2026-11-21T10:17:32Z', '1795256252.000000000'],
])('the engine’s time of %s', (iso, time) => {
  expect(engineTime(iso)).toBe(time);
});
