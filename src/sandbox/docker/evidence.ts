// What is known about a container's end besides its exit code, gathered from the engine's events and the kernel's
// counter, and the verdict-free `Exit` that comes of it. Pure; rules and their sources: facts/sandbox.md 1.2.
import type { Exit } from '../../core/sandbox.ts';
import { type ContainerState, timeOrNull } from './container-state.ts';

/** Signals that end a container: through the engine's API anything may be sent. */
const ENDING_SIGNALS = new Set(['1', '2', '3', '6', '9', '15']);

export interface Evidence {
  /** The engine remembers the container's creation: its events are whole since then. */
  readonly createSeen: boolean;
  readonly killSeen: boolean;
  readonly oomSeen: boolean;
  readonly dieSeen: boolean;
  /** The kernel's counter at its last reading; null before the first. */
  readonly oomKillCount: number | null;
  /** A connection broke, or a deadline passed, while the container ran. */
  readonly gap: boolean;
}

export const NO_EVIDENCE: Evidence = {
  createSeen: false,
  killSeen: false,
  oomSeen: false,
  dieSeen: false,
  oomKillCount: null,
  gap: false,
};

/** The part of `GET /events` that is read here. */
export interface EngineEvent {
  readonly Action?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/** What is known after one more event. */
export function withEvent(evidence: Evidence, event: EngineEvent): Evidence {
  switch (event.Action) {
    case 'create':
      return { ...evidence, createSeen: true };
    case 'kill':
      return ENDING_SIGNALS.has(event.Actor?.Attributes?.signal ?? '') ? { ...evidence, killSeen: true } : evidence;
    case 'oom':
      return { ...evidence, oomSeen: true };
    case 'die':
      return { ...evidence, dieSeen: true };
    default:
      return evidence;
  }
}

/** What is known after a reading of the kernel's counter; it never falls. */
export function withOomKillCount(evidence: Evidence, count: number | null): Evidence {
  return count === null ? evidence : { ...evidence, oomKillCount: Math.max(count, evidence.oomKillCount ?? 0) };
}

/** The end of a container that is there, as inspect shows it. `startError`: found in its output, for 126 and 127. */
export function exitOf(state: ContainerState, evidence: Evidence, startError: string | null): Exit {
  const { startedAt, finishedAt } = times(state);
  const neverStarted = startedAt === null;
  const counted = evidence.oomKillCount ?? 0;
  const oomKilled = state.OOMKilled || evidence.oomSeen || counted > 0;
  // The engine forgets its events when it restarts, and the older ones after 256.
  const daemonGap = evidence.gap || (!neverStarted && !evidence.createSeen);
  return {
    // A container that was created and not started has the exit code 0, which nothing ever returned.
    code: neverStarted && state.ExitCode === 0 ? null : state.ExitCode,
    oomKilled,
    oomKillCount: oomKillCount(counted, oomKilled, daemonGap),
    startError: neverStarted ? state.Error || 'it was created, but never started' : startError,
    killEventSeen: evidence.killSeen,
    daemonGap,
    startedAt,
    finishedAt,
  };
}

/** The engine notes a start after it happened: of a short life it says that it began after its end (tried). */
function times(state: ContainerState): Pick<Exit, 'startedAt' | 'finishedAt'> {
  const startedAt = timeOrNull(state.StartedAt);
  const finishedAt = timeOrNull(state.FinishedAt);
  const isReversed = startedAt !== null && finishedAt !== null && Date.parse(startedAt) > Date.parse(finishedAt);
  return { startedAt: isReversed ? finishedAt : startedAt, finishedAt };
}

/** The end of a container that somebody removed: nobody knows more. */
export function exitOfRemoved(evidence: Evidence): Exit {
  const counted = evidence.oomKillCount ?? 0;
  const oomKilled = evidence.oomSeen || counted > 0;
  return {
    code: null,
    oomKilled,
    oomKillCount: oomKillCount(counted, oomKilled, true),
    startError: null,
    killEventSeen: evidence.killSeen,
    daemonGap: evidence.gap,
    startedAt: null,
    finishedAt: null,
  };
}

/** `oom` events are no count (26 for one kill), so without a reading of the kernel's counter the number is unknown. */
function oomKillCount(counted: number, oomKilled: boolean, isIncomplete: boolean): number | null {
  if (counted > 0) return counted;
  return oomKilled || isIncomplete ? null : 0;
}
