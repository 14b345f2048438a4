import { describe, expect, test } from 'vitest';
import { holdAttempt } from '../../../src/tui/ui/hold-attempt.ts';
import { FIRST_UI, type UiState } from '../../../src/tui/ui/ui-state.ts';
import { only, showAttempt } from '../../../src/tui/ui/updated.ts';
import { Story } from '../../core/story.ts';
import { logRows, modelOf, shownLog } from '../model.ts';

const RUNNING = new Story().starts().state;
const FIRST = { iteration: 1, attempt: 1 };
const MODEL = modelOf(RUNNING, { shown: { ...shownLog(RUNNING, logRows(30)), ref: FIRST } });
/** The next iteration runs while the first one is on the screen. */
const LATER_STATE = new Story().attempt('completed').starts().state;
const LATER = modelOf(LATER_STATE, { shown: { ...shownLog(LATER_STATE, logRows(30)), ref: FIRST, isRunning: false } });

const withLog = (change: Partial<UiState['log']>, from: UiState = FIRST_UI): UiState => ({
  ...from,
  log: { ...from.log, ...change },
});
const HELD: readonly (readonly [string, UiState])[] = [
  ['scrolling up', withLog({ anchor: 7 })],
  ['a search', withLog({ search: 'star' })],
  ['a filter', withLog({ filter: 'star' })],
];

describe.each(HELD)('%s', (_, held) => {
  test('holds the attempt that is read', () => {
    const { ui, effects } = holdAttempt(FIRST_UI, only(held), MODEL);
    expect(ui).toEqual({ ...held, opened: FIRST });
    expect(effects).toEqual([{ type: 'show', attempt: FIRST }]);
  });

  test('lets go of the newest attempt when it is over', () => {
    const back = holdAttempt({ ...held, opened: FIRST }, only({ ...FIRST_UI, opened: FIRST }), MODEL);
    expect(back.ui.opened).toBeNull();
    expect(back.effects).toEqual([{ type: 'show', attempt: null }]);
  });

  test('keeps an older attempt when it is over', () => {
    const ended = only({ ...FIRST_UI, opened: FIRST });
    expect(holdAttempt({ ...held, opened: FIRST }, ended, LATER)).toBe(ended);
  });

  test('that was there before does not hold what f has gone to', () => {
    const followed = showAttempt(withLog({ anchor: 'end' }, held), null);
    expect(holdAttempt({ ...held, opened: FIRST }, followed, LATER)).toBe(followed);
    const next = only({ ...followed.ui, isZoomed: true });
    expect(holdAttempt(followed.ui, next, LATER)).toBe(next);
  });
});

test('an attempt that was opened stays when nothing held it', () => {
  const opened = only({ ...FIRST_UI, opened: FIRST });
  expect(holdAttempt(opened.ui, opened, MODEL)).toBe(opened);
});
