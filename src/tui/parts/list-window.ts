// Which rows of a list are on the screen.

export interface ListWindow {
  /** Index of the first row shown. */
  readonly first: number;
  readonly count: number;
}

/**
 * The window of `height` rows that holds `wanted`, a little away from the edges.
 * @param wanted index of the row to show; -1 for none, which shows the beginning
 */
export function listWindow(length: number, height: number, wanted: number): ListWindow {
  const count = Math.max(0, Math.min(length, height));
  if (wanted < 0 || length <= height) return { first: 0, count };
  const above = Math.floor(height / 3);
  return { first: Math.max(0, Math.min(length - height, wanted - above)), count };
}
