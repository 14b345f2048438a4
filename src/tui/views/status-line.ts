// The first line: what the run is, where it stands, and what it has used.
import { basename } from 'node:path';
import { attemptName } from '../../core/attempt-ref.ts';
import { phaseWords } from '../../report/phase-words.ts';
import { formatCost, tokenTotal } from '../../report/spend.ts';
import type { StatusReport } from '../../report/status.ts';
import { formatBytes, formatBytesOf } from '../../text/bytes.ts';
import { formatCount } from '../../text/count.ts';
import { formatAge, formatDuration } from '../../text/duration.ts';
import { truncateToWidth } from '../../text/width.ts';
import { fitParts, type Part } from '../parts/fit-parts.ts';
import type { Line, Tone } from '../parts/line.ts';
import { contextShare, contextTone } from './context-gauge.ts';

export function statusLine(report: StatusReport, columns: number): Line {
  return fitParts(statusParts(report), columns, columns >= 100 ? '  ' : ' ');
}

function statusParts(report: StatusReport): Part[] {
  const { glyph, word } = phaseWords(report);
  const repository = basename(report.repository);
  const branch = report.branch ?? 'detached HEAD';
  const iteration = `${attemptName(report)}${report.maxIterations === null ? '' : `/${report.maxIterations}`}`;
  return [
    { forms: [`${glyph} ${word}`], tone: phaseTone(report), rank: 0 },
    { forms: report.modeAsked === null ? [report.mode] : [`${report.mode} → ${report.modeAsked}`], rank: 3 },
    { forms: [repository, truncateToWidth(repository, 16)], tone: 'strong', rank: 8 },
    { forms: [branch, truncateToWidth(branch, 16)], rank: 6 },
    { forms: [`iter ${iteration}`, `#${iteration}`], rank: 1 },
    elapsed(report.attemptElapsedMs),
    { forms: [`run ${formatDuration(report.elapsedMs)}`, `run ${formatAge(report.elapsedMs)}`], rank: 9 },
    tokens(report),
    usage(report),
    { forms: report.costUsd > 0 ? [formatCost(report)] : [], rank: 4 },
    memory(report),
    context(report),
  ];
}

function elapsed(attemptElapsedMs: number | null): Part {
  const forms = attemptElapsedMs === null ? [] : [formatDuration(attemptElapsedMs), formatAge(attemptElapsedMs)];
  return { forms, rank: 2 };
}

function tokens(report: StatusReport): Part {
  const total = tokenTotal(report.tokens);
  return { forms: total > 0 ? [`${formatCount(total)} tokens`, `${formatCount(total)} tok`] : [], rank: 10 };
}

/** How full the plan's usage windows are: what decides whether the night goes on. */
function usage({ usage: shares }: StatusReport): Part {
  if (shares === null) return { forms: [], rank: 4 };
  return {
    forms: [shares, shares.replace(/ full in \S+/g, '')],
    tone: shares.includes('full in') ? 'waits' : 'plain',
    rank: 4,
  };
}

function memory({ memory: { nowBytes, limitBytes, peakBytes } }: StatusReport): Part {
  if (nowBytes === null) return { forms: peakBytes === null ? [] : [`peak ${formatBytes(peakBytes)}`], rank: 7 };
  const used = limitBytes === null ? formatBytes(nowBytes) : formatBytesOf(nowBytes, limitBytes);
  const isHigh = limitBytes !== null && nowBytes > limitBytes * 0.9;
  return { forms: [`mem ${used}`], tone: isHigh ? 'bad' : 'plain', rank: 5 };
}

function context({ context: gauge }: StatusReport): Part {
  const share = gauge === null ? null : contextShare(gauge.tokens, gauge.windowTokens);
  if (gauge === null || gauge.tokens === 0) return { forms: [], rank: 7 };
  const text = share === null ? `ctx ${formatCount(gauge.tokens)}` : `ctx ${share}%`;
  return { forms: [text], tone: contextTone(share), rank: 7 };
}

/** Of the whole run: what needs a person is red, what goes on is green, what waits is cyan. */
export function phaseTone(report: StatusReport): Tone {
  if (report.supervisor.alive === false || report.needsYou || report.diskFull) return 'needs_you';
  switch (report.phase) {
    case 'waiting':
    case 'paused':
      return 'waits';
    case 'finished':
      return report.exitCode === 0 ? 'good' : report.exitReason === 'stopped' ? 'strong' : 'bad';
    default:
      return report.engineAway === null ? 'good' : 'waits';
  }
}
