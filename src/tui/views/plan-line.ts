// The third line: how much of the plan is done, and when the rest will be, at this run's own pace.
import { formatCost } from '../../report/spend.ts';
import type { StatusReport } from '../../report/status.ts';
import { formatWhen } from '../../text/clock.ts';
import { formatAge } from '../../text/duration.ts';
import { bar } from '../parts/bar.ts';
import { fitParts, type Part } from '../parts/fit-parts.ts';
import { type Line, line, lineWidth, span } from '../parts/line.ts';
import type { History } from '../store/history.ts';

export interface PlanLineOptions {
  readonly now: number;
  readonly columns: number;
  readonly timeZone: string | undefined;
}

export function planLine(report: StatusReport, history: History, options: PlanLineOptions): Line {
  const { columns } = options;
  const label = span(columns >= 100 ? '  plan  ' : ' plan ', 'dim');
  if (report.tasks === null) return [label, span('no plan yet')];
  const { completed, remaining } = report.tasks;
  const counts = span(`${completed}/${completed + remaining} `);
  const barCells = Math.max(6, Math.min(24, Math.floor(columns * 0.18)));
  const before: Line = [label, counts, span(bar(completed, completed + remaining, barCells), 'good'), span('  ')];
  const room = columns - lineWidth(before);
  return [
    ...before,
    ...(remaining === 0 ? line('all done', 'good') : fitParts(restParts(report, history, options), room, '')),
  ];
}

function restParts(report: StatusReport, history: History, { now, timeZone }: PlanLineOptions): Part[] {
  const open = report.tasks?.remaining ?? 0;
  const { eta, asked } = report;
  const cost = costToCome(history, open);
  return [
    { forms: [`${open} open`], rank: 0 },
    { forms: eta === null ? [] : [` × ~${formatAge(eta.perTaskMs)}`], rank: 3 },
    { forms: eta === null || eta.at === null ? [] : [` → ~${formatWhen(eta.at, now, timeZone)}`], rank: 1 },
    { forms: eta === null || eta.at !== null ? [] : [`, ~${formatAge(eta.remainingMs)} left`], rank: 1 },
    { forms: cost === null || report.phase === 'finished' ? [] : [`, ${cost} more`, ` ${cost}`], rank: 2 },
    { forms: asked === null ? [] : [` · ${asked}s after this iteration`, ` · ${asked} asked`], tone: 'waits', rank: 0 },
  ];
}

/** What the open tasks will cost if they cost what the finished ones did; null before one is finished. */
function costToCome(history: History, open: number): string | null {
  let finished = 0;
  let costUsd = 0;
  for (const entry of history.entries) {
    if (entry.kind !== 'attempt') continue;
    finished += entry.receipt.tasksFinished.length;
    costUsd += entry.receipt.costUsd;
  }
  if (finished === 0 || costUsd === 0) return null;
  return formatCost({ costUsd: (costUsd / finished) * open, costBasis: 'estimated' });
}
