// What happened in a run, in its order, made of the journal: attempts, waits and pauses, commits, warnings, pushes.
// The core's state keeps what decisions need; this keeps what people look back at.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { Event, PauseReason, WaitKind } from '../../core/events.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { UndoNote } from '../../core/run-command.ts';
import { markUndone } from '../../core/state/undone.ts';
import { changeWords } from '../../report/instruction-words.ts';
import { safeReceipt } from '../../report/safe-receipt.ts';
import { safeLine } from '../../text/sanitize.ts';

export type HistoryEntry =
  | { readonly kind: 'attempt'; readonly key: string; readonly receipt: Receipt }
  | {
      readonly kind: 'wait';
      readonly key: string;
      readonly waitKind: WaitKind;
      readonly since: string;
      readonly until: string;
      /** Null while it lasts. */
      readonly endedAt: string | null;
      readonly why: string;
    }
  | {
      readonly kind: 'pause';
      readonly key: string;
      readonly reason: PauseReason['kind'];
      readonly since: string;
      readonly endedAt: string | null;
      readonly message: string;
    }
  /** Something that changes how the run goes on. */
  | {
      readonly kind: 'mark';
      readonly key: string;
      readonly at: string;
      readonly text: string;
      readonly isTrouble: boolean;
    };

export interface SeenCommit {
  readonly sha: string;
  readonly subject: string;
  readonly at: string;
  /** The iteration that made it. */
  readonly iteration: number;
}

export interface SeenWarning {
  readonly at: string;
  readonly iteration: number;
  readonly message: string;
}

export interface SeenPush {
  readonly at: string;
  readonly ok: boolean;
  readonly branch: string;
  readonly message: string;
}

/** Immutable; a fold over the journal's events. Texts are safe to show. */
export interface History {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Oldest first, each once. */
  readonly commits: readonly SeenCommit[];
  readonly warnings: readonly SeenWarning[];
  readonly lastPush: SeenPush | null;
  /** The iteration that runs, or ran last. */
  readonly iteration: number;
}

export const NO_HISTORY: History = { entries: [], commits: [], warnings: [], lastPush: null, iteration: 1 };

const WARNINGS_KEPT = 100;

export function remember(history: History, event: Event): History {
  switch (event.type) {
    case 'attempt_starting':
      return { ...closed(history, event.at), iteration: event.iteration };
    case 'attempt_sealed':
      return withCommits(
        withEntry(history, { kind: 'attempt', key: attemptKey(event), receipt: safeReceipt(event.receipt) }),
        [...event.receipt.commits].reverse(),
        event.iteration,
      );
    case 'commits_seen':
      return withCommits(history, [...event.commits].reverse(), history.iteration);
    case 'waiting':
      return withEntry(closed(history, event.at), {
        kind: 'wait',
        key: `w${event.at}`,
        waitKind: event.kind,
        since: event.at,
        until: event.until,
        endedAt: null,
        why: safeLine(event.why),
      });
    case 'paused':
      return withEntry(closed(history, event.at), {
        kind: 'pause',
        key: `p${event.at}`,
        reason: event.reason.kind,
        since: event.at,
        endedAt: null,
        message: safeLine(event.reason.message),
      });
    case 'instructions_changed':
      return withEntry(history, {
        kind: 'mark',
        key: `m${event.at}${event.file}`,
        at: event.at,
        text: changeWords(event),
        // An agent that writes its own orders is worth a look.
        isTrouble: event.file === 'prompt' && event.by !== 'person',
      });
    case 'mode_changed':
      return withEntry(history, {
        kind: 'mark',
        key: `m${event.at}`,
        at: event.at,
        text: event.mode === 'build' ? 'builds from here on' : 'plans again from here on',
        isTrouble: false,
      });
    case 'woke':
    case 'finished':
      return closed(history, event.at);
    case 'command_received':
      if (event.command.name === 'note_undo') return withUndo(history, event.command, event.at);
      return ['resume', 'restart', 'stop'].includes(event.command.name) ? closed(history, event.at) : history;
    case 'warned': {
      const warning = { at: event.at, iteration: history.iteration, message: safeLine(event.message) };
      return { ...history, warnings: [...history.warnings, warning].slice(-WARNINGS_KEPT) };
    }
    case 'pushed': {
      const { at, ok, branch, message } = event;
      return { ...history, lastPush: { at, ok, branch: safeLine(branch), message: safeLine(message) } };
    }
    default:
      return history;
  }
}

export function attemptKey({ iteration, attempt }: AttemptRef): string {
  return `a${iteration}.${attempt}`;
}

/** A wait or pause that is still open ends at that time. */
function closed(history: History, at: string): History {
  const open = history.entries.findLastIndex(
    (entry) => (entry.kind === 'wait' || entry.kind === 'pause') && entry.endedAt === null,
  );
  if (open < 0) return history;
  return {
    ...history,
    entries: history.entries.map((entry, index) => (index === open ? { ...entry, endedAt: at } : entry)),
  };
}

/** The attempts stay, marked; their commits are on the branch no more. */
function withUndo(history: History, note: UndoNote, at: string): History {
  const marked = {
    ...history,
    entries: history.entries.map((entry) =>
      entry.kind === 'attempt' ? { ...entry, receipt: safeReceipt(markUndone(entry.receipt, note, at)) } : entry,
    ),
    commits: history.commits.filter(({ iteration }) => iteration < note.iteration),
  };
  const text = `undone from iteration ${note.iteration} on`;
  return withEntry(marked, { kind: 'mark', key: `m${at}`, at, text, isTrouble: false });
}

function withEntry(history: History, entry: HistoryEntry): History {
  return { ...history, entries: [...history.entries, entry] };
}

/** @param commits oldest first */
function withCommits(history: History, commits: Receipt['commits'], iteration: number): History {
  const known = new Set(history.commits.map(({ sha }) => sha));
  const fresh = commits
    .filter(({ sha }) => !known.has(sha))
    .map(({ sha, subject, at }) => ({ sha: safeLine(sha), subject: safeLine(subject), at, iteration }));
  return fresh.length === 0 ? history : { ...history, commits: [...history.commits, ...fresh] };
}
