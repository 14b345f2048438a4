// Whole screens of a working day, byte for byte as a terminal shows them, at every size that has a layout of its own.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../journal/temporary-folder.ts';
import { openViewer } from './harness.ts';
import { layOutWorkingDay } from './working-day.ts';

const SIZES = [
  [160, 45],
  [120, 40],
  [80, 24],
  [60, 20],
  [50, 16],
] as const;

for (const [columns, rows] of SIZES) {
  test(`the dashboard at ${columns}×${rows}`, async () => {
    const day = await layOutWorkingDay(await temporaryFolder());
    const viewer = await openViewer({ ...day, columns, rows });
    // The last of the log and, where they are on the screen, the plan and what is uncommitted.
    const parts = columns < 60 ? [] : ['3.2 Rotate refresh'];
    const screen = await viewer.shows('running 2m', ...parts, ...(rows >= 40 ? ['3 files uncommitted', '5.2G'] : []));
    await expect(`${screen}\n`).toMatchFileSnapshot(`golden/dashboard-${columns}x${rows}.txt`);
    for (const row of screen.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
  });
}

test('the dashboard without Unicode', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, environment: { LANG: 'C' } });
  const screen = await viewer.shows('running 2m', '3 files uncommitted', '5.2G', '3.2 Rotate refresh');
  expect(screen).toMatch(/^[\x20-\x7e\n]*$/);
  await expect(`${screen}\n`).toMatchFileSnapshot('golden/dashboard-ascii.txt');
});

test('too small a terminal is told so', async () => {
  const day = await layOutWorkingDay(await temporaryFolder());
  const viewer = await openViewer({ ...day, columns: 39, rows: 12 });
  expect(await viewer.shows('39×12')).toContain('needs 40×10');
});
