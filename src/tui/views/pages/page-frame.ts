// A page on the screen: the status line, a rule with its title, as many of its lines as fit, and the footer.
import { inverseLine, type Line, lineText } from '../../parts/line.ts';
import { rule } from '../../parts/rule.ts';
import type { Page, PageSize } from '../../ui/pages.ts';
import { attentionLine } from '../attention-line.ts';
import { footerLine } from '../footer-line.ts';
import type { ScreenInput } from '../screen-input.ts';
import { statusLine } from '../status-line.ts';
import type { PageLines } from './page.ts';
import { pageLines } from './page-lines.ts';

/** Status line, rule, footer. */
const FRAME_ROWS = 3;

export function pageFrame(input: ScreenInput, page: Page): Line[] {
  const { model, ui, size } = input;
  const { columns } = size;
  const drawn = draw(input, page);
  const message = ui.message === null ? null : attentionLine(model, ui, columns);
  const rows = size.rows - FRAME_ROWS - (message === null ? 0 : 1);
  const body = visible(drawn, page, size.rows - FRAME_ROWS).slice(0, rows);
  return [
    statusLine(model.report, columns),
    heading(drawn, page, columns, rows),
    ...body,
    ...Array.from({ length: rows - body.length }, () => []),
    ...(message === null ? [] : [message]),
    footerLine({ model, ui }, columns),
  ];
}

export function pageSize(input: ScreenInput, page: Page): PageSize {
  return { lines: draw(input, page).lines.map(lineText), rows: input.size.rows - FRAME_ROWS };
}

/** What is on the screen of it, for the clipboard. */
export function pageText(input: ScreenInput, page: Page): string {
  return visible(draw(input, page), page, input.size.rows - FRAME_ROWS)
    .map((drawn) => lineText(drawn).trimEnd())
    .join('\n')
    .trimEnd();
}

function draw({ model, ui, size, timeZone }: ScreenInput, page: Page): PageLines {
  return pageLines(page.content, { model, ui, columns: size.columns, timeZone });
}

/** A page may have become shorter since somebody scrolled. */
function visible({ lines }: PageLines, { offset, match }: Page, rows: number): Line[] {
  const first = Math.max(0, Math.min(offset, lines.length - rows));
  return lines.slice(first, first + rows).map((drawn, index) => (first + index === match ? inverseLine(drawn) : drawn));
}

function heading({ title, note, lines }: PageLines, { offset, search }: Page, columns: number, rows: number): Line {
  const below = Math.max(0, lines.length - Math.min(offset, Math.max(0, lines.length - rows)) - rows);
  const place = below > 0 ? `${below} ${below === 1 ? 'line' : 'lines'} below` : offset > 0 ? 'end' : '';
  const labels = [
    { text: title, at: 2 },
    { text: search === '' ? '' : `/${search}`, at: null },
    { text: place, at: null },
    { text: note, at: null },
  ];
  return rule(columns, labels, true);
}
