// The commits of this run, the newest first, and what lies in the work tree uncommitted.
import { formatAge } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { displayWidth, fitToWidth } from '../../text/width.ts';
import { fitLine, type Line, line, span, spread } from '../parts/line.ts';
import { listWindow } from '../parts/list-window.ts';
import type { SeenCommit } from '../store/history.ts';
import type { ChangedFile, Model } from '../store/model.ts';
import { cursorMark, withCursor } from './cursor.ts';
import type { PanelInput, PanelView } from './panel.ts';

const AGE_CELLS = 5;

export function commitsPanel(input: PanelInput): PanelView {
  const { model, ui, height, width } = input;
  const commits = model.history.commits.toReversed();
  const below = footLines(model, width - 1).slice(0, Math.max(1, height - 1));
  const room = height - below.length;
  const cursor = commits.findIndex(({ sha }) => sha === ui.cursors.commits);
  const { first, count } = listWindow(commits.length, room, cursor);
  const lines = commits.slice(first, first + count).map((commit) => commitLine(input, commit));
  const none = commits.length === 0 ? [line(' no commit in this run yet', 'dim')] : [];
  const labels = commits.length > room ? [{ text: `${commits.length}`, at: null }] : [];
  return { labels, lines: [...none, ...lines, ...below].slice(0, height) };
}

function commitLine({ model, ui, width, isFocused }: PanelInput, commit: SeenCommit): Line {
  const isCursor = isFocused && ui.cursors.commits === commit.sha;
  const age = fitToWidth(formatAge(model.now - Date.parse(commit.at)), AGE_CELLS, 'end');
  const left: Line = [
    span(cursorMark(isCursor)),
    span(commit.sha.slice(0, 7), 'accent'),
    span(` ${age}  `, 'dim'),
    span(commit.subject),
  ];
  return withCursor(spread(left, line(`iter ${commit.iteration}`, 'dim'), width - 1), isCursor);
}

function footLines(model: Model, width: number): Line[] {
  const { lastPush } = model.history;
  const pushed =
    lastPush === null
      ? []
      : lastPush.ok
        ? [line(` pushed to ${lastPush.branch} ${formatAge(model.now - Date.parse(lastPush.at))} ago`, 'dim')]
        : [line(` not pushed: ${lastPush.message}`, 'bad')];
  return [...uncommittedLines(model.uncommitted, width), ...pushed].map((text) => fitLine(text, width));
}

function uncommittedLines(changes: Model['uncommitted'], width: number): Line[] {
  if (changes === null) return [];
  if (changes === 'unknown') return [line(' uncommitted: git cannot tell', 'dim')];
  if (changes.length === 0) return [line(' nothing uncommitted', 'dim')];
  const label = ` ${plural(changes.length, 'file')} uncommitted: `;
  return [[span(label), span(namesIn(changes, width - displayWidth(label)), 'dim')]];
}

/** As many names as fit, and how many more there are. */
function namesIn(changes: readonly ChangedFile[], room: number): string {
  let text = '';
  for (const [index, { path, added, removed }] of changes.entries()) {
    const counts = [
      added === null || added === 0 ? '' : ` +${added}`,
      removed === null || removed === 0 ? '' : ` -${removed}`,
    ];
    const next = `${text === '' ? '' : `${text}, `}${path}${counts.join('')}`;
    const left = changes.length - index - 1;
    const more = left === 0 ? '' : `, ${left} more`;
    if (text !== '' && displayWidth(next + more) > room) return `${text}, ${left + 1} more`;
    text = next;
  }
  return text;
}
