// Breaks a line that is too long behind words; what goes on stands below the text.
import { displayWidth } from '../../text/width.ts';
import { type Line, lineText, lineWidth, sliceLine, span } from './line.ts';

/** Lines of at most `width` cells: the first begins with `head`, the others are indented as far. */
export function wrapLine(head: Line, text: Line, width: number): Line[] {
  const indent = lineWidth(head);
  const all = lineWidth(text);
  if (indent + all <= width) return [[...head, ...text]];
  const room = Math.max(10, width - indent);
  const lines: Line[] = [];
  for (let at = 0; at < all; ) {
    const cells = cellsOfLine(sliceLine(text, at, at + room), at + room < all);
    lines.push([...(at === 0 ? head : [span(' '.repeat(indent))]), ...sliceLine(text, at, at + cells)]);
    at += cells;
  }
  return lines;
}

/** Where the line ends: behind the last word, unless that is far from the edge. */
function cellsOfLine(slice: Line, goesOn: boolean): number {
  const cells = lineWidth(slice);
  if (!goesOn) return Math.max(1, cells);
  const text = lineText(slice);
  const behindWord = text.lastIndexOf(' ') + 1;
  const wordCells = displayWidth(text.slice(0, behindWord));
  return wordCells > cells * 0.6 ? wordCells : Math.max(1, cells);
}
