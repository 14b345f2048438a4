// When each byte of an attempt's output arrived, known to a second: the samples say how much there was at which time.
// Older versions of the agent put no time on their lines.
import type { VitalsSample } from './vitals-file.ts';

export interface ArrivalSlice {
  /** The slice ends before this byte. */
  readonly end: number;
  /** ISO 8601; null when nobody knows. */
  readonly at: string | null;
}

/**
 * Cuts the bytes from `from` to `size` where the arrival time changes.
 * @param lastAt when the last byte came, for what no sample has seen yet; null when nobody knows
 */
export function arrivalSlices(
  samples: readonly VitalsSample[],
  from: number,
  size: number,
  lastAt: string | null,
): ArrivalSlice[] {
  const slices: ArrivalSlice[] = [];
  let covered = from;
  for (const { outputBytes, at } of samples) {
    const end = Math.min(outputBytes, size);
    if (end <= covered) continue;
    slices.push({ end, at });
    covered = end;
  }
  if (covered < size) slices.push({ end: size, at: lastAt });
  return slices;
}

/** When the byte at that offset was first seen; null when no sample has seen it. */
export function arrivedAt(samples: readonly VitalsSample[], offset: number): string | null {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.outputBytes ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return samples[low]?.at ?? null;
}
