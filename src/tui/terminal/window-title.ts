// What the run tells those who are not looking: the window's title, and a bell when a person is needed.
import { phaseWords } from '../../report/phase-words.ts';
import { formatCost } from '../../report/spend.ts';
import type { StatusReport } from '../../report/status.ts';
import { toAscii } from '../../text/glyphs.ts';

/** `ralph 12/30 > $3.10`; printable ASCII, since it ends up in other programs' status bars. */
export function windowTitle(report: StatusReport): string {
  const { glyph, word } = phaseWords(report);
  const iteration =
    report.maxIterations === null ? `${report.iteration}` : `${report.iteration}/${report.maxIterations}`;
  const state = report.phase === 'running' && report.supervisor.alive !== false ? glyph : word;
  const cost = report.costUsd > 0 ? ` ${formatCost(report)}` : '';
  return toAscii(`ralph ${iteration} ${state}${cost}`);
}

/** Whether something happened that only a person can help with, or that a person waits for. */
export function needsBell(before: StatusReport, after: StatusReport): boolean {
  const isNew = (condition: (report: StatusReport) => boolean) => condition(after) && !condition(before);
  return (
    isNew((report) => report.needsYou) ||
    isNew((report) => report.phase === 'finished' && report.exitReason !== 'stopped')
  );
}
