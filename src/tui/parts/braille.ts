// A filled graph in Braille signs: two values a cell side by side, four steps a cell in height.

/** Dots of a Braille cell, from the bottom up (Unicode block U+2800: dots 7 3 2 1 left, 8 6 5 4 right). */
const LEFT_DOTS = [0x40, 0x04, 0x02, 0x01] as const;
const RIGHT_DOTS = [0x80, 0x20, 0x10, 0x08] as const;
const BLANK = 0x2800;

/**
 * `rows` lines of `columns` cells, the highest first.
 * @param heights 0 to 1 each, `columns * 2` of them, null where nothing is known
 */
export function brailleGraph(heights: readonly (number | null)[], columns: number, rows: number): string[] {
  const steps = heights.map((height) => stepsOf(height, rows * 4));
  return Array.from({ length: rows }, (_, row) => {
    const floor = (rows - 1 - row) * 4;
    let text = '';
    for (let column = 0; column < columns; column += 1) {
      const left = dots((steps[column * 2] ?? 0) - floor, LEFT_DOTS);
      const right = dots((steps[column * 2 + 1] ?? 0) - floor, RIGHT_DOTS);
      text += String.fromCharCode(BLANK + left + right);
    }
    return text;
  });
}

/** Whatever is more than nothing is seen. */
function stepsOf(height: number | null, all: number): number {
  if (height === null || height <= 0) return 0;
  return Math.max(1, Math.min(all, Math.round(height * all)));
}

function dots(count: number, order: readonly number[]): number {
  return order.slice(0, Math.max(0, count)).reduce((sum, dot) => sum + dot, 0);
}

/**
 * The highest value of each of `count` equal slices of time, `leastSliceMs` long or longer; null behind the last one.
 */
export function peaksOverTime(
  points: readonly { readonly atMs: number; readonly value: number }[],
  count: number,
  leastSliceMs: number,
): (number | null)[] {
  const peaks = Array<number | null>(count).fill(null);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || count === 0) return peaks;
  const sliceMs = Math.max(leastSliceMs, (last.atMs - first.atMs + 1) / count);
  for (const { atMs, value } of points) {
    const slice = Math.min(count - 1, Math.max(0, Math.floor((atMs - first.atMs) / sliceMs)));
    peaks[slice] = Math.max(peaks[slice] ?? 0, value);
  }
  return fillGaps(peaks);
}

/** A missing sample between two others is no fall to zero. */
function fillGaps(peaks: readonly (number | null)[]): (number | null)[] {
  const lastKnown = peaks.findLastIndex((peak) => peak !== null);
  let before: number | null = null;
  return peaks.map((peak, index) => {
    if (peak !== null) before = peak;
    return peak ?? (index < lastKnown ? before : null);
  });
}
