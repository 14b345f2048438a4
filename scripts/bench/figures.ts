// Many values in three.

export interface Figures {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without any value: a bench that measured nothing has no figures */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  return { count: sorted.length, median: medianOf(sorted), min, max };
}

/** The middle one, or the mean of the two in the middle. */
function medianOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
