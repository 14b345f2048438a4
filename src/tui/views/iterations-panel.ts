// Every attempt of the run with how it ended, and the waits between them, the newest first.
import { assertNever } from '../../core/assert-never.ts';
import { attemptName } from '../../core/attempt-ref.ts';
import { listedWords } from '../../report/outcome-words.ts';
import { medianTaskMs } from '../../report/pace.ts';
import { receiptRow, receiptTotals } from '../../report/receipts.ts';
import { formatCost } from '../../report/spend.ts';
import { formatBytes } from '../../text/bytes.ts';
import { formatHourMinute } from '../../text/clock.ts';
import { formatAge, formatDuration } from '../../text/duration.ts';
import { fitLine, type Line, line, type Span, span } from '../parts/line.ts';
import { listWindow } from '../parts/list-window.ts';
import { type Column, fitColumns, tableHeadings, tableLine } from '../parts/table.ts';
import { attemptKey, type HistoryEntry } from '../store/history.ts';
import type { Model } from '../store/model.ts';
import { shownEntries } from '../ui/panel-rows.ts';
import { contextShare, contextTone, SMART_ZONE } from './context-gauge.ts';
import { cursorMark, withCursor } from './cursor.ts';
import { OUTCOME_TONES } from './outcome-tones.ts';
import type { PanelInput, PanelView } from './panel.ts';

const COMPACT_COLUMNS: readonly Column[] = [
  { key: 'iteration', heading: '', cells: 4, align: 'end', rank: 0 },
  { key: 'outcome', heading: '', cells: 11, align: 'start', rank: 0 },
  { key: 'time', heading: 'time', cells: 5, align: 'end', rank: 1 },
  { key: 'cost', heading: 'cost', cells: 6, align: 'end', rank: 2 },
  { key: 'context', heading: 'ctx', cells: 4, align: 'end', rank: 3 },
  { key: 'memory', heading: 'mem', cells: 5, align: 'end', rank: 4 },
];

/** With so many cells there is room for what an attempt did. */
const WHOLE_CELLS = 54;

const COLUMNS: readonly Column[] = [
  { key: 'iteration', heading: '', cells: 4, align: 'end', rank: 0 },
  { key: 'outcome', heading: '', cells: 13, align: 'start', rank: 0 },
  { key: 'time', heading: 'time', cells: 6, align: 'end', rank: 1 },
  { key: 'cost', heading: 'cost', cells: 6, align: 'end', rank: 2 },
  { key: 'context', heading: 'ctx', cells: 4, align: 'end', rank: 3 },
  { key: 'memory', heading: 'mem', cells: 6, align: 'end', rank: 4 },
  { key: 'space', heading: '', cells: 1, align: 'start', rank: 5 },
  { key: 'did', heading: 'did', cells: 8, align: 'start', rank: 5, grows: true },
];

interface Row {
  readonly key: string;
  readonly line: Line;
}

export function iterationsPanel(input: PanelInput): PanelView {
  const { model, width, height, ui, isFocused } = input;
  const columns = fitColumns(width < WHOLE_CELLS ? COMPACT_COLUMNS : COLUMNS, width - 2);
  const rows = [...runningRow(model, columns), ...shownEntries(model).map((entry) => entryRow(input, columns, entry))];
  const hasTotals = model.history.entries.length > 0 && rows.length > height;
  const room = hasTotals ? height - 1 : height;
  const cursor = rows.findIndex(({ key }) => key === ui.cursors.iterations);
  const { first, count } = listWindow(rows.length, room, cursor);
  const lines = rows.slice(first, first + count).map(({ key, line: drawn }) => {
    const isCursor = isFocused && key === ui.cursors.iterations;
    return withCursor([span(cursorMark(isCursor)), ...drawn], isCursor);
  });
  const hidden = rows.length - first - count;
  const totals = hasTotals ? [fitLine(line(totalsText(model, first, hidden), 'dim'), width - 1)] : [];
  return { labels: tableHeadings(columns, 1), lines: [...lines, ...totals] };
}

