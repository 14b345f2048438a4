// The status of a run for people: some aligned lines, and one line for the status bar of a terminal.
import { basename } from 'node:path';
import { formatBytes, formatBytesOf } from '../text/bytes.ts';
import { formatWhen } from '../text/clock.ts';
import { formatCount } from '../text/count.ts';
import { formatAge, formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';
import { truncateToWidth } from '../text/width.ts';
import { joinParts } from './join-parts.ts';
import { blockedParts, type NowOptions, nowParts } from './now-line.ts';
import { phaseWords } from './phase-words.ts';
import { formatCost, tokenTotal } from './spend.ts';
import type { StatusReport } from './status.ts';

export interface TextOptions extends NowOptions {
  /** Cells that a line may take. */
  readonly columns: number;
}

const WARNINGS_SHOWN = 3;

export function statusLines(report: StatusReport, options: TextOptions): string[] {
  const { columns } = options;
  const line = (label: string, parts: readonly (string | null)[]) => {
    const known = parts.filter((part) => part !== null);
    return known.length === 0 ? [] : joinParts(label.padEnd(9), known, columns);
  };
  return [
    ...headLines(report, columns),
    ...line('why', blockedParts(report, options)),
    ...line('now', nowParts(report, options)),
    ...line('plan', [planPart(report), etaPart(report, options)]),
    ...line('spent', [formatCost(report), `${formatCount(tokenTotal(report.tokens))} tokens`, report.whoPays]),
    ...line('limits', [report.usage]),
    ...line('until', checkParts(report)),
    ...line('memory', [memoryPart(report), cpuPart(report), processPart(report)]),
    ...line('context', [contextPart(report)]),
    ...line('next', askedParts(report)),
    ...report.warnings.slice(-WARNINGS_SHOWN).flatMap((warning) => line('warning', [warning])),
  ];
}

function checkParts({ check, phase }: StatusReport): string[] {
  if (check === null) return [];
  const { command, ok, exitCode, lastLine } = check;
  if (phase === 'checking') return [command, 'running now'];
  if (ok === null) return [command, 'not asked yet'];
  if (ok) return [command, '✓ succeeds'];
  return [
    command,
    exitCode === null ? 'did not finish' : `✗ exit ${exitCode}`,
    ...(lastLine === null || lastLine === '' ? [] : [lastLine]),
  ];
}

/** At most `cells` cells, without `#`: tmux would read formats behind it. */
export function statusBar(report: StatusReport, options: NowOptions, cells = 60): string {
  const { glyph, word } = phaseWords(report);
  const going =
    report.phase === 'running' && report.supervisor.alive !== false && report.engineAway === null && !report.diskFull;
  const parts = [
    glyph,
    report.mode,
    iterationOfMax(report),
    going && report.attemptElapsedMs !== null ? formatAge(report.attemptElapsedMs) : null,
    going ? null : barReason(report, word, options),
    tasksDone(report),
    report.costUsd > 0 ? formatCost(report) : null,
    going ? barMemory(report) : null,
  ];
  const text = parts.filter((part) => part !== null).join(' ');
  return truncateToWidth(text.replaceAll('#', ''), cells);
}

function headLines(report: StatusReport, columns: number): string[] {
  const { glyph, word } = phaseWords(report);
  const ofMax = report.maxIterations === null ? '' : ` of ${report.maxIterations}`;
  const again = report.attempt > 1 ? `, attempt ${report.attempt}` : '';
  const facts = [
    `${glyph} ${word}`,
    report.mode,
    basename(report.repository),
    report.branch ?? 'detached HEAD',
    `iteration ${report.iteration}${ofMax}${again}`,
    report.attemptElapsedMs === null ? null : formatDuration(report.attemptElapsedMs),
    `run ${formatDuration(report.elapsedMs)}`,
  ];
  return joinParts('', [facts.filter((fact) => fact !== null).join('  ')], columns).concat(
    report.work === null ? [] : joinParts('work     ', [report.work], columns),
  );
}

function planPart(report: StatusReport): string | null {
  if (report.tasks === null) return 'no plan';
  const { completed, remaining, removed } = report.tasks;
  const ofThem = removed > 0 ? ` (${removed} removed)` : '';
  return `${completed} done${ofThem}, ${remaining} open`;
}

function etaPart(report: StatusReport, { now, timeZone }: NowOptions): string | null {
  if (report.eta === null) return null;
  const { perTaskMs, remainingMs, at } = report.eta;
  const when = at === null ? '' : ` → ~${formatWhen(at, now, timeZone)}`;
  return `${formatAge(perTaskMs)} a task, ~${formatAge(remainingMs)} left${when}`;
}

function memoryPart(report: StatusReport): string | null {
  const { nowBytes, limitBytes, peakBytes } = report.memory;
  const peak = peakBytes === null ? '' : `peak ${formatBytes(peakBytes)}`;
  if (nowBytes === null) return peak === '' ? null : peak;
  const used = limitBytes === null ? `${formatBytes(nowBytes)} (no limit)` : formatBytesOf(nowBytes, limitBytes);
  return peak === '' ? used : `${used}, ${peak}`;
}

function cpuPart(report: StatusReport): string | null {
  return report.cpuPercent === null ? null : `cpu ${Math.round(report.cpuPercent)}%`;
}

function processPart(report: StatusReport): string | null {
  return report.processes === null ? null : plural(report.processes, 'process', 'processes');
}

function contextPart(report: StatusReport): string | null {
  if (report.context === null || report.context.tokens === 0) return null;
  const { tokens, windowTokens } = report.context;
  const share =
    windowTokens === null ? '' : ` of ${formatCount(windowTokens)} (${Math.round((tokens / windowTokens) * 100)}%)`;
  return `${formatCount(tokens)}${share} tokens`;
}

function askedParts({ asked, modeAsked }: StatusReport): string[] {
  return [
    ...(asked === null ? [] : [`${asked}s after this iteration`, 'take it back with: ralph-tui resume']),
    ...(modeAsked === null ? [] : [`mode ${modeAsked} from the next iteration on`]),
  ];
}

function iterationOfMax(report: StatusReport): string {
  return report.maxIterations === null ? `${report.iteration}` : `${report.iteration}/${report.maxIterations}`;
}

function tasksDone(report: StatusReport): string | null {
  return report.tasks === null ? null : `${report.tasks.completed}/${report.tasks.completed + report.tasks.remaining}`;
}

function barMemory(report: StatusReport): string | null {
  const { nowBytes, limitBytes } = report.memory;
  if (nowBytes === null) return null;
  return limitBytes === null ? formatBytes(nowBytes) : formatBytesOf(nowBytes, limitBytes);
}

function barReason(report: StatusReport, word: string, { now, timeZone }: NowOptions): string {
  if (report.supervisor.alive === false) return word;
  if (report.diskFull) return word.toLowerCase();
  if (report.waiting !== null) return `waits until ${formatWhen(report.waiting.until, now, timeZone)}`;
  if (report.needsYou && report.paused !== null) return `${word} ${truncateToWidth(report.paused.message, 24)}`;
  return word.toLowerCase();
}
