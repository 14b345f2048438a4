// Long texts to a few lines: the first ones, the last ones, and how many lie between.

export interface FoldLimits {
  readonly first: number;
  readonly last: number;
}

export interface FoldedText {
  readonly head: readonly string[];
  /** Lines between head and tail. */
  readonly omitted: number;
  readonly tail: readonly string[];
  /** All lines, those at the end that are blank left out. */
  readonly total: number;
}

/** A single line longer than this is cut: a megabyte without a line feed is one line, too. */
const LINE_LIMIT = 2_000;

/** Touches only the lines that stay, so that megabytes cost no more than finding their line feeds. */
export function fold(text: string, limits: FoldLimits): FoldedText {
  const body = text.trimEnd();
  if (body === '') return { head: [], omitted: 0, tail: [], total: 0 };
  const total = countLines(body);
  if (total <= limits.first + limits.last) {
    return { head: body.split('\n').map(cut), omitted: 0, tail: [], total };
  }
  const head = firstLines(body, limits.first);
  const tail = lastLines(body, limits.last);
  return { head, omitted: total - head.length - tail.length, tail, total };
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (let start = 0; lines.length < count; ) {
    const end = text.indexOf('\n', start);
    lines.push(cut(text.slice(start, end)));
    start = end + 1;
  }
  return lines;
}

function lastLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (let end = text.length; lines.length < count; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    lines.unshift(cut(text.slice(start, end)));
    end = start - 1;
  }
  return lines;
}

function cut(line: string): string {
  const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (bare.length <= LINE_LIMIT) return bare;
  return `${bare.slice(0, LINE_LIMIT)}… ${bare.length - LINE_LIMIT} more characters`.toWellFormed();
}
