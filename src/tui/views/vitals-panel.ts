// Memory of the shown attempt over its whole time with the limit as a line, CPU, processes, and the context gauge.
import { attemptName, sameAttempt } from '../../core/attempt-ref.ts';
import type { Receipt } from '../../core/receipt.ts';
import { OUTCOME_WORDS } from '../../report/outcome-words.ts';
import { formatBytes } from '../../text/bytes.ts';
import { formatCount } from '../../text/count.ts';
import { plural } from '../../text/plural.ts';
import { fitToWidth } from '../../text/width.ts';
import type { VitalsSample } from '../../viewer/vitals-file.ts';
import { brailleGraph, peaksOverTime } from '../parts/braille.ts';
import { fitLine, type Line, line, type Span, span } from '../parts/line.ts';
import type { Model, ShownAttempt } from '../store/model.ts';
import { contextShare, contextTone, SMART_ZONE } from './context-gauge.ts';
import type { PanelInput, PanelView } from './panel.ts';

/** Cells left of the graph (the scale) and right of it (the value now). */
const SCALE_CELLS = 6;
const VALUE_CELLS = 12;

export function vitalsPanel({ model, width, height }: PanelInput): PanelView {
  const { shown } = model;
  const figures = [usageLine(model), contextLine(model)].slice(0, Math.max(1, height - 2));
  if (shown === null || shown.samples.length === 0) {
    return { labels: [], lines: [line(' no sample yet', 'dim'), ...figures].map((text) => fitLine(text, width)) };
  }
  const labels = shown.isRunning ? [] : [{ text: `iter ${attemptName(shown.ref)}`, at: null }];
  const graph = memoryGraph(shown, width, height - figures.length);
  return { labels, lines: [...graph, ...figures].map((text) => fitLine(text, width)) };
}

function memoryGraph(shown: ShownAttempt, width: number, rows: number): Line[] {
  const columns = Math.max(8, width - SCALE_CELLS - VALUE_CELLS);
  const peak = Math.max(...shown.samples.map(({ memoryBytes }) => memoryBytes));
  const now = shown.samples.at(-1)?.memoryBytes ?? 0;
  const { topBytes, limitBytes } = scale(peak, shown.memoryLimitBytes);
  const points = shown.samples.map(({ at, memoryBytes }) => ({ atMs: Date.parse(at), value: memoryBytes / topBytes }));
  // A young graph grows to the right; one that has ended takes the whole width.
  const leastSliceMs = shown.isRunning ? 1000 : 1;
  const graph = brailleGraph(peaksOverTime(points, columns * 2, leastSliceMs), columns, rows);
  return graph.map((cells, row): Line => {
    const isTop = row === 0;
    const isBottom = row === rows - 1;
    const scaleText = isTop ? formatBytes(topBytes) : isBottom ? '0' : '';
    const value = graphValue({ row, rows, now, peak, limitBytes, isRunning: shown.isRunning });
    return [
      span(`${fitToWidth(scaleText, SCALE_CELLS - 1, 'end')} `, 'dim'),
      ...(isTop && limitBytes !== null ? limitLine(cells) : [span(cells, 'accent')]),
      span(` ${value}`, 'dim'),
    ];
  });
}

/**
 * Up to the limit where the memory comes near it; else the limit would press the graph flat, and the graph has a scale
 * of its own.
 */
function scale(peak: number, limitBytes: number | null): { topBytes: number; limitBytes: number | null } {
  if (limitBytes !== null && peak >= limitBytes / 8) return { topBytes: Math.max(limitBytes, peak), limitBytes };
  let topBytes = 16 * 1024 * 1024;
  while (topBytes < peak * 1.05) topBytes *= 2;
  return { topBytes, limitBytes: null };
}

/** The limit is drawn where the graph leaves the cell free. */
function limitLine(cells: string): Span[] {
  const spans: Span[] = [];
  for (const piece of cells.match(/⠀+|[^⠀]+/g) ?? []) {
    const isFree = piece.startsWith('⠀');
    spans.push(isFree ? span('┄'.repeat(piece.length), 'bad') : span(piece, 'bad'));
  }
  return spans;
}

function graphValue(place: {
  readonly row: number;
  readonly rows: number;
  readonly now: number;
  readonly peak: number;
  readonly limitBytes: number | null;
  readonly isRunning: boolean;
}): string {
  const { row, rows, now, peak, limitBytes, isRunning } = place;
  if (row === 0 && limitBytes !== null) return 'limit';
  if (row === rows - 2 && row > 0 && isRunning) return `peak ${formatBytes(peak)}`;
  if (row === rows - 1) return isRunning ? `now ${formatBytes(now)}` : `peak ${formatBytes(peak)}`;
  return '';
}

function usageLine({ shown, state }: Model): Line {
  if (shown === null) return line(' nothing runs', 'dim');
  const limit = shown.memoryLimitBytes;
  const limitText = limit === null ? 'no memory limit' : `memory limit ${formatBytes(limit)}`;
  if (!shown.isRunning) {
    const receipt = receiptOf(state, shown);
    const ending = receipt === null ? 'has ended' : OUTCOME_WORDS[receipt.outcome.kind].word;
    return [span(` iter ${attemptName(shown.ref)}: ${ending}  `), span(limitText, 'dim')];
  }
  const sample: VitalsSample | undefined = shown.samples.at(-1);
  if (sample === undefined) return line(` ${limitText}`, 'dim');
  return [
    span(` cpu ${Math.round(sample.cpuPercent)}%  ${plural(sample.processes, 'process', 'processes')}  `),
    span(limit === null ? limitText : `limit ${formatBytes(limit)}`, 'dim'),
  ];
}

/** Of an attempt that has ended the most that it came to, as its receipt tells. */
function contextLine({ report, shown, state }: Model): Line {
  const receipt = shown === null || shown.isRunning ? null : receiptOf(state, shown);
  const context =
    receipt === null
      ? report.context
      : { tokens: receipt.contextPeakTokens, windowTokens: receipt.contextWindowTokens };
  if (context === null || context.tokens === 0) return line(' ctx –', 'dim');
  const share = contextShare(context.tokens, context.windowTokens);
  const zone = `[smart ${SMART_ZONE.from}–${SMART_ZONE.to}]`;
  const label = receipt === null ? 'ctx' : 'ctx peak';
  const text =
    share === null
      ? ` ${label} ${formatCount(context.tokens)} tokens `
      : ` ${label} ${share}% of ${formatCount(context.windowTokens ?? 0)} `;
  return [span(text, contextTone(share)), span(zone, 'dim')];
}

function receiptOf({ receipts }: Model['state'], { ref }: ShownAttempt): Receipt | null {
  return receipts.findLast((receipt) => sameAttempt(receipt, ref)) ?? null;
}
