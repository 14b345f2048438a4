import { expect, test } from 'vitest';
import { lineText } from '../../../src/tui/parts/line.ts';
import type { Model } from '../../../src/tui/store/model.ts';
import { FIRST_UI } from '../../../src/tui/ui/ui-state.ts';
import { vitalsPanel } from '../../../src/tui/views/vitals-panel.ts';
import { Story } from '../../core/story.ts';
import { sample } from '../../viewer/run-folder.ts';
import { modelOf, shownLog } from '../model.ts';

const FIRST = { iteration: 1, attempt: 1 };
/** Iteration 1 has ended, iteration 2 runs. */
const LATER = new Story().attempt('oom', { contextPeakTokens: 18_000, contextWindowTokens: 200_000 }).starts().state;

function model(change: Partial<NonNullable<Model['shown']>>): Model {
  const shown = { ...shownLog(LATER, []), memoryLimitBytes: 2 ** 30, ...change };
  const running = modelOf(LATER, { shown });
  return { ...running, report: { ...running.report, context: { tokens: 20_000, windowTokens: 1_000_000 } } };
}

function figures(of: Model): string[] {
  const input = { model: of, ui: FIRST_UI, width: 60, height: 6, isFocused: false, isZoomed: false, timeZone: 'UTC' };
  return vitalsPanel(input)
    .lines.map((drawn) => lineText(drawn).trim())
    .slice(-2);
}

test('speak of the attempt that is shown, not of the one that runs', () => {
  expect(figures(model({ ref: FIRST, isRunning: false }))).toEqual([
    'iter 1: oom  memory limit 1G',
    'ctx peak 9% of 200k [smart 40–60]',
  ]);
});

test('of the running attempt what it takes now', () => {
  const samples = [sample('2026-11-21T10:09:59.000Z', 0)];
  expect(figures(model({ samples }))).toEqual(['cpu 50%  3 processes  limit 1G', 'ctx 2% of 1M [smart 40–60]']);
  expect(figures(model({}))[0]).toBe('memory limit 1G');
});

test('without any attempt nothing runs', () => {
  expect(figures(modelOf(new Story().state))).toEqual(['nothing runs', 'ctx –']);
});
