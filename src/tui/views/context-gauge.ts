// How full the model's window is. The range in which work goes best, and what lies above it, are the loop guide's.
import type { Tone } from '../parts/line.ts';

/** Percent of the window: below is room to spare, above the model gets forgetful. */
export const SMART_ZONE = { from: 40, to: 60 } as const;

/** Whole percent; null where the window is not known. */
export function contextShare(tokens: number, windowTokens: number | null): number | null {
  return windowTokens === null || windowTokens <= 0 ? null : Math.round((tokens / windowTokens) * 100);
}

export function contextTone(share: number | null): Tone {
  return share !== null && share > SMART_ZONE.to ? 'bad' : 'plain';
}
