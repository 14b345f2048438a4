// Waits for a container's end and gathers the evidence on the way. The truth is what inspect says; the wait call
// and the events only tell when to look, and every new connection begins with a look.
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { Exit, SandboxId } from '../../core/sandbox.ts';
import { type Cgroup, locateCgroup, readOomKillCount } from './cgroup.ts';
import { startErrorIn } from './command.ts';
import { type InspectedContainer, inspectContainer, isRunning, nullIfGone, timeOrNull } from './container-state.ts';
import { DEFAULT_DEADLINE_MS, type Engine, isEngineAway } from './engine.ts';
import {
  type EngineEvent,
  type Evidence,
  exitOf,
  exitOfRemoved,
  NO_EVIDENCE,
  withEvent,
  withOomKillCount,
} from './evidence.ts';
import { BrokenStream, jsonLines } from './json-lines.ts';
import { Outage, type OutagePolicy } from './outage.ts';
import { stderrTail } from './output.ts';

/** Between two readings of the kernel's counter, which cost 30 µs. */
const COUNTER_PERIOD_MS = 1_000;
/** Between two looks at the container beside the wait call: a hung engine is noticed. */
const LOOK_PERIOD_MS = 5_000;
/** The `die` event follows the end of the wait call within milliseconds; the events before it are then here, too. */
const DIE_EVENT_MS = 1_000;
/** The engine notes a kill after it sent the signal: the event may come behind the end, and behind `die` (tried). */
const LATE_KILL_MS = 1_000;
/** The wait call itself lasts as long as the container. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

/**
 * Resolves when the container has ended, or is gone (`code` null).
 * @throws SandboxError `engine_away` when the engine stays away; the signal's reason when aborted
 */
export async function waitForExit(
  engine: Engine,
  id: SandboxId,
  signal: AbortSignal,
  policy: OutagePolicy,
): Promise<Exit> {
  const outage = new Outage(policy);
  const watch: Watch = { engine, id, evidence: NO_EVIDENCE };
  for (;;) {
    signal.throwIfAborted();
    try {
      const container = await inspectContainer(engine, id, { signal });
      outage.over();
      if (container === null) return exitOfRemoved(watch.evidence);
      if (!isRunning(container)) return await concluded(watch, container, signal);
      await watchRunning(watch, container, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isEngineAway(error) && !(error instanceof BrokenStream)) throw error;
      watch.evidence = { ...watch.evidence, gap: true };
      await outage.pause(error, signal);
    }
  }
}

interface Watch {
  readonly engine: Engine;
  readonly id: SandboxId;
  evidence: Evidence;
}

/** Follows a running container on one set of connections; returns when it seems to have ended. */
async function watchRunning(watch: Watch, container: InspectedContainer, outer: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const cgroup = await locateCgroup(container.state.Pid, container.id);
  const count = () => {
    if (cgroup !== null) watch.evidence = withOomKillCount(watch.evidence, readOomKillCount(cgroup));
  };
  try {
    count();
    const events = await openEvents(watch, container, null, signal);
    const died = readUntilDeath(watch, events, cgroup);
    // Settled by the abort below at the latest; its failure is of interest only in the race.
    died.catch(() => {});
    const broken = died.then(() => {
      if (!watch.evidence.dieSeen) throw new BrokenStream('its events ended');
    });
    const ended = waitCall(watch, signal);
    const looked = lookNowAndThen(watch, count, signal);
    for (const promise of [broken, ended, looked]) promise.catch(() => {});
    await Promise.race([ended, broken, looked]);
    await Promise.race([died, sleep(DIE_EVENT_MS, undefined, { signal })]);
  } finally {
    over.abort();
  }
}

/** Resolves at the container's end; also when it is removed, or was before. */
async function waitCall({ engine, id }: Watch, signal: AbortSignal): Promise<void> {
  await nullIfGone(
    engine.call('wait for the sandbox', (abortSignal) => engine.docker.getContainer(id).wait({ abortSignal }), {
      signal,
      deadlineMs: NO_DEADLINE_MS,
    }),
  );
}

/** Resolves when a look finds the container ended although nothing said so. */
async function lookNowAndThen({ engine, id }: Watch, count: () => void, signal: AbortSignal): Promise<void> {
  for (let elapsedMs = COUNTER_PERIOD_MS; ; elapsedMs += COUNTER_PERIOD_MS) {
    await sleep(COUNTER_PERIOD_MS, undefined, { signal });
    count();
    if (elapsedMs % LOOK_PERIOD_MS === 0 && !isRunning(await inspectContainer(engine, id, { signal }))) return;
  }
}

/** The container's events since its creation; those until `untilMs` (since 1970), or without an end. */
async function openEvents(
  { engine, id }: Watch,
  container: InspectedContainer,
  untilMs: number | null,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options = {
    since: engineTime(container.createdAt),
    ...(untilMs === null ? {} : { until: engineTime(new Date(untilMs).toISOString()) }),
    filters: { container: [id], event: ['create', 'kill', 'oom', 'die'] },
  };
  const stream = await engine.call(
    'show its events',
    // dockerode's types know whole seconds only.
    (abortSignal) => engine.docker.getEvents({ ...options, abortSignal } as unknown as Dockerode.GetEventsOptions),
    { signal },
  );
  return stream as IncomingMessage;
}

/** Takes events in until the container died, or the stream ended. */
async function readUntilDeath(watch: Watch, stream: IncomingMessage, cgroup: Cgroup | null): Promise<void> {
  for await (const event of jsonLines(stream)) {
    watch.evidence = withEvent(watch.evidence, event as EngineEvent);
    if ((event as EngineEvent).Action === 'oom' && cgroup !== null) {
      watch.evidence = withOomKillCount(watch.evidence, readOomKillCount(cgroup));
    }
    if (watch.evidence.dieSeen) return;
  }
}

/** The exit of a container that has ended; asks for the events' history where those that came do not explain it. */
async function concluded(watch: Watch, container: InspectedContainer, signal: AbortSignal): Promise<Exit> {
  if (!isExplained(container, watch.evidence)) await readHistory(watch, container, signal);
  const { ExitCode } = container.state;
  const mayBeStart = ExitCode === 126 || ExitCode === 127;
  const startError = mayBeStart ? startErrorIn(await stderrTail(watch.engine, watch.id, signal)) : null;
  return exitOf(container.state, watch.evidence, startError);
}

/** Somebody followed the events to the end, and whoever sent the signal that ended it is known. */
function isExplained({ state }: InspectedContainer, { dieSeen, killSeen, oomSeen }: Evidence): boolean {
  const bySignal = state.ExitCode > 128;
  return dieSeen && (!bySignal || killSeen || oomSeen || state.OOMKilled);
}

async function readHistory(watch: Watch, container: InspectedContainer, signal: AbortSignal): Promise<void> {
  const finishedAt = timeOrNull(container.state.FinishedAt);
  if (finishedAt === null) return;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(DEFAULT_DEADLINE_MS)]);
  const untilMs = Date.parse(finishedAt) + LATE_KILL_MS;
  for await (const event of jsonLines(await openEvents(watch, container, untilMs, inTime))) {
    watch.evidence = withEvent(watch.evidence, event as EngineEvent);
    if (isExplained(container, watch.evidence)) return;
  }
}

/** The engine takes times as `seconds.nanoseconds` only. ISO 8601 in, with nanoseconds. */
export function engineTime(iso: string): string {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '0';
  return `${Math.floor(Date.parse(iso) / 1_000)}.${fraction.padEnd(9, '0')}`;
}
