// How far a key moves in lines, for whatever has `rows` of them on the screen.
import type { ActionId } from '../keymap/bindings.ts';

/** Negative is up, infinite to the very end; null for a key that moves nothing. */
export function lineStep(id: ActionId, rows: number): number | null {
  switch (id) {
    case 'down':
      return 1;
    case 'up':
      return -1;
    case 'page_down':
      return Math.max(1, rows - 1);
    case 'page_up':
      return -Math.max(1, rows - 1);
    case 'top':
      return Number.NEGATIVE_INFINITY;
    case 'bottom':
      return Number.POSITIVE_INFINITY;
    default:
      return null;
  }
}
