// Large counts in few characters (tokens): `410`, `9.2k`, `18k`, `1.2M`.

/** Below 1000 as it is; then one decimal below ten of the unit unless it is whole. Powers of 1000. */
export function formatCount(count: number): string {
  const units = ['', 'k', 'M', 'G'];
  let value = count;
  let unit = 0;
  // 999.6k would be shown as 1000k: rounding decides the unit, too.
  while (unit < units.length - 1 && Math.abs(value) >= 999.5) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 9.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
  return `${digits}${units[unit]}`;
}
