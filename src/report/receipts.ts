// The receipts of a run: as rows for tables, with totals, and as JSON for scripts.
import { attemptName } from '../core/attempt-ref.ts';
import type { Receipt, TokenCounts } from '../core/receipt.ts';
import { formatBytes } from '../text/bytes.ts';
import { formatCount } from '../text/count.ts';
import { formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';
import { safeLine } from '../text/sanitize.ts';
import { fitToWidth, truncateToWidth } from '../text/width.ts';
import { joinParts } from './join-parts.ts';
import { listedWords, OUTCOME_WORDS } from './outcome-words.ts';
import { safeReceipt } from './safe-receipt.ts';
import { addSpend, formatCost, NO_SPEND } from './spend.ts';

export interface ReceiptTotals {
  readonly attempts: number;
  readonly completed: number;
  /** What they did is taken back, and not counted: neither commits nor tasks. Time and cost are. */
  readonly undone: number;
  readonly elapsedMs: number;
  readonly tokens: TokenCounts;
  readonly costUsd: number;
  readonly costBasis: 'reported' | 'estimated';
  readonly toolCalls: number;
  readonly commits: number;
  readonly tasksFinished: number;
  readonly peakMemoryBytes: number | null;
}

export function receiptTotals(receipts: readonly Receipt[]): ReceiptTotals {
  const sum = (count: (receipt: Receipt) => number) => receipts.reduce((total, receipt) => total + count(receipt), 0);
  const sumOfStanding = (count: (receipt: Receipt) => number) =>
    sum((receipt) => (receipt.undone === undefined ? count(receipt) : 0));
  const peaks = receipts.map((receipt) => receipt.peakMemoryBytes).filter((peak) => peak !== null);
  return {
    attempts: receipts.length,
    completed: sum((receipt) => (receipt.outcome.kind === 'completed' ? 1 : 0)),
    undone: sum(({ undone }) => (undone === undefined ? 0 : 1)),
    elapsedMs: sum((receipt) => receipt.elapsedMs),
    ...receipts.reduce(addSpend, NO_SPEND),
    toolCalls: sum((receipt) => receipt.toolCalls),
    commits: sumOfStanding((receipt) => receipt.commits.length),
    tasksFinished: sumOfStanding((receipt) => receipt.tasksFinished.length),
    peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** Stable: scripts read it. Times are ISO 8601 in UTC, durations milliseconds, texts safe to show. */
export interface ReceiptsJson {
  readonly run: string;
  readonly receipts: readonly Receipt[];
  readonly totals: ReceiptTotals;
}

export function receiptsJson(run: string, receipts: readonly Receipt[]): ReceiptsJson {
  return { run, receipts: receipts.map(safeReceipt), totals: receiptTotals(receipts) };
}

/** One receipt as the cells of a table. */
export interface ReceiptRow {
  readonly iteration: string;
  readonly outcome: string;
  readonly time: string;
  readonly cost: string;
  readonly context: string;
  readonly memory: string;
  /** What it did: `1c 1t  3.1 PKCE verifier`, with --until also the exit code of its command: `1c 1t until ✗ 1`. */
  readonly did: string;
}

export function receiptRow(receipt: Receipt): ReceiptRow {
  const { glyph, word } = listedWords(receipt);
  return {
    iteration: attemptName(receipt),
    outcome: `${glyph} ${word}`,
    time: formatDuration(receipt.elapsedMs),
    cost: formatCost(receipt),
    context: contextCell(receipt),
    memory: receipt.peakMemoryBytes === null ? '–' : formatBytes(receipt.peakMemoryBytes),
    did: didCell(receipt),
  };
}

const COLUMNS = [
  { key: 'iteration', heading: 'iter', cells: 5, align: 'end' },
  { key: 'outcome', heading: 'outcome', cells: 13, align: 'start' },
  { key: 'time', heading: 'time', cells: 5, align: 'end' },
  { key: 'cost', heading: 'cost', cells: 7, align: 'end' },
  { key: 'context', heading: 'ctx', cells: 4, align: 'end' },
  { key: 'memory', heading: 'mem', cells: 5, align: 'end' },
] as const;

/** An aligned table with totals below; every line at most `columns` cells, but for commands, which are to be copied. */
export function receiptLines(receipts: readonly Receipt[], columns: number): string[] {
  const heading = COLUMNS.map(({ heading, cells, align }) => fitToWidth(heading, cells, align));
  const rows = receipts
    .map(receiptRow)
    .map((row) => [...COLUMNS.map(({ key, cells, align }) => fitToWidth(row[key], cells, align)), row.did]);
  const table = [[...heading, 'did'], ...rows].map((cells) => truncateToWidth(cells.join('  ').trimEnd(), columns));
  return [...table, ...joinParts('', totalParts(receiptTotals(receipts)), columns), ...undoneLines(receipts)];
}

/** How to have again what each undo threw away. */
function undoneLines(receipts: readonly Receipt[]): string[] {
  const iterations = new Map<string, Set<number>>();
  for (const { undone, iteration } of receipts) {
    if (undone === undefined) continue;
    const command = safeLine(undone.fetchCommand);
    iterations.set(command, (iterations.get(command) ?? new Set()).add(iteration));
  }
  return [...iterations].flatMap(([command, numbers]) => [
    `iteration ${[...numbers].join(', ')} undone; to have it again, as FETCH_HEAD:`,
    `  ${command}`,
  ]);
}

function totalParts(totals: ReceiptTotals): string[] {
  return [
    plural(totals.attempts, 'attempt'),
    `${totals.completed} completed`,
    ...(totals.undone === 0 ? [] : [`${totals.undone} undone`]),
    formatDuration(totals.elapsedMs),
    formatCost(totals),
    plural(totals.tasksFinished, 'task'),
    plural(totals.commits, 'commit'),
    ...(totals.peakMemoryBytes === null ? [] : [`peak ${formatBytes(totals.peakMemoryBytes)}`]),
  ];
}

function contextCell(receipt: Receipt): string {
  const { contextPeakTokens: tokens, contextWindowTokens: window } = receipt;
  if (tokens === 0) return '–';
  return window === null || window === 0 ? formatCount(tokens) : `${Math.round((tokens / window) * 100)}%`;
}

/** An attempt that did nothing says how it ended instead; one that was undone, how it ended first. */
function didCell(receipt: Receipt): string {
  const { outcome, commits, tasksFinished } = receipt;
  const { glyph, word } = OUTCOME_WORDS[outcome.kind];
  const ended = receipt.undone === undefined ? '' : `${glyph} ${word}, `;
  const counts = `${ended}${commits.length}c ${tasksFinished.length}t${checkMark(receipt)}`;
  const said =
    tasksFinished.length > 0 ? tasksFinished.join(', ') : outcome.kind === 'completed' ? '' : outcome.message;
  return said === '' ? counts : `${counts}  ${safeLine(said)}`;
}

/** The word of the command of --until on what the attempt left. */
function checkMark({ check }: Receipt): string {
  if (check === null) return '';
  return check.ok ? ' until ✓' : ` until ✗ ${check.exitCode}`;
}
