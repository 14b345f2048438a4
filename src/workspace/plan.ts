// Reads a plan in Markdown: which tasks it has, and which of them are open.
import type { PlanSnapshot, PlanTask } from '../core/plan.ts';

/** More would only be read to slow the program down. */
export const TASK_LIMIT = 10_000;

const ITEM = /^([-*+]|\d{1,9}[.)])(\s*)(.*)$/;
const BOX = /^\[([ xX])\](?!\()\s*(.*)$/;
const RULE = /^(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
const COMMENT = '<!--';
const COMMENT_END = '-->';

interface Line {
  /** Columns of white space in front, tabs as far as the next multiple of four. */
  readonly indent: number;
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

interface Item {
  readonly indent: number;
  readonly text: string;
  readonly box: boolean | null;
  readonly depth: number;
  readonly number: number;
}

/**
 * The tasks of a plan: every box counts, nested ones and their parents alike, as the loop guide's
 * `grep -cE '^\s*-\s*\[ \]'` counts them. Without any box the top-level bullets are open tasks. What
 * stands in code fences and HTML comments does not count; a fence or comment that is never closed
 * hides nothing, so that a slip cannot make a plan look done.
 */
export function parsePlan(markdown: string): PlanSnapshot {
  const items = listItems(visibleLines(markdown));
  const boxes = items.filter((item) => item.box !== null);
  const chosen = boxes.length > 0 ? boxes : items.filter((item) => item.depth === 0 && item.text !== '');
  return { source: 'plan', tasks: chosen.slice(0, TASK_LIMIT).map(toTask) };
}

function toTask(item: Item): PlanTask {
  return { text: item.text, done: item.box === true, depth: item.depth, line: item.number };
}

function listItems(lines: readonly Line[]): Item[] {
  const items: Item[] = [];
  // Indents of the items that the next one can lie under.
  let parents: number[] = [];
  for (const { indent, text, number } of lines) {
    if (/^#{1,6}(\s|$)/.test(text)) parents = [];
    const [, , gap = '', rest = ''] = ITEM.exec(text) ?? [];
    const isItem = ITEM.test(text) && !RULE.test(text);
    if (!isItem) continue;
    const box = BOX.exec(rest);
    // `-[ ]` is what people type; `-word` is no item.
    if (gap === '' && box === null && rest !== '') continue;
    // One column more is still a sibling, two are a child.
    parents = parents.filter((parent) => parent < indent - 1);
    items.push({
      indent,
      text: (box?.[2] ?? rest).trim(),
      box: box === null ? null : box[1] !== ' ',
      depth: parents.length,
      number,
    });
    parents.push(indent);
  }
  return items;
}

/** The lines outside of code fences and HTML comments (CommonMark 4.5, and 4.6 type 2). */
function visibleLines(markdown: string): Line[] {
  const lines = toLines(markdown);
  const blocks = new HiddenBlocks(lines);
  const visible: Line[] = [];
  // Where the content of the list item begins that a line stands in.
  let contentIndent = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.text === '') continue;
    const [, marker = '', gap = '', rest = ''] = RULE.test(line.text) ? [] : (ITEM.exec(line.text) ?? []);
    const isItem = gap !== '';
    contentIndent = isItem ? line.indent + marker.length + 1 : Math.min(contentIndent, line.indent);
    const end = blocks.endOf(at, isItem ? rest : line.text, contentIndent);
    if (end === null) visible.push(line);
    else at = end;
  }
  return visible;
}

/** Finds where a fence or comment ends. Remembers what has no end, so that a hostile plan costs no more than a long one. */
class HiddenBlocks {
  readonly #lines: readonly Line[];
  readonly #lastCommentEnd: number;
  /** Of each fence character: fences of this length and more have no end any more. */
  readonly #endless = new Map<string, number>();

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
    this.#lastCommentEnd = lines.findLastIndex((line) => line.text.includes(COMMENT_END));
  }

  /**
   * The index of the last line of the block that `content`, in line `at`, opens; null if it opens none,
   * or one without an end.
   */
  endOf(at: number, content: string, contentIndent: number): number | null {
    if (content.startsWith(COMMENT)) {
      if (content.includes(COMMENT_END)) return at;
      return at < this.#lastCommentEnd ? this.#find(at, contentIndent, (text) => text.includes(COMMENT_END)) : null;
    }
    const fence = FENCE.exec(content)?.[1];
    if (fence === undefined) return null;
    const character = fence.charAt(0);
    if (fence.length >= (this.#endless.get(character) ?? Number.POSITIVE_INFINITY)) return null;
    const closes = (text: string) => text.length >= fence.length && text === character.repeat(text.length);
    const end = this.#find(at, contentIndent, closes);
    if (end === null) this.#endless.set(character, fence.length);
    return end;
  }

  /** A line further left than the item's content ends the item, and what is open in it. */
  #find(at: number, contentIndent: number, ends: (text: string) => boolean): number | null {
    for (let next = at + 1; next < this.#lines.length; next++) {
      const line = this.#lines[next];
      if (line === undefined || line.text === '') continue;
      if (line.indent < contentIndent) return next - 1;
      if (ends(line.text)) return next;
    }
    return null;
  }
}

function toLines(markdown: string): Line[] {
  return markdown
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((raw, at) => {
      const text = raw.trimStart();
      return { indent: columns(raw.slice(0, raw.length - text.length)), text: text.trimEnd(), number: at + 1 };
    });
}

function columns(blanks: string): number {
  let column = 0;
  for (const character of blanks) column += character === '\t' ? 4 - (column % 4) : 1;
  return column;
}
