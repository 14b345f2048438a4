import { expect, test } from 'vitest';
import { layoutOf } from '../../../src/tui/views/layout.ts';

const place = (columns: number, rows: number, change: object = {}) =>
  layoutOf({ columns, rows, zoomed: null, topLines: 20, hasAttention: true, ...change });

test.each([
  [160, 45, 'wide', ['plan', 'iterations', 'commits', 'vitals', 'log']],
  [120, 40, 'wide', ['plan', 'iterations', 'commits', 'vitals', 'log']],
  [120, 24, 'wide', ['plan', 'iterations', 'log']],
  [80, 24, 'medium', ['plan', 'iterations', 'log']],
  [80, 60, 'medium', ['plan', 'iterations', 'commits', 'vitals', 'log']],
  [60, 20, 'medium', ['plan', 'iterations', 'log']],
  [59, 20, 'narrow', ['log']],
  [40, 10, 'narrow', ['log']],
  [39, 10, 'too_small', []],
  [40, 9, 'too_small', []],
] as const)('%i×%i is %s', (columns, rows, kind, panels) => {
  const layout = place(columns, rows);
  expect(layout.kind).toBe(kind);
  expect(Object.keys(layout.panels)).toEqual(panels);
});

test('every size from 40×10 on is filled without holes or overlaps', () => {
  for (let columns = 40; columns <= 200; columns += 7) {
    for (let rows = 10; rows <= 70; rows += 3) {
      for (const zoomed of [null, 'vitals'] as const) {
        const { headerRows, panels } = place(columns, rows, { zoomed });
        const rects = Object.values(panels);
        const cells = rects.reduce((sum, { width, height }) => sum + width * height, 0);
        expect(cells, `${columns}×${rows}`).toBe(columns * (rows - headerRows - 2));
        for (const { height } of rects) expect(height, `${columns}×${rows}`).toBeGreaterThanOrEqual(4);
      }
    }
  }
});

test('the log gets what plan and iterations do not need', () => {
  expect(place(120, 40, { topLines: 5 }).panels.plan?.height).toBe(6);
  expect(place(120, 40, { topLines: 5 }).panels.log?.height).toBeGreaterThan(place(120, 40).panels.log?.height ?? 0);
});
