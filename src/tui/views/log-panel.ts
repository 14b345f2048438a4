// What the agent says and does: the end of the log, or the part that somebody scrolled to, and below it the output of
// the command that runs now. Full width, without borders: this panel changes most, and its lines are the cheap ones.
import { attemptName, sameAttempt } from '../../core/attempt-ref.ts';
import { formatDuration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { safeLine } from '../../text/sanitize.ts';
import { cutLine, type Line, line, type Span, span, type Tone } from '../parts/line.ts';
import type { RuleLabel } from '../parts/rule.ts';
import { wrapLine } from '../parts/wrap.ts';
import type { LogRow } from '../store/log-row.ts';
import type { LiveOutput, Model, ShownAttempt } from '../store/model.ts';
import { anchorIndex, filteredRows, lowestIndex } from '../ui/log-rows.ts';
import type { LogView } from '../ui/ui-state.ts';
import type { PanelInput, PanelView } from './panel.ts';

const TAG_CELLS = 6;
/** Of the panel: the command's output must not push away what led to it. */
const LIVE_SHARE = 0.5;
const MARK = '~';

export function logPanel(input: PanelInput): PanelView {
  const { model, ui, height } = input;
  const { shown } = model;
  if (shown === null) return { labels: [], lines: [line('no attempt yet', 'dim')] };
  const rows = filteredRows(shown.log.rows, ui.log.filter);
  const isFollowing = ui.log.anchor === 'end';
  const live = isFollowing && ui.log.filter === '' ? runningCommand(model, shown, rows) : null;
  const liveLines = live === null ? [] : liveOutputLines(live.output, ui.log, Math.floor(height * LIVE_SHARE));
  const lines = linesUpTo(rows, lowestIndex(rows, ui.log.anchor, height), height - liveLines.length, (row) =>
    rowLines(row, input, live !== null && row.id === live.row.id ? live.suffix : ''),
  );
  const empty = lines.length === 0 ? [line(emptyWord(shown, ui.log), 'dim')] : [];
  return { labels: titleLabels(model, shown, rows, ui.log, height), lines: [...empty, ...lines, ...liveLines] };
}

/** The rows that end at `last`, as many as fill `height` lines, oldest first. */
function linesUpTo(rows: readonly LogRow[], last: number, height: number, draw: (row: LogRow) => Line[]): Line[] {
  const lines: Line[] = [];
  for (let index = last; index >= 0 && lines.length < height; index -= 1) {
    const row = rows[index];
    if (row !== undefined) lines.unshift(...draw(row));
  }
  return lines.slice(Math.max(0, lines.length - height));
}

function rowLines(row: LogRow, { width, ui }: PanelInput, suffix: string): Line[] {
  const { times, wrap, search } = ui.log;
  const time = times ? `${row.time} ` : '';
  const tag = row.tag === '' ? ' '.repeat(TAG_CELLS) : row.tag.padEnd(TAG_CELLS);
  const head: Line = [
    ...(times ? [span(time, 'dim')] : []),
    span(`${'  '.repeat(row.indent)}${tag} `, row.isError ? 'bad' : tagTone(row)),
  ];
  const text: Line = [...marked(row.text, textTone(row), search), ...(suffix === '' ? [] : [span(suffix, 'accent')])];
  return wrap ? wrapLine(head, text, width) : [cutLine([...head, ...text], width, MARK)];
}

function tagTone(row: LogRow): Tone {
  switch (row.kind) {
    case 'tool':
      return 'accent';
    case 'thinking':
      return 'dim';
    case 'result':
      return 'strong';
    case 'retry':
    case 'compact':
    case 'system':
      return 'agent';
    default:
      return 'plain';
  }
}

function textTone(row: LogRow): Tone {
  if (row.isError) return 'bad';
  if (row.kind === 'thinking') return 'dim';
  return row.kind === 'tool' || row.kind === 'text' || row.kind === 'result'
    ? 'plain'
    : row.kind === 'output'
      ? 'dim'
      : 'agent';
}

/** The text with what was searched inverted. */
function marked(text: string, tone: Tone, search: string): Span[] {
  const words = search.startsWith('!') ? '' : search.toLowerCase();
  const found = words === '' ? -1 : text.toLowerCase().indexOf(words);
  // Lower case may be longer than the text (İ); then nothing is marked rather than the wrong thing.
  if (found < 0 || text.toLowerCase().length !== text.length) return [span(text, tone)];
  const end = found + words.length;
  return [
    span(text.slice(0, found), tone),
    { text: text.slice(found, end), tone, inverse: true },
    span(text.slice(end), tone),
  ];
}

interface RunningCommand {
  readonly row: LogRow;
  readonly suffix: string;
  readonly output: LiveOutput | null;
}

/** The call at the end of the log that is not answered yet, with its age, and its output where that is copied. */
function runningCommand(model: Model, shown: ShownAttempt, rows: readonly LogRow[]): RunningCommand | null {
  const { tool } = model.report;
  const row = rows.findLast(({ tag }) => tag !== '');
  if (!shown.isRunning || tool === null || row?.kind !== 'tool' || row.tag !== tool.name) return null;
  const { liveOutput } = model;
  const isLive =
    tool.name === 'Bash' && liveOutput !== null && !liveOutput.ended && sameAttempt(liveOutput.attempt, shown.ref);
  const age = tool.elapsedMs === null ? '' : ` ${formatDuration(tool.elapsedMs)}`;
  const output = isLive && liveOutput.lines.length > 0 ? liveOutput : null;
  return { row, suffix: `   running${age}${output === null ? '' : ', live:'}`, output };
}

function liveOutputLines(output: LiveOutput | null, { times }: LogView, most: number): Line[] {
  if (output === null || most <= 0) return [];
  const indent = ' '.repeat((times ? 9 : 0) + TAG_CELLS + 1);
  return output.lines.slice(-most).map((text) => [span(`${indent}${text}`, 'dim')]);
}

function titleLabels(
  model: Model,
  shown: ShownAttempt,
  rows: readonly LogRow[],
  view: LogView,
  height: number,
): RuleLabel[] {
  const { model: name, sessionId } = sessionOf(model, shown);
  const title = `iter ${attemptName(shown.ref)}`;
  const states = [
    view.anchor === 'end' ? endWord(model, shown) : heldWord(model, shown, rows, view, height),
    view.unfolded ? 'in full' : null,
    view.filter === '' ? null : `only ${view.filter}`,
    view.search === '' ? null : `/${view.search}`,
  ].filter((state) => state !== null);
  const labels: RuleLabel[] = [
    { text: `${title}  ${states.join('  ')}`, at: 15, tone: view.anchor === 'end' ? 'plain' : 'waits' },
  ];
  const session = [sessionId === null ? null : `session ${sessionId.slice(0, 8)}`, name].filter(
    (part) => part !== null,
  );
  return session.length === 0 ? labels : [...labels, { text: session.join('  '), at: null, tone: 'dim' }];
}

function endWord(model: Model, shown: ShownAttempt): string {
  if (shown.isRunning) return 'following';
  const other = otherRuns(model, shown);
  return other === null ? 'ended' : `ended, ${other}: f follows`;
}

/** That another attempt runs than the one that is read. */
function otherRuns({ state: { current } }: Model, { ref }: ShownAttempt): string | null {
  return current === null || sameAttempt(current, ref) ? null : `iter ${attemptName(current)} runs`;
}

/** How far from the end, and what has come since; where another attempt runs, that first: a narrow pane cuts the rest. */
function heldWord(model: Model, shown: ShownAttempt, rows: readonly LogRow[], view: LogView, height: number): string {
  const place = heldPlace(shown, rows, view, height);
  const other = otherRuns(model, shown);
  return other === null ? `${place}: f follows` : `${other}: f follows, ${place}`;
}

function heldPlace({ log }: ShownAttempt, rows: readonly LogRow[], view: LogView, height: number): string {
  const below = rows.length - 1 - lowestIndex(rows, view.anchor, height);
  const fresh = rows.length - 1 - anchorIndex(rows, Math.max(view.heldAt, 0));
  if (below === 0 && fresh === 0 && !log.hasNewer) return 'at the end';
  const lines = log.hasNewer ? `more than ${plural(below, 'line')}` : plural(below, 'line');
  return `${lines} below${fresh > 0 ? `, ${fresh} new` : ''}${log.isLoading ? ', loading' : ''}`;
}

function sessionOf({ state, report }: Model, shown: ShownAttempt) {
  if (shown.isRunning) return { model: report.model, sessionId: report.sessionId };
  const receipt = state.receipts.findLast((candidate) => sameAttempt(candidate, shown.ref));
  return { model: safeLine(receipt?.model ?? null), sessionId: safeLine(receipt?.sessionId ?? null) };
}

function emptyWord(shown: ShownAttempt, view: LogView): string {
  if (shown.log.isOpening) return 'opening the log';
  if (shown.log.rows.length > 0) return `no line with ${view.filter}`;
  return shown.isRunning ? 'the agent has not said anything yet' : 'this attempt left no log';
}
