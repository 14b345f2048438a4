import { describe, expect, test } from 'vitest';
import { NO_HISTORY, remember } from '../../../src/tui/store/history.ts';
import { openDiff } from '../../../src/tui/ui/open-diff.ts';
import { FIRST_UI } from '../../../src/tui/ui/ui-state.ts';
import { openPage } from '../../../src/tui/ui/updated.ts';
import { Story } from '../../core/story.ts';
import { modelOf } from '../model.ts';
import { press } from './press.ts';

const STORY = new Story({ options: { maxIterations: 9 } }).attempt('completed').attempt('oom').starts();
const MODEL = modelOf(STORY.state, { history: STORY.events.reduce(remember, NO_HISTORY) });
const FIRST = { iteration: 1, attempt: 1 };
const SECOND = { iteration: 2, attempt: 1 };
const HELP = openPage(FIRST_UI, { kind: 'help' });
const DIFF = openPage(FIRST_UI, {
  kind: 'diff',
  request: { kind: 'commit', sha: 'abc' },
  title: 'commit abc',
  lines: [],
  readAt: null,
});
const RECEIPT = openPage(FIRST_UI, { kind: 'receipt', attempt: SECOND });

test.each([
  [['j', 'j', 'k'], 1],
  [['pagedown'], 19],
  [['pagedown', 'ctrl+u'], 0],
  [['G'], 80],
  [['G', 'j'], 80],
  [['G', 'g'], 0],
  [['k'], 0],
])('%j moves within the page, to line %i', (keys, offset) => {
  expect(press(MODEL, keys, HELP).ui.pages.at(-1)?.offset).toBe(offset);
});

test.each(['q', 'escape', 'h'])('%s closes the page on top only', (key) => {
  const both = openPage(RECEIPT, { kind: 'help' });
  expect(press(MODEL, [key], both).ui.pages).toEqual(RECEIPT.pages);
  expect(press(MODEL, [key, key], both).ui.pages).toEqual([]);
});

test('keys of the run do nothing on a page, and say so', () => {
  const { ui, effects } = press(MODEL, ['x'], HELP);
  expect(ui).toMatchObject({ dialog: null, message: { text: 'close this first: q' } });
  expect(effects).toEqual([]);
});

test('^C asks to quit, whatever lies on top', () => {
  expect(press(MODEL, ['ctrl+c'], DIFF).ui.dialog?.kind).toBe('quit');
});

describe('a search on a page', () => {
  test('goes down from the top, match by match, and back', () => {
    const found = press(MODEL, ['/', 'L', 'i', 'n', 'e', 'space', '3', 'enter'], HELP).ui;
    expect(found.pages[0]).toMatchObject({ search: 'Line 3', match: 3, offset: 0 });
    const next = press(MODEL, ['n'], found).ui;
    expect(next.pages[0]).toMatchObject({ match: 30, offset: 24 });
    expect(press(MODEL, ['N'], next).ui.pages[0]).toMatchObject({ match: 3 });
  });

  test('says when there is nothing, and when there is nothing more', () => {
    const nothing = press(MODEL, ['/', 'z', 'z', 'enter'], HELP).ui;
    expect(nothing.message?.text).toBe('no zz below');
    const last = press(MODEL, ['/', '9', '9', 'enter', 'n'], HELP).ui;
    expect(last.message?.text).toBe('no further 99 below');
    expect(press(MODEL, ['N'], last).ui.message?.text).toBe('no further 99 above');
    expect(press(MODEL, ['n'], HELP).ui.message?.text).toBe('nothing is searched yet: / searches');
  });
});

describe('a diff', () => {
  test('[ and ] go from file to file', () => {
    const second = press(MODEL, [']', ']'], DIFF).ui;
    expect(second.pages[0]?.offset).toBe(50);
    expect(press(MODEL, ['['], second).ui.pages[0]?.offset).toBe(10);
    expect(press(MODEL, ['['], DIFF).ui.message?.text).toBe('this is the first file');
  });

  test('can be had in the pager, wrapped, and copied', () => {
    expect(press(MODEL, ['v'], DIFF).effects).toEqual([
      { type: 'open_program', what: { kind: 'diff', request: { kind: 'commit', sha: 'abc' } } },
    ]);
    expect(press(MODEL, ['w'], DIFF).ui.log.wrap).toBe(true);
    expect(press(MODEL, ['y'], DIFF).effects).toMatchObject([{ type: 'copy', text: 'text of the page' }]);
  });

  test('of files is read again with d, and takes the place of what it was', () => {
    const request = { kind: 'attempt', attempt: SECOND } as const;
    const content = { kind: 'diff', request, title: 'so far', lines: ['+1'], readAt: 1 } as const;
    const first = press(MODEL, ['j', 'j'], openDiff(FIRST_UI, content)).ui;
    const again = press(MODEL, ['d'], first);
    expect(again.effects).toEqual([{ type: 'read_diff', request }]);
    const read = openDiff(again.ui, { ...content, lines: ['+2'], readAt: 2 });
    expect(read.pages).toMatchObject([{ content: { lines: ['+2'], readAt: 2 }, offset: 2 }]);
    expect(openDiff(read, { ...content, request: { kind: 'commit', sha: 'abc' } }).pages).toHaveLength(2);
    expect(press(MODEL, ['d'], DIFF)).toMatchObject({ effects: [], ui: { message: { text: 'close this first: q' } } });
  });
});

describe('a receipt', () => {
  test('opens from the iterations, and leads to log and diff', () => {
    const { ui } = press(MODEL, ['2', 'j', 'j', 'enter']);
    expect(ui.pages[0]?.content).toEqual({ kind: 'receipt', attempt: SECOND });
    expect(press(MODEL, ['d'], ui).effects).toEqual([
      { type: 'read_diff', request: { kind: 'attempt', attempt: SECOND } },
    ]);
    expect(press(MODEL, ['v'], ui).effects).toEqual([
      { type: 'open_program', what: { kind: 'raw_log', attempt: SECOND } },
    ]);
    const log = press(MODEL, ['enter'], ui);
    expect(log.effects).toEqual([{ type: 'show', attempt: SECOND }]);
    expect(log.ui).toMatchObject({ pages: [], opened: SECOND, focus: 'log' });
  });

  test('[ and ] go to its neighbours', () => {
    const { ui } = press(MODEL, ['['], RECEIPT);
    expect(ui.pages[0]?.content).toEqual({ kind: 'receipt', attempt: FIRST });
    expect(press(MODEL, ['['], ui).ui.message?.text).toBe('this is the first receipt');
    expect(press(MODEL, [']'], RECEIPT).ui.message?.text).toBe('this is the newest receipt');
  });
});

test('the running iteration has a log and no receipt yet', () => {
  expect(press(MODEL, ['2', 'j', 'enter']).effects).toEqual([{ type: 'show', attempt: null }]);
});

test('? opens the help and closes it', () => {
  expect(press(MODEL, ['?']).ui.pages[0]?.content).toEqual({ kind: 'help' });
  expect(press(MODEL, ['?', '?']).ui.pages).toEqual([]);
});
