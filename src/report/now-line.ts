// The answer to “why does nothing happen”: what the run is at, how old each sign of life is, and what it waits for.
import { formatWhen } from '../text/clock.ts';
import { formatAge, formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';
import { truncateAtFront, truncateToWidth } from '../text/width.ts';
import type { StatusReport } from './status.ts';

export interface NowOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
}

const TASK_CELLS = 60;
const COMMAND_CELLS = 50;
const DISK_CELLS = 60;

/** Task, tool and its age, last output, last commit, last tick, files. Empty when the run is finished. */
export function nowParts(report: StatusReport, { now }: NowOptions): string[] {
  if (report.phase === 'finished') return [];
  const task = report.currentTask === null ? 'no open task' : truncateToWidth(report.currentTask, TASK_CELLS);
  const running = report.phase === 'running';
  return [
    task,
    ...(running ? [report.retry ?? toolPart(report), age('output', report.lastOutputAt, now)] : []),
    age('commit', report.lastCommitAt, now),
    age('tick', report.lastTickAt, now),
    ...(report.filesChanged > 0 ? [plural(report.filesChanged, 'file')] : []),
  ];
}

/** What keeps the run from going on, and what helps; empty while it goes on. */
export function blockedParts(report: StatusReport, { now, timeZone }: NowOptions): string[] {
  if (report.supervisor.alive === false) {
    return ['no supervisor: it died', 'the next command starts it again, such as: ralph-tui resume'];
  }
  if (report.diskFull) {
    const then = isPausedOtherwise(report) ? ', then: ralph-tui resume' : ': the run goes on by itself';
    return [`free some space${then}`, `the disk is full: ${truncateAtFront(report.fullDisk ?? '', DISK_CELLS)}`];
  }
  if (report.engineAway !== null) {
    const { since, why } = report.engineAway;
    return [`the engine is away for ${formatAge(now - Date.parse(since))}: ${why}`, 'the run goes on when it is back'];
  }
  if (report.waiting !== null) {
    const { until, why } = report.waiting;
    const left = formatAge(Date.parse(until) - now);
    return [`waiting until ${formatWhen(until, now, timeZone)} (${left} left): ${why}`, 'try now: ralph-tui resume'];
  }
  if (report.paused !== null) {
    const { message, help, since } = report.paused;
    const word = report.needsYou ? 'NEEDS YOU' : 'paused';
    return [`${word} for ${formatAge(now - Date.parse(since))}: ${message}`, ...(help === null ? [] : [help])];
  }
  if (report.phase === 'checking' && report.check !== null)
    return [`checking whether it is done: ${report.check.command}`];
  if (report.phase === 'finished') {
    const next = report.nextCommand === null ? [] : [`next: ${report.nextCommand}`];
    return [`${report.exitMessage} (exit ${report.exitCode})`, ...next];
  }
  return [];
}

/** A person's pause is not over when there is space. */
function isPausedOtherwise({ paused }: StatusReport): boolean {
  return paused !== null && paused.kind !== 'disk_full';
}

function toolPart(report: StatusReport): string {
  const { tool } = report;
  if (tool === null) return report.lastOutputAt === null ? 'agent is starting' : 'no tool running';
  const what = tool.summary === '' ? '' : ` \`${truncateToWidth(tool.summary, COMMAND_CELLS)}\``;
  const since = tool.elapsedMs === null ? '' : ` ${formatDuration(tool.elapsedMs)}`;
  const others = tool.others > 0 ? ` (+${tool.others})` : '';
  return `${tool.name}${what}${since}${others}`;
}

function age(what: string, at: string | null, now: number): string {
  return at === null ? `no ${what} yet` : `${what} ${formatAge(now - Date.parse(at))}`;
}
