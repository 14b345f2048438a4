// Where everything is on a screen of a given size: three layouts, and a word where there is no room at all.
import { PANEL_IDS, type PanelId } from '../ui/ui-state.ts';

export type LayoutKind = 'wide' | 'medium' | 'narrow' | 'too_small';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Rows, the panel's rule included. */
  readonly height: number;
}

export interface Layout {
  readonly kind: LayoutKind;
  readonly columns: number;
  readonly rows: number;
  /** Lines above the panels: 3 (status, now, plan) or 1 (status). */
  readonly headerRows: number;
  readonly panels: Readonly<Partial<Record<PanelId, Rect>>>;
}

export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** The panel that has the whole screen; null for none. */
  readonly zoomed: PanelId | null;
  /** Lines that plan and iterations have to show: the log gets what they do not need. */
  readonly topLines: number;
  /** There is a line above the footer. */
  readonly hasAttention: boolean;
}

const SMALLEST = { columns: 40, rows: 10 } as const;
const WIDE_COLUMNS = 100;
const MEDIUM_COLUMNS = 60;
/** With fewer rows for panels, commits and vitals are behind their keys only. */
const MIDDLE_NEEDS_ROWS = 28;
/** With fewer still, only the log is left. */
const TOP_NEEDS_ROWS = 10;
const FOOTER_ROWS = 1;

export function layoutOf({ columns, rows, zoomed, topLines, hasAttention }: LayoutInput): Layout {
  const kind = kindOf(columns, rows);
  const base = { kind, columns, rows };
  if (kind === 'too_small') return { ...base, headerRows: 0, panels: {} };
  const below = FOOTER_ROWS + (hasAttention ? 1 : 0);
  const whole = (headerRows: number, panel: PanelId): Layout => ({
    ...base,
    headerRows,
    panels: { [panel]: { x: 0, y: headerRows, width: columns, height: rows - headerRows - below } },
  });
  if (zoomed !== null) return whole(1, zoomed);
  if (kind === 'narrow') return whole(1, 'log');
  const headerRows = 3;
  // Whether there is a line above the footer or not: only the log moves when one comes and goes.
  const room = rows - headerRows - FOOTER_ROWS;
  if (room < TOP_NEEDS_ROWS) return whole(headerRows, 'log');
  const left = Math.floor(columns * (kind === 'wide' ? 0.46 : 0.45));
  const middle = room >= MIDDLE_NEEDS_ROWS ? clamp(Math.round(room * 0.2), 6, 10) : 0;
  const most = clamp(Math.round(room * (middle > 0 ? 0.32 : 0.28)), 4, 18);
  const top = clamp(topLines + 1, 4, most);
  const row = (y: number, height: number, ids: readonly [PanelId, PanelId]) => ({
    [ids[0]]: { x: 0, y, width: left, height },
    [ids[1]]: { x: left, y, width: columns - left, height },
  });
  return {
    ...base,
    headerRows,
    panels: {
      ...row(headerRows, top, ['plan', 'iterations']),
      ...(middle > 0 ? row(headerRows + top, middle, ['commits', 'vitals']) : {}),
      log: { x: 0, y: headerRows + top + middle, width: columns, height: rows - headerRows - below - top - middle },
    },
  };
}

/** Rows of content that a panel has; 0 where it is not on the screen. */
export function contentRows(layout: Layout, panel: PanelId): number {
  return Math.max(0, (layout.panels[panel]?.height ?? 0) - 1);
}

/** The number of a panel's key. */
export function panelNumber(panel: PanelId): number {
  return PANEL_IDS.indexOf(panel) + 1;
}

function kindOf(columns: number, rows: number): LayoutKind {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return 'too_small';
  if (columns >= WIDE_COLUMNS) return 'wide';
  return columns >= MEDIUM_COLUMNS ? 'medium' : 'narrow';
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