/** How many rows are hidden, above or below, and the run as a whole. */
function totalsText({ state }: Model, newer: number, earlier: number): string {
  const { attempts, completed } = receiptTotals(state.receipts);
  const perTaskMs = medianTaskMs(state.receipts);
  const pace = perTaskMs === null ? '' : ` · ${formatAge(perTaskMs)} a task`;
  const hidden = earlier > 0 ? `… ${earlier} earlier · ` : newer > 0 ? `… ${newer} newer · ` : '';
  return ` ${hidden}${completed} of ${attempts} ok${pace}`;
}

function runningRow(model: Model, columns: readonly Column[]): Row[] {
  const { report, state } = model;
  if (state.current === null) return [];
  const { context, memory } = report;
  const share = context === null ? null : contextShare(context.tokens, context.windowTokens);
  const spent = report.costUsd - receiptTotals(state.receipts).costUsd;
  const cells: Record<string, Span> = {
    iteration: span(attemptName(state.current), 'strong'),
    outcome: span(state.current.stopAsked === null ? '▸ running' : '▸ stopping', 'strong'),
    time: span(formatDuration(report.attemptElapsedMs ?? 0)),
    cost: span(spent <= 0 ? '–' : withoutDollar(formatCost({ costUsd: spent, costBasis: 'estimated' }))),
    context: span(share === null ? '–' : `${share}%`, contextTone(share)),
    memory: span(memory.nowBytes === null ? '–' : formatBytes(memory.nowBytes)),
    did: span(report.currentTask ?? '', 'dim'),
  };
  return [{ key: attemptKey(state.current), line: tableLine(columns, cells) }];
}

function entryRow(input: PanelInput, columns: readonly Column[], entry: HistoryEntry): Row {
  switch (entry.kind) {
    case 'attempt': {
      const { receipt } = entry;
      const { iteration, outcome, time, cost, context, memory, did } = receiptRow(receipt);
      const share = contextShare(receipt.contextPeakTokens, receipt.contextWindowTokens);
      const mark = share !== null && share > SMART_ZONE.to ? '▲' : '';
      const cells: Record<string, Span> = {
        iteration: span(iteration),
        outcome: span(outcome, receipt.undone === undefined ? OUTCOME_TONES[listedWords(receipt).tone] : 'dim'),
        time: span(time),
        cost: span(withoutDollar(cost)),
        context: span(`${context}${mark}`, contextTone(share)),
        memory: span(memory),
        did: span(did, 'dim'),
      };
      return { key: entry.key, line: tableLine(columns, cells) };
    }
    case 'mark':
      return { key: entry.key, line: fitLine(markLine(input, entry), input.width - 2) };
    case 'wait':
    case 'pause':
      return { key: entry.key, line: fitLine(standstill(input, entry), input.width - 2) };
    default:
      return assertNever(entry);
  }
}

function markLine({ timeZone }: PanelInput, { at, text, isTrouble }: Extract<HistoryEntry, { kind: 'mark' }>): Line {
  return line(`   – ${isTrouble ? '!' : 'i'} ${text}, ${formatHourMinute(at, timeZone)}`, isTrouble ? 'bad' : 'dim');
}

/** A wait or a pause: how long, and from when to when. */
function standstill({ model, timeZone }: PanelInput, entry: Extract<HistoryEntry, { kind: 'wait' | 'pause' }>): Line {
  const end = entry.endedAt === null ? model.now : Date.parse(entry.endedAt);
  const lasted = formatAge(end - Date.parse(entry.since));
  const until = entry.endedAt ?? (entry.kind === 'wait' ? entry.until : null);
  const fromTo = `${formatHourMinute(entry.since, timeZone)} → ${until === null ? 'now' : formatHourMinute(until, timeZone)}`;
  const word = entry.kind === 'wait' ? waitWord(entry.waitKind) : 'paused';
  const text = `   – ⏸ ${word.padEnd(11)} ${lasted.padStart(6)}  ${fromTo}`;
  return line(text, entry.endedAt === null ? 'waits' : 'dim');
}

function waitWord(kind: Extract<HistoryEntry, { kind: 'wait' }>['waitKind']): string {
  switch (kind) {
    case 'usage_limit':
      return 'limit';
    case 'back_off':
      return 'API trouble';
    case 'after_oom':
      return 'after oom';
    case 'engine':
      return 'engine away';
    default:
      return assertNever(kind);
  }
}

/** The column says that it is money. */
function withoutDollar(cost: string): string {
  return cost.replace('$', '');
}
