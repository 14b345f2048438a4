// The plan: the task that is worked on, what comes next, and what was done last. Zoomed or walked through: all of it.
import { formatAge } from '../../text/duration.ts';
import { displayWidth } from '../../text/width.ts';
import { EMPTY_LINE, fitLine, type Line, line, span, spread, type Tone } from '../parts/line.ts';
import { listWindow } from '../parts/list-window.ts';
import type { Model, PlanItem } from '../store/model.ts';
import { planKey } from '../ui/panel-rows.ts';
import { cursorMark, withCursor } from './cursor.ts';
import type { PanelInput, PanelView } from './panel.ts';

export function planPanel(input: PanelInput): PanelView {
  const { model, height, isZoomed, ui } = input;
  const { tasks } = model.report;
  const counts = tasks === null ? '' : `${tasks.completed}/${tasks.completed + tasks.remaining}`;
  const labels = isZoomed ? [{ text: counts, at: null }] : [];
  if (model.plan === null || model.plan.length === 0) {
    return { labels, lines: [line(` ${model.state.options.planFile} has no tasks yet`, 'dim')] };
  }
  const drawn = { input, items: model.plan, current: currentIndex(model), doneBy: iterationsByTask(model) };
  const isWalked = isZoomed || ui.cursors.plan !== null;
  if (isWalked || model.plan.length <= height) return { labels, lines: walked(drawn) };
  return { labels, lines: atAGlance(drawn) };
}

interface Drawn {
  readonly input: PanelInput;
  readonly items: readonly PlanItem[];
  /** Index of the task that is worked on; -1 when none is open. */
  readonly current: number;
  readonly doneBy: ReadonlyMap<string, number>;
}

function walked(drawn: Drawn): Line[] {
  const { input, items, current } = drawn;
  const key = input.ui.cursors.plan;
  const cursor = key === null ? current : items.findIndex((item) => planKey(item.line) === key);
  const { first, count } = listWindow(items.length, input.height, cursor);
  return items.slice(first, first + count).map((item, index) => itemLine(drawn, item, first + index));
}

/** The task that was done last, the current one, as many of the next as fit, and what is not shown in one line. */
function atAGlance(drawn: Drawn): Line[] {
  const { input, items, current } = drawn;
  const room = input.height - 1;
  const from = current < 0 ? Math.max(0, items.length - room) : Math.max(0, Math.min(current - 1, items.length - room));
  const shown = items.slice(from, from + room);
  const openElsewhere = items.filter((item) => !item.done).length - shown.filter((item) => !item.done).length;
  const done = input.model.report.tasks?.completed ?? 0;
  const removed = input.model.report.tasks?.removed ?? 0;
  const parts = [
    openElsewhere > 0 ? `${openElsewhere} more open` : null,
    done > 0 ? `${done} done${removed > 0 ? ` (${removed} removed by the agent)` : ''}` : null,
  ].filter((part) => part !== null);
  const summary = parts.length === 0 ? EMPTY_LINE : fitLine(line(` … ${parts.join(' · ')}`, 'dim'), input.width - 1);
  return [...shown.map((item, index) => itemLine(drawn, item, from + index)), summary];
}

function itemLine({ input, current, doneBy }: Drawn, item: PlanItem, index: number): Line {
  const { width, model, ui } = input;
  const isCurrent = index === current;
  const isCursor = input.isFocused && ui.cursors.plan === planKey(item.line);
  const glyph = item.done ? '✓' : isCurrent ? '▸' : '☐';
  const tone: Tone = item.done ? 'dim' : isCurrent ? 'strong' : 'plain';
  const indent = '  '.repeat(Math.min(item.depth, 6));
  const right = isCurrent ? currentAge(model) : item.done ? doneIn(doneBy, item) : '';
  const left: Line = [span(cursorMark(isCursor)), span(`${indent}${glyph} ${item.text}`, tone)];
  const room = width - 1;
  // A task's text counts more than who did it.
  const spare = room - displayWidth(right) - 1 >= 20;
  const drawn = spare ? spread(left, line(right, 'dim'), room) : fitLine(left, room);
  return withCursor(drawn, isCursor);
}

function currentIndex({ plan, report }: Model): number {
  if (plan === null || report.currentTask === null) return -1;
  return plan.findIndex((item) => !item.done && item.text === report.currentTask);
}

function currentAge({ report }: Model): string {
  return report.attemptElapsedMs === null ? '' : `${formatAge(report.attemptElapsedMs)} now`;
}

function iterationsByTask({ history }: Model): ReadonlyMap<string, number> {
  return new Map(
    history.entries.flatMap((entry) =>
      entry.kind === 'attempt'
        ? entry.receipt.tasksFinished.map((task) => [task, entry.receipt.iteration] as const)
        : [],
    ),
  );
}

function doneIn(doneBy: ReadonlyMap<string, number>, item: PlanItem): string {
  const iteration = doneBy.get(item.text);
  return iteration === undefined ? '' : `iter ${iteration}`;
}
