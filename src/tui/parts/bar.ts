// A bar that shows how much of something is done.

/** `████▒▒▒▒` of `cells` cells; never full before all is done, never empty after the first part. */
export function bar(done: number, all: number, cells: number): string {
  if (cells <= 0) return '';
  const share = all <= 0 ? 0 : Math.min(1, Math.max(0, done / all));
  const rounded = Math.round(share * cells);
  const filled = share >= 1 ? cells : Math.min(cells - 1, Math.max(share > 0 ? 1 : 0, rounded));
  return '█'.repeat(filled) + '▒'.repeat(cells - filled);
}
