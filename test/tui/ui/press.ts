// Presses keys on a screen that is not there: pages of a hundred lines, panels of ten.
import type { Model } from '../../../src/tui/store/model.ts';
import type { UiEffect } from '../../../src/tui/ui/effects.ts';
import { pressKey } from '../../../src/tui/ui/press-key.ts';
import { FIRST_UI, type UiState } from '../../../src/tui/ui/ui-state.ts';
import type { UpdateContext } from '../../../src/tui/ui/updated.ts';

export const PAGE_LINES = Array.from({ length: 100 }, (_, index) =>
  index % 40 === 10 ? `diff --git a/${index} b/${index}` : `line ${index}`,
);

/** One after the other; the effects of all of them. */
export function press(
  model: Model,
  keys: readonly string[],
  from: UiState = FIRST_UI,
  change: Partial<UpdateContext> = {},
) {
  const effects: UiEffect[] = [];
  let ui = from;
  for (const key of keys) {
    const next = pressKey(ui, key, {
      model,
      sizes: { focusRows: 10, logRows: 10 },
      pageSize: () => ({ lines: PAGE_LINES, rows: 20 }),
      visibleText: (place) => (typeof place === 'string' ? `text of ${place}` : 'text of the page'),
      isTooSmall: false,
      ...change,
    });
    ui = next.ui;
    effects.push(...next.effects);
  }
  return { ui, effects };
}
