// The whole screen as lines: a pure function of the model, of what the person made of it, and of the terminal's size.
import { EMPTY_LINE, fitLine, type Line, lineWidth, overlay } from '../parts/line.ts';
import { rule } from '../parts/rule.ts';
import type { Size } from '../terminal/size.ts';
import { dialogText } from '../ui/dialog-options.ts';
import { panelRowKeys } from '../ui/panel-rows.ts';
import { PANEL_IDS, type PanelId } from '../ui/ui-state.ts';
import { attentionLine } from './attention-line.ts';
import { commitsPanel } from './commits-panel.ts';
import { dialogBox } from './dialog-box.ts';
import { footerLine } from './footer-line.ts';
import { iterationsPanel } from './iterations-panel.ts';
import { type Layout, layoutOf, panelNumber, type Rect } from './layout.ts';
import { logPanel } from './log-panel.ts';
import { nowLine } from './now-line.ts';
import { pageFrame } from './pages/page-frame.ts';
import type { PanelInput, PanelView } from './panel.ts';
import { planLine } from './plan-line.ts';
import { planPanel } from './plan-panel.ts';
import type { ScreenInput } from './screen-input.ts';
import { statusLine } from './status-line.ts';
import { tooSmall } from './too-small.ts';
import { vitalsPanel } from './vitals-panel.ts';

/** Title and drawing function of every panel. */
const PANELS: Readonly<Record<PanelId, { readonly title: string; readonly draw: (input: PanelInput) => PanelView }>> = {
  plan: { title: 'plan', draw: planPanel },
  iterations: { title: 'iterations', draw: iterationsPanel },
  commits: { title: 'commits', draw: commitsPanel },
  vitals: { title: 'vitals', draw: vitalsPanel },
  log: { title: 'agent log', draw: logPanel },
};

/** Exactly `rows` lines of at most `columns` cells. */
export function screen(input: ScreenInput): Line[] {
  const { model, ui, size } = input;
  const layout = screenLayout(input);
  if (layout.kind === 'too_small') return exactly(tooSmall(input), size.rows, size.columns);
  const page = ui.pages.at(-1);
  const body = page === undefined ? dashboard(input, layout) : exactly(pageFrame(input, page), size.rows, size.columns);
  return ui.dialog === null
    ? body
    : withDialog(body, dialogBox(dialogText(ui.dialog, model), ui.dialog.choice, size.columns), size);
}

export function screenLayout({ model, ui, size }: ScreenInput): Layout {
  // On a small screen a panel that has no place of its own takes the whole.
  const topLines = Math.max(panelRowKeys('plan', model).length, panelRowKeys('iterations', model).length);
  const hasAttention = attentionLine(model, ui, size.columns) !== null;
  const place = (zoomed: PanelId | null) => layoutOf({ ...size, zoomed, topLines, hasAttention });
  const layout = place(ui.isZoomed ? ui.focus : null);
  return layout.panels[ui.focus] === undefined && layout.kind !== 'too_small' ? place(ui.focus) : layout;
}

export function drawPanel({ model, ui, timeZone }: ScreenInput, panel: PanelId, { width, height }: Rect): PanelView {
  const isZoomed = ui.isZoomed && ui.focus === panel;
  const isFocused = ui.focus === panel;
  return PANELS[panel].draw({ model, ui, width, height: height - 1, isFocused, isZoomed, timeZone });
}

function dashboard(input: ScreenInput, layout: Layout): Line[] {
  const { model, ui, size, timeZone } = input;
  const { columns, rows } = size;
  const options = { now: model.now, columns, timeZone };
  const lines: Line[] = [statusLine(model.report, columns)];
  if (layout.headerRows > 1) {
    lines.push(nowLine(model.report, options), planLine(model.report, model.history, options));
  }
  const bands = new Map<number, (readonly [PanelId, Rect])[]>();
  for (const panel of PANEL_IDS) {
    const rect = layout.panels[panel];
    if (rect !== undefined) bands.set(rect.y, [...(bands.get(rect.y) ?? []), [panel, rect]]);
  }
  for (const [, panels] of [...bands].sort(([a], [b]) => a - b)) lines.push(...band(input, panels));
  const attention = attentionLine(model, ui, columns);
  if (attention !== null) lines.push(attention);
  lines.push(footerLine({ model, ui }, columns));
  return exactly(lines, rows, columns);
}

/** Panels side by side. */
function band(input: ScreenInput, panels: readonly (readonly [PanelId, Rect])[]): Line[] {
  const drawn = panels.map(([panel, rect]) => ({ rect, lines: panelLines(input, panel, rect) }));
  const height = Math.max(...drawn.map(({ rect }) => rect.height));
  return Array.from({ length: height }, (_, row) =>
    drawn.flatMap(({ rect, lines }, index) => {
      const own = lines[row] ?? EMPTY_LINE;
      // Blanks at the end of the screen are not worth drawing.
      return index === drawn.length - 1 ? own : fitLine(own, rect.width);
    }),
  );
}

function panelLines(input: ScreenInput, panel: PanelId, rect: Rect): Line[] {
  const { title } = PANELS[panel];
  const isFocused = input.ui.focus === panel;
  const view = drawPanel(input, panel, rect);
  const heading = rule(rect.width, [{ text: `${panelNumber(panel)} ${title}`, at: 2 }, ...view.labels], isFocused);
  return [heading, ...view.lines];
}

function withDialog(body: readonly Line[], box: readonly Line[], { columns, rows }: Size): Line[] {
  const width = box[0] === undefined ? 0 : lineWidth(box[0]);
  const x = Math.max(0, Math.floor((columns - width) / 2));
  const y = Math.max(0, Math.floor((rows - box.length) / 2));
  return overlay(body, box, x, y, columns);
}

/** The log can be shorter than its place; the footer is at the bottom all the same. */
function exactly(lines: readonly Line[], rows: number, columns: number): Line[] {
  return Array.from({ length: rows }, (_, row) => {
    const source = lines[row] ?? EMPTY_LINE;
    return lineWidth(source) > columns ? fitLine(source, columns) : source;
  });
}
