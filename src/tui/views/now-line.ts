// The second line answers “why does nothing happen”: what runs and how old each sign of life is, or what keeps the run
// from going on and which key helps.
import { blockedParts, nowParts } from '../../report/now-line.ts';
import type { StatusReport } from '../../report/status.ts';
import { truncateAtFront } from '../../text/width.ts';
import { fitParts, type Part } from '../parts/fit-parts.ts';
import { type Line, span } from '../parts/line.ts';
import { phaseTone } from './status-line.ts';

export interface NowLineOptions {
  readonly now: number;
  readonly columns: number;
  readonly timeZone: string | undefined;
}

export function nowLine(report: StatusReport, { now, columns, timeZone }: NowLineOptions): Line {
  const label = columns >= 100 ? '  now   ' : ' now  ';
  const [reason] = blockedParts(report, { now, timeZone });
  const room = columns - label.length;
  if (reason !== undefined) {
    const parts: Part[] = [
      { forms: [reason], tone: phaseTone(report), rank: 0 },
      { forms: report.fullDisk === null ? [helpingKeys(report)] : diskForms(report.fullDisk), tone: 'plain', rank: 1 },
    ];
    const word = report.phase === 'finished' ? 'end' : 'why';
    return [span(label.replace('now', word), 'dim'), ...fitParts(parts, room, ' · ')];
  }
  const parts = nowParts(report, { now, timeZone }).map(
    (text, index): Part => ({
      forms: index === 0 ? shorter(text) : [text, withoutCommand(text)],
      tone: 'plain',
      rank: index,
    }),
  );
  return [span(label, 'dim'), ...fitParts(parts, room, ' · ')];
}

/** A long task gives way to what happens with it. */
function shorter(task: string): string[] {
  return [task, ...[40, 28].filter((cells) => task.length > cells).map((cells) => `${task.slice(0, cells - 1)}…`)];
}

/** Of a running tool its name and age count more than what it was told. */
function withoutCommand(part: string): string {
  return part.replace(/ `.*`/, '');
}

/** The end of a path tells more than its beginning. */
function diskForms(disk: string): string[] {
  return [disk, ...[60, 40, 30, 20].map((cells) => truncateAtFront(disk, cells))];
}

function helpingKeys(report: StatusReport): string {
  if (report.supervisor.alive === false) return 'it is started again';
  if (report.engineAway !== null) return 'the run goes on when it is back';
  if (report.waiting !== null) return 'c tries now';
  if (report.paused !== null) return report.paused.kind === 'after_stop' ? 'p asks how to go on' : 'p goes on';
  return report.nextCommand === null ? '' : `next: ${report.nextCommand}`;
}
