// Prints a bench's results as a table: ours, the other program, and where ours goes.
import type { Bench } from './bench.ts';
import { figuresOf } from './figures.ts';
import type { Result } from './in-turns.ts';

/** Lines for a terminal. */
export function tableOf(bench: Pick<Bench, 'name' | 'about' | 'unit'>, ours: Result, other: Result): string[] {
  const base = figuresOf(other.values).median;
  const row = (name: string, values: readonly number[], compared: boolean) => {
    const { count, median, min, max } = figuresOf(values);
    const ratio = compared ? `${(median / base).toFixed(2)}×` : '';
    return [name, String(count), ...[median, min, max].map((value) => value.toFixed(1)), ratio];
  };
  const rows = [
    ['', 'n', 'median', 'min', 'max', 'ratio'],
    row(ours.name, ours.values, true),
    ...Object.entries(ours.steps).map(([step, values]) => row(`  ${step}`, values, false)),
    row(other.name, other.values, true),
  ];
  return [`${bench.name}: ${bench.about}, in ${bench.unit}`, ...aligned(rows)];
}

/** The first column to the left, the figures to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
      )
      .join('')
      .trimEnd(),
  );
}
