// A diff as git words it, with what was added and removed told apart by sign and colour.
import { formatHourMinute } from '../../../text/clock.ts';
import { plural } from '../../../text/plural.ts';
import { cutLine, type Line, line, type Tone } from '../../parts/line.ts';
import { wrapLine } from '../../parts/wrap.ts';
import type { PageContent } from '../../ui/pages.ts';
import type { PageInput, PageLines } from './page.ts';

type DiffContent = Extract<PageContent, { kind: 'diff' }>;

const MARK = '~';

/** The last drawing of each diff: a key press must not draw a hundred thousand lines again. */
const drawn = new WeakMap<DiffContent['lines'], PageLines & { readonly columns: number; readonly wrap: boolean }>();

export function diffPage({ title, lines, readAt }: DiffContent, { columns, ui, timeZone }: PageInput): PageLines {
  const { wrap } = ui.log;
  const known = drawn.get(lines);
  if (known?.columns === columns && known.wrap === wrap) return known;
  const asOf = readAt === null ? '' : `, as of ${formatHourMinute(readAt, timeZone)}`;
  const fresh = {
    title: `${title}${asOf}`,
    note: changes(lines),
    lines: drawLines(lines, columns, wrap),
    columns,
    wrap,
  };
  drawn.set(lines, fresh);
  return fresh;
}

function drawLines(lines: readonly string[], columns: number, wrap: boolean): Line[] {
  return lines.flatMap((text) => {
    const whole = line(text, toneOf(text));
    return wrap ? wrapLine([], whole, columns) : [cutLine(whole, columns, MARK)];
  });
}

/** `3 files, +120 -4` */
function changes(lines: readonly string[]): string {
  const count = (sign: string) =>
    lines.filter((text) => text.startsWith(sign) && !text.startsWith(`${sign}${sign}${sign} `)).length;
  const files = lines.filter((text) => text.startsWith('diff --git ')).length;
  return `${plural(files, 'file')}, +${count('+')} -${count('-')}`;
}

function toneOf(text: string): Tone {
  if (text.startsWith('diff --git ')) return 'strong';
  if (/^(\+\+\+|---|index|new file|deleted file|old mode|new mode|similarity|rename|copy|Binary) ?/.test(text))
    return 'dim';
  if (text.startsWith('@@')) return 'accent';
  if (text.startsWith('+')) return 'good';
  return text.startsWith('-') ? 'bad' : 'plain';
}
