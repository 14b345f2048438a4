// Puts facts side by side on a line, and on further lines where they do not fit.
import { displayWidth, truncateToWidth } from '../text/width.ts';

const SEPARATOR = ' · ';

/**
 * Lines of at most `columns` cells; the first begins with `label`, the others are indented as far. A part that is
 * longer than a line is broken at spaces, a word that is longer is cut.
 */
export function joinParts(label: string, parts: readonly string[], columns: number): string[] {
  const indentation = ' '.repeat(displayWidth(label));
  const lines: string[] = [];
  let line = label;
  let hasPart = false;
  const fits = (text: string) => displayWidth(text) <= columns;
  const nextLine = () => {
    lines.push(line);
    line = indentation;
  };
  for (const part of parts) {
    const separator = hasPart ? SEPARATOR : '';
    if (fits(line + separator + part)) line += separator + part;
    else {
      if (hasPart) nextLine();
      for (const [index, word] of part.split(' ').entries()) {
        const space = index === 0 || line === indentation ? '' : ' ';
        if (index > 0 && !fits(line + space + word)) {
          nextLine();
          line += word;
        } else line += space + word;
      }
    }
    hasPart = true;
  }
  return [...lines, line].map((finished) => truncateToWidth(finished.trimEnd(), columns));
}
